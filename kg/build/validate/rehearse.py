"""What the build would refuse in the sheets, or in a graph at hand: found by building it alone, in
a folder to throw away, by the build's own stages. So check and build cannot differ.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from kg.build.lines.census import Census
from kg.build.lines.observe import observed
from kg.build.lines.sort import RUN_LINES, SortedRuns
from kg.build.validate import Profile, Reasons, refuse_losses, validate
from kg.ontology import Ontology
from kg.store.embedded.load import canonical, load_quads
from kg.store.release import Release


def rehearse(
    harvest: Callable[[SortedRuns], object],
    ontology: Ontology,
    reserved: tuple[str, ...],
    before: Release | None,
) -> int:
    """Hold the graph whose lines `harvest` writes to all that a release must satisfy.

    Gives the number of its triples. `reserved` are beginnings of subjects that nothing but the
    release itself may describe; `before` is the release of which it may not have lost half, where
    all of the graph is there.

    Raises:
        Violated: the graph breaks a shape, or the rules of a release.
        ReleaseRefused: a term is malformed, or too much went missing.
    """
    with tempfile.TemporaryDirectory(prefix="kg-check-") as name:
        runs, store = SortedRuns(Path(name)), Path(name) / "store"
        census, profile = Census(reserved), Profile()
        harvest(runs)
        load_quads(runs.files(), store)
        with Reasons(Path(name), ontology) as reasons:
            for _ in observed(runs.merged(), census, profile, reasons):
                pass
            found = tuple(reasons.violations())
        if before:
            refuse_losses(census.triples, before)
        validate(store, ontology, profile, found, reference=False)
        return census.triples


def examine(path: Path, ontology: Ontology) -> int:
    """Hold the graph in a file to all that a release must satisfy; the number of its triples.

    Raises:
        Violated: the graph breaks a shape, or the rules of a release.
        ReleaseRefused: a term is malformed, or there is none.
        Unreadable: it is no graph.
    """

    def harvest(runs: SortedRuns) -> None:
        lines = canonical(path)
        while block := list(islice(lines, RUN_LINES)):
            runs.add(block)

    triples = rehearse(harvest, ontology, (), None)
    refuse_losses(triples, None)
    return triples
