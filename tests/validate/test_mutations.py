"""A release's own graph, changed: each change is refused, with the triple and the rule."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import Done, run_kg
from tests.diplomacy import PREFIXES

BASE = "http://localhost:8000/"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Mutation:
    """Triples that go and triples that come; of the refusal, `told`."""

    minus: Sequence[Sequence[str]] = ()
    plus: Sequence[Sequence[str]] = ()
    told: Sequence[str] = ()

    def of(self, lines: Iterable[str]) -> list[str]:
        """The lines of a graph, changed; what should go must be there."""
        kept = list(lines)
        for pattern in self.minus:
            terms = (r".+?" if each == "*" else re.escape(term(each)) for each in pattern)
            gone = re.compile(" ".join(terms) + r" \.\n")
            left = [line for line in kept if not gone.fullmatch(line)]
            assert len(left) < len(kept), f"nothing to remove: {pattern}"
            kept = left
        return kept + [" ".join(map(term, quad)) + " .\n" for quad in self.plus]


def term(short: str) -> str:
    """A term in N-Quads, of an IRI below the base, a CURIE or a literal."""
    if short.startswith('"'):
        head, caret, datatype = short.partition("^^")
        return f"{head}^^{term(datatype)}" if caret else short
    prefix, colon, name = short.partition(":")
    return f"<{PREFIXES[prefix]}{name}>" if colon else f"<{BASE}{short}>"


def spelled(told: str) -> str:
    """What a message says: IRIs whole."""
    short = re.compile(r"(?<![\w/])(?:(id|graph)/|(\w+):(?!/))")
    return short.sub(lambda m: f"{BASE}{m[1]}/" if m[1] else PREFIXES[m[2]], told)


def mutations(name: str) -> dict[str, Mutation]:
    table = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    return {case: Mutation(**each) for case, each in table.items()}


SEEDS = mutations("mutations")


def dump(release: Release) -> list[str]:
    with gzip.open(release.dumps / "chancery.nq.gz", "rt", encoding="utf-8") as lines:
        return list(lines)


def checked(lines: Iterable[str], directory: Path, folder: Path) -> Done:
    """`kg check --graph` of these lines."""
    (folder / "graph.nq").write_text("".join(lines), "utf-8")
    return run_kg("check", directory, "--graph", folder / "graph.nq")


@pytest.fixture(scope="module")
def graph_lines(release: Release) -> list[str]:
    return dump(release)


def test_a_release_is_sound(graph_lines: list[str], settings: Settings, tmp_path: Path) -> None:
    """Its own dump breaks no rule, in whichever order its lines come."""
    done = checked(reversed(graph_lines), settings.directory, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{len(graph_lines):,} triples: no rule is broken" in done.stdout


@pytest.mark.parametrize("case", SEEDS)
def test_a_mutation_is_refused(
    case: str, graph_lines: list[str], settings: Settings, tmp_path: Path
) -> None:
    """Exit code 1, and a line with the triple and the rule."""
    mutation = SEEDS[case]
    done = checked(mutation.of(graph_lines), settings.directory, tmp_path)
    assert done.returncode == 1, "accepted"
    expected = [spelled(each) for each in mutation.told]
    assert any(all(each in line for each in expected) for line in done.stderr.splitlines()), (
        f"{expected} in\n{done.stderr}"
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("graph.ttl", "", "found .ttl; allowed: .nq or .trig, or either with .gz"),
        ("graph.nq", "<a> <b", "allowed: a graph that can be parsed"),
        ("graph.nq.gz", "<a> <b", "allowed: a graph that can be parsed"),
        ("graph.trig", "", "The graph is empty"),
    ],
)
def test_a_file_that_is_no_graph(
    name: str, text: str, said: str, settings: Settings, tmp_path: Path
) -> None:
    """It says what it takes."""
    (tmp_path / name).write_text(text, "utf-8")
    done = run_kg("check", settings.directory, "--graph", tmp_path / name)
    assert done.returncode == 1
    assert said in done.stderr
