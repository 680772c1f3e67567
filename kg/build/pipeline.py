"""One run from sources to a release. This module alone sees all stages."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import IO

from kg.build.assemble import assemble
from kg.build.gather.contributed import Reading
from kg.build.gather.declared import Declared
from kg.build.gather.harvest import Harvest, Harvester
from kg.build.gather.known import undecidable, world
from kg.build.gather.sources import make_sources
from kg.build.gather.workers import Job, Pool, jobs_of
from kg.build.lines.sort import SortedRuns
from kg.build.processes import prepare, without_collector
from kg.build.progress import Progress, Silent
from kg.build.publish.history import enter, predecessor
from kg.build.publish.inputs import commits, inputs
from kg.build.publish.manifest import (
    counts,
    credits_of,
    files,
    identify,
    versions,
    write_issues,
    write_reviews,
)
from kg.build.publish.package import write_package
from kg.build.publish.publication import Publication
from kg.build.publish.switch import FINISHED, LEFT, discard, keep_store, prune, publish, sweep
from kg.build.publish.withdrawals import described, refuse_unexplained
from kg.build.refused import NotWritten, plainly
from kg.build.validate import Violated, served
from kg.build.validate.places import Places
from kg.build.validate.rehearse import rehearse
from kg.judgement.bounds import TIMES, map_bounds
from kg.judgement.judge import judge
from kg.judgement.quads import map_judgement
from kg.judgement.succession import ROLES, ends
from kg.mappers import Mapper
from kg.mappers.reading import map_register
from kg.mappers.record import map_field
from kg.mappers.voices import Voices
from kg.model.errors import ChanceryError, DataError
from kg.model.iris import Minter
from kg.model.rdf import line
from kg.model.settings import Settings
from kg.model.sources import Source, Surveyed
from kg.ontology import Ontology
from kg.ontology.project import project_ontology
from kg.queries import SavedQuery, project_queries
from kg.sheets.checks import Sheets
from kg.sheets.read import load_sheets
from kg.sheets.texts import Proof, prove, read_texts
from kg.store.manifest import Manifest
from kg.store.release import Release

_LONGEST_PATH = 420  # bytes of a project's path; below it, a database's takes up to 90 more


class BuildRunning(ChanceryError):
    """Two builds of one project cannot run at once."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Sheets without a fault, which of their claims the texts prove, the saved queries, and the
    sources with what there is to read of them.
    """

    sheets: Sheets
    proof: Proof
    queries: tuple[SavedQuery, ...]
    sources: Mapping[str, Source | Surveyed]
    jobs: Sequence[Job]


def check(settings: Settings, ontology: Ontology, texts: Path | None = None) -> Checked:
    """Whether the build would accept the sheets, the saved queries and the settings of sources; and
    which spans and quotes the texts of the sheets prove.

    The texts are open ones and those of the project. Those below `texts` are all that there are:
    that one is missing is a fault then.

    Raises:
        DataError: with every fault of every sheet, or of every query, or of a source's settings.
        ChanceryError: a source cannot be found.
    """
    checked = _read(settings, ontology, texts)
    alone = replace(settings, sources={})
    bare = replace(checked, sources={}, jobs=())
    publication = Publication.of(settings, ontology)
    with _placing(checked.sheets, ontology, settings):
        rehearse(
            lambda runs: _harvest(alone, ontology, bare, runs, Silent()),
            ontology,
            publication.reserved,
            # The rows of sources are not read, so the rest cannot be compared.
            None if settings.sources else served(settings.directory),
        )
    return checked


def _read(settings: Settings, ontology: Ontology, texts: Path | None = None) -> Checked:
    """The sheets and saved queries, each sound by itself."""
    questions = project_queries(settings, ontology)
    folder = texts or settings.texts_path
    at_hand = read_texts(folder) if folder else {}
    try:
        sheets = load_sheets(settings.directory / "seeds", ontology, at_hand)
    except DataError as error:
        raise DataError((*error.problems, *questions.problems)) from None
    questions.refuse()
    proof = prove(sheets.documents, at_hand, all_at_hand=texts is not None)
    if proof.problems:
        raise DataError(proof.problems)
    corrections = settings.directory / "seeds" / "records" / "corrections.yaml"
    known = replace(
        sheets.known,
        corrections=corrections if corrections.exists() else None,
        leave_out=settings.broken_files == "leave-out",
    )
    sources = make_sources(settings, known, ontology)
    jobs = jobs_of(sources, settings.directory)
    return Checked(sheets, proof, questions.queries, sources, jobs)


@contextmanager
def _placing(sheets: Sheets, ontology: Ontology, settings: Settings) -> Iterator[None]:
    """Name the lines of the sheets that break a shape."""
    try:
        yield
    except Violated as error:
        terms = Mapper.of(ontology, Minter(settings.base)).terms
        raise Places.of(sheets, terms).refusal(error) from None


def build(settings: Settings, progress: Progress | None = None) -> Release:
    """Build a release of the project and switch to it.

    Raises:
        DataError: a sheet or a saved query is at fault.
        ReleaseRefused: the graph fails SHACL or a count assertion; the last good release stays.
        NotWritten: the disk is full, or may not be written to.
    """
    progress = progress or Silent()
    progress.stage("Reading the sheets")
    prepare()
    ontology = project_ontology(settings)
    checked = _read(settings, ontology)
    releases = settings.directory / "build" / "releases"
    with (
        plainly(releases),
        _workshop(settings.directory, progress.warn) as folder,
        without_collector(),
        _placing(checked.sheets, ontology, settings),
    ):
        finished = folder / FINISHED
        finished.mkdir()
        runs = SortedRuns(folder)
        harvest = _harvest(settings, ontology, checked, runs, progress)
        before = predecessor(settings.directory, progress.warn)
        made = assemble(
            settings, ontology, checked.queries, runs, finished, before=before, progress=progress
        )
        if settings.withdrawals == "reason":
            refuse_unexplained(finished, checked.sheets, Minter(settings.base))
        write_issues(harvest.issues, finished / "issues.jsonl")
        write_reviews(harvest.reviews, Minter(settings.base), finished / "review.jsonl")
        read = inputs(settings, checked.sources)
        release_id = identify(made.graph, read, harvest.credits)
        held = described(checked.sheets, Minter(settings.base))
        built = enter(finished, releases / release_id, before, held)
        keep_store(finished, releases / release_id)
        manifest = Manifest(
            id=release_id,
            built=built,
            base=settings.base,
            title=settings.title,
            versions=versions(harvest.credits),
            counts=counts(made.census, harvest),
            sources=tuple(sorted(settings.sources)),
            inputs=read,
            commits=commits(settings),
            credits=harvest.credits,
            dumps=made.dumps,
            questions=made.questions,
            files=files(finished),
        )
        told = write_package(finished, manifest, settings)
        replace(
            manifest, files=tuple(sorted((*manifest.files, *told), key=attrgetter("name")))
        ).write(finished)
        release = publish(finished, settings.directory, release_id, progress.warn)
        prune(settings.directory, settings.keep, progress.warn)
        return release


def _harvest(
    settings: Settings,
    ontology: Ontology,
    checked: Checked,
    runs: SortedRuns,
    progress: Progress,
) -> Harvest:
    """All that sheets and sources say, the judge's verdicts, the ontology. Lines go to `runs`."""
    mapper = Mapper.of(ontology, Minter(settings.base))
    sheets, sources, jobs = checked.sheets, checked.sources, checked.jobs
    harvester = harvester_of(mapper, sheets, ontology)
    if sources:
        progress.stage("Reading the records")
    partitions = sum(job.survey is None for job in jobs)
    full = {*sources, *(each.get("use", "") for each in settings.sources.values())}
    with closing(Pool(harvester, sources, runs, jobs)) as pool:
        pool.start()
        reading = Reading("sheets", "seeds", sheets, sheets.facts(without=full))
        total = harvester.gather(reading, runs.add)
        harvests = dict(progress.track(pool.results(), partitions, "files") if partitions else ())
    for number in sorted(harvests):
        total.absorb(harvests[number])
    if total.problems:
        raise DataError(total.problems.values())
    for (dataset, name), values in total.read.items():
        runs.add(map(line, map_register(dataset, name, values, mapper.terms)))
    for dataset, name in total.typed:
        runs.add(map(line, map_field(dataset, name, mapper.terms)))
    total.credits = credits_of(sources.values())
    known = world(sheets, total, ontology)
    judgement = judge(total.claims, known)
    if judgement.idle:
        raise DataError(map(undecidable, judgement.idle))
    runs.add(map(line, map_judgement(judgement, known.decisions, mapper.terms, mapper.status)))
    told = [*total.told, *harvester.told(claim.statement for claim in judgement.accepted)]
    runs.add(map(line, map_bounds(told, ends(told), mapper.terms.minter)))
    runs.add(map(line, ontology.quads(mapper.terms.minter.ontology)))
    return total


