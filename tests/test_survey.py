"""What a build refuses whichever source it comes from: the survey sees every line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rdflib.namespace import RDF, XSD

from kg.build.lines.census import Census
from kg.build.lines.observe import observed
from kg.model.errors import ReleaseRefused

from .conftest import run_kg

GRAPH = "<http://a/graph/x>"
RESERVED = "<http://a/graph/"


def survey(lines: Sequence[str], at_once: int = 2) -> Census:
    """The survey of sorted lines, shown so many at a time."""
    found = Census((RESERVED,))
    blocks = ([f"{each}\n" for each in lines[at : at + at_once]] for at in range(0, 99, at_once))
    for _ in observed((block for block in blocks if block), found):
        pass
    return found


@pytest.mark.parametrize("at_once", [1, 2, 3, 99])
def test_counts(at_once: int) -> None:
    """The same is counted, however many lines are shown at once."""
    found = survey(
        [
            f"<http://a/1> <http://a/p> <http://a/2> {GRAPH} .",
            f'<http://a/1> <http://a/p> "x y"@de-AT {GRAPH} .',
            f"<http://a/1> <{RDF.type}> <http://a/C> <http://b> .",
            f'<http://a/1/> <http://a/q> "1"^^<{XSD.integer}> {GRAPH} .',
        ],
        at_once,
    )
    assert (found.triples, found.subjects) == (4, 2)
    assert found.graphs == {"http://a/graph/x": 3, "http://b": 1}
    assert found.classes == {"http://a/C": 1}
    assert found.properties["http://a/p"] == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"<http://a/1 2> <http://a/p> <http://a/2> {GRAPH} ."], r"<http://a/1 is no IRI"),
        ([f"<http://a/1> <http://a/p> <http://a/{{2}}> {GRAPH} ."], r"<http://a/\{2\}> is no IRI"),
        ([f"<http://a/1> <p> <http://a/2> {GRAPH} ."], r"<p> is no IRI"),
        ([f"<http://a/1> <http://a/p> _:b {GRAPH} ."], r"_:b is no IRI"),
        ([f'<http://a/1> <http://a/p> "x^^y"^^<date> {GRAPH} .'], r"<date> is no IRI"),
        ([f"<http://a/%zz> <http://a/p> <http://a/2> {GRAPH} ."], r"<http://a/%zz> is no IRI"),
        ([f"<http://a/1#b#c> <http://a/p> <http://a/2> {GRAPH} ."], r"<http://a/1#b#c> is no IRI"),
        ([f'<http://a/1> <http://a/p> "x"@german_ {GRAPH} .'], r"'german_' is no language tag"),
        ([f"<http://a/graph/y> <http://a/p> <http://a/2> {GRAPH} ."], r"is the release's own"),
        (
            [
                f'<http://a/1> <http://a/p> "a <b> c" {GRAPH} .',
                '<http://a/1> <http://a/p> "a <b> c" <http://b> .',
            ],
            r"two homes, http://b is the second: <http://a/1> <http://a/p> \"a <b> c\"",
        ),
    ],
)
def test_refuses(lines: list[str], said: str) -> None:
    """A malformed term, a second home and a stranger's word on the release: each is named."""
    with pytest.raises(ReleaseRefused, match=said):
        survey(lines)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_the_same_value_of_two_subjects_is_no_second_home(at_once: int) -> None:
    """Neighbours that share a value are two triples."""
    lines = [f"<http://a/{each}> <http://a/p> <http://a/2> {GRAPH} ." for each in (1, 2, 3)]
    assert survey(lines, at_once).triples == 3


def test_an_iri_of_any_script() -> None:
    """An IRI may have letters beyond ASCII (RFC 3987 §2.2)."""
    assert survey([f"<http://a/Сочи> <http://a/p> <http://a/2> {GRAPH} ."]).triples == 1


def test_a_sheet_cannot_describe_the_release(tmp_path: Path) -> None:
    """What the build says of the graph as a whole is not mixed with what sources say."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text("dataset/chancery: {label: Mine}\n")
    done = run_kg("build", tmp_path)
    assert done.returncode == 1
    assert "id/dataset/chancery> is the release's own" in done.stderr
    assert not (tmp_path / "build" / "current").exists()
