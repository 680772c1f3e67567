"""One run from sources to a release. This module alone sees all stages."""

from __future__ import annotations

import fcntl
import gc
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from kg.build.assemble import assemble
from kg.build.gather import Harvest, Harvester
from kg.build.manifest import Manifest, write_issues
from kg.build.processes import prepare
from kg.build.progress import Progress, Silent
from kg.build.sort import SortedRuns
from kg.build.sources import REGISTRY, make_source
from kg.build.workers import Results, Task, apart, gather_all, tasks_of
from kg.judgement.judge import World, judge, map_judgement
from kg.mappers import Mapper, event_types, status_property
from kg.model.errors import ChanceryError, DataError
from kg.model.iris import Minter
from kg.model.rdf import line
from kg.model.settings import SettingError, Settings
from kg.model.sources import Learner, Source
from kg.ontology import Ontology
from kg.ontology.project import project_ontology
from kg.sheets.checks import Sheets
from kg.sheets.read import load_sheets
from kg.sheets.texts import Proof, prove, read_texts
from kg.store.release import NoRelease, Release, prune, publish


class BuildRunning(ChanceryError):
    """Two builds of one project cannot run at once."""


class NotWritten(ChanceryError):
    """The disk is full, or a file may not be read or written; the last good release stays."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Sheets without a fault, and which of their claims the texts prove."""

    sheets: Sheets
    proof: Proof


def check(settings: Settings, ontology: Ontology, texts: Path | None = None) -> Checked:
    """Read all sheets; prove spans and quotes against open texts and those of the project.

    Those below `texts` are all that there are: that one is missing is a fault then.

    Raises:
        DataError: with every fault of every sheet.
    """
    sheets = load_sheets(settings.directory / "seeds", ontology)
    folder = texts or settings.texts_path
    at_hand = read_texts(folder) if folder else {}
    proof = prove(sheets.documents, at_hand, all_at_hand=texts is not None)
    if proof.problems:
        raise DataError(proof.problems)
    return Checked(sheets, proof)


def build(settings: Settings, progress: Progress | None = None) -> Release:
    """Build a release of the project and switch to it.

    Raises:
        DataError: a sheet is at fault.
        ReleaseRefused: the graph fails SHACL or a count assertion; the last good release stays.
        NotWritten: the disk is full, or may not be written to.
    """
    progress = progress or Silent()
    progress.stage("Reading the sheets")
    prepare()
    ontology = project_ontology(settings)
    sheets = check(settings, ontology).sheets
    with _plainly(), _workshop(settings.directory) as folder, _without_collector():
        finished = folder / "release"
        finished.mkdir()
        runs = SortedRuns(folder)
        harvest = _harvest(settings, ontology, sheets, runs, progress)
        runs.add(map(line, ontology.quads(Minter(settings.base).ontology)))
        before = _previous(settings.directory)
        made = assemble(settings, ontology, runs, finished, before=before, progress=progress)
        write_issues(harvest.issues, finished / "issues.jsonl")
        manifest = Manifest(made.id, settings, made.survey, harvest, sheets.inputs, made.dumps)
        manifest.write(finished / "manifest.json", built=datetime.now(UTC))
        release = publish(finished, settings.directory, made.id)
        prune(settings.directory, settings.keep)
        return release


def _harvest(
    settings: Settings,
    ontology: Ontology,
    sheets: Sheets,
    runs: SortedRuns,
    progress: Progress,
) -> Harvest:
    """Everything that the sources say, with the judge's verdicts. Lines go to `runs`."""
    mapper = Mapper.of(ontology, Minter(settings.base))
    harvester = harvester_of(mapper, sheets, ontology)
    sources = list(_sources(settings, sheets))
    tasks, learners = tasks_of(sources), [each for each in sources if isinstance(each, Learner)]
    harvests: dict[int, Harvest] = {}
    if tasks:
        progress.stage("Reading the records")
    # What sources learn from all rows at once takes far more memory than they keep of it.
    learning = apart(lambda: zip(*(each.learn() for each in learners), strict=True))
    with learning if learners else nullcontext() as lessons:
        total = harvester.gather(sheets.facts(without={source.name for source in sources}))
        runs.add(total.lines)
        for task in _early(tasks, learners, lessons):
            harvests[task.number] = harvester.gather(task.source.read(task.partition))
            runs.add(harvests[task.number].lines)
            harvests[task.number].lines.clear()
    if late := [each for each in tasks if each.number not in harvests]:
        harvests |= progress.track(gather_all(harvester, late, runs), len(late), "files")
    for number in sorted(harvests):
        total.absorb(harvests[number])
    judgement = judge(total.claims, world(sheets, total, ontology))
    runs.add(map(line, map_judgement(judgement, mapper.terms, mapper.status)))
    return total


def _early(
    tasks: Sequence[Task], learners: Sequence[Learner], lessons: Results[tuple[Any, ...]] | None
) -> Iterator[Task]:
    """What can be mapped while the learners learn: after each step, until the next has come."""
    if lessons is None:
        return
    given: set[int] = set()
    for lesson in chain([()], lessons):
        for learner, learnt in zip(learners, lesson, strict=False):
            learner.take(learnt)
        early = {path for each in learners for path in each.early()}
        for task in tasks:
            if lessons.waiting():
                break
            if task.partition in early and task.number not in given:
                given.add(task.number)
                yield task


def _sources(settings: Settings, sheets: Sheets) -> Iterator[Source]:
    corrections = settings.directory / "seeds" / "records" / "corrections.yaml"
    paths = {name: settings.source_path(name) for name in sorted(settings.sources)}
    for name, path in paths.items():
        if name not in REGISTRY:
            raise SettingError(f"sources: unknown {name!r}; allowed: {', '.join(REGISTRY)}")
        if not path.exists():
            raise SettingError(
                f"sources: {name} = {path} does not exist; the README says how to get the data"
            )
    known = replace(
        sheets.known, paths=paths, corrections=corrections if corrections.exists() else None
    )
    for name, path in paths.items():
        yield make_source(name, path, known)


def harvester_of(mapper: Mapper, sheets: Sheets, ontology: Ontology) -> Harvester:
    """A harvester that knows what the sheets claim and describe."""
    return Harvester(
        mapper=mapper,
        slots=sheets.slots,
        functional=ontology.functional,
        containment=frozenset(each.name for each in ontology.playing("Surroundings")),
        described=frozenset(each.entity.ref for each in sheets.entities),
    )


def world(sheets: Sheets, harvest: Harvest, ontology: Ontology) -> World:
    """What the judge must know besides the claims."""
    described = {each.entity.ref for each in sheets.entities}
    status = status_property(ontology)
    types = event_types(ontology) if status else ()
    return World(
        within=harvest.within,
        derived={each.document.ref: each.document.derived_from for each in sheets.documents},
        functional=ontology.functional,
        events={ref: ref in harvest.recorded for ref in described if ref.type in types},
        status=status.name if status else "",
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Facts, survey and lines hold no cycles; to look for some takes a tenth of the time.

    A process that is forked inside has no collector either.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _plainly() -> Iterator[None]:
    """What the system refuses, in a line instead of a traceback."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise NotWritten(f"{error}; nothing was released") from error


@contextmanager
def _workshop(project: Path) -> Iterator[Path]:
    """A directory to build in, alone. What a killed build left there is swept away first."""
    releases = project / "build" / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with (project / "build" / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildRunning(f"another build of {project} is running; wait for it") from None
        for leftover in releases.glob(".building-*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=".building-", dir=releases))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _previous(project: Path) -> Release | None:
    try:
        return Release.current(project)
    except NoRelease:
        return None