def harvester_of(mapper: Mapper, sheets: Sheets, ontology: Ontology) -> Harvester:
    """A harvester that knows what the sheets claim and describe."""
    return Harvester(
        mapper=mapper,
        declared=Declared(ontology.properties.keys(), ontology.segments.keys()),
        slots=sheets.slots,
        functional=ontology.functional,
        containment=frozenset(each.name for each in ontology.playing("Surroundings")),
        attending=frozenset(each.name for each in ontology.playing("Reason", "Whole")),
        voices=Voices.of(ontology, sheets.known.claims),
        described=frozenset(each.entity.ref for each in sheets.entities),
        roles={each.name: each.role for each in ontology.playing(*TIMES, *ROLES)},
    )


@contextmanager
def _workshop(project: Path, warn: Callable[[str], None]) -> Iterator[Path]:
    """A directory to build in, alone. What a killed build left there is swept away first."""
    releases, current = project / "build" / "releases", project / "build" / "current"
    length = len(os.fsencode(project))
    if length > _LONGEST_PATH:
        raise NotWritten(
            f"{project}: found a path of {length:,} bytes; allowed: at most {_LONGEST_PATH}, as "
            "SQLite opens no file whose path has more than 512; move the project"
        )
    releases.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(current) and not current.is_symlink():
        raise NotWritten(
            f"{current} is no link, which 'kg build' makes it; move it away and build again"
        )
    with _lock_file(project / "build" / ".lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildRunning(f"another build of {project} is running; wait for it") from None
        sweep(releases, warn)
        folder = Path(tempfile.mkdtemp(prefix=LEFT, dir=releases))
        try:
            yield folder
        finally:
            discard(folder, warn)


def _lock_file(path: Path) -> IO[bytes]:
    """Only read, as whoever built before may have been another user."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        return path.open("w+b")
