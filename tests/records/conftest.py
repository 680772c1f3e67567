"""Records: three small sources of our own, and the public ones where they are at hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.build.gather.sources import make_source
from kg.model.facts import Fact
from kg.model.settings import Settings
from kg.model.sources import Issue, Known, Position, Review, Surveyed
from kg.store import rows
from kg.store.release import Release
from tests.conftest import graph_of
from tests.diplomacy import ONTOLOGY

SMALL = Path(__file__).parent / "small"
NAMES = ("travels", "visits", "pocom")


@dataclass(frozen=True)
class Read:
    """What one source gave."""

    facts: list[Fact]
    issues: list[Issue]

    def fact(self, ref: str) -> Fact:
        return next(fact for fact in self.facts if getattr(fact, "ref", None) == ref)


def read_all(name: str, known: Known) -> Read:
    options = {"path": str(known.paths[name])}
    source = make_source(name, options, known, ONTOLOGY, Path())
    if isinstance(source, Surveyed):
        survey = source.survey.take()
        found = [each for part in source.partitions() for each in source.read(part, survey)]
    else:
        found = [each for part in source.partitions() for each in source.read(part)]
    return Read(
        [each for each in found if not isinstance(each, (Issue, Position, Review))],
        [each for each in found if isinstance(each, Issue)],
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with three small sources, which a test may spoil."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def known(small: Path) -> Known:
    paths = {name: small / name for name in NAMES}
    return Known(paths=paths, corrections=small / "corrections.yaml")


@pytest.fixture
def small_project(small: Path, tmp_path: Path) -> Path:
    """A project over the small sources, with a sheet that knows one of their people."""
    seeds = tmp_path / "seeds"
    (seeds / "records").mkdir(parents=True)
    (seeds / "entities.yaml").write_text("person/andrei-gromyko: {label: Andrei Gromyko}\n")
    shutil.copy(small / "corrections.yaml", seeds / "records")
    paths = "\n".join(f'{name} = "small/{name}"' for name in NAMES)
    (tmp_path / "kg.toml").write_text(f"[sources]\n{paths}\n")
    return tmp_path


Ask = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(scope="session")
def asking() -> Callable[[Release, Settings], Ask]:
    """Makes a function that gives the rows of a SELECT over the union of a release's graphs."""

    def start(release: Release, settings: Settings) -> Ask:
        graph = graph_of(release, settings)
        return lambda query: [
            tuple(getattr(term, "value", term) for term in row.values())
            for row in rows(graph, query)
        ]

    return start


@pytest.fixture(scope="session")
def ask(
    full_release: Release,
    full_settings: Settings,
    asking: Callable[[Release, Settings], Ask],
) -> Ask:
    return asking(full_release, full_settings)
