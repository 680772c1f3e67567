"""One run from sources to a release. This module alone sees all stages."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import ChanceryError, DataError
from kg.harvest import Harvest, Harvester
from kg.iris import Minter
from kg.mappers import Mapper
from kg.mappers.judge import World, judge, map_judgement
from kg.ontology import Ontology
from kg.progress import Progress, Silent
from kg.publish.dumps import WRITERS, describe, split
from kg.publish.manifest import Manifest, write_issues
from kg.publish.observe import observed
from kg.publish.runs import SortedRuns
from kg.publish.search import build_index
from kg.publish.survey import Survey
from kg.publish.void import Publication, describe_dataset, describe_dumps
from kg.publish.words import Words
from kg.rdf import line
from kg.release import NoRelease, Release, prune, publish
from kg.resources import resource
from kg.settings import SettingError, Settings
from kg.sources import Learner, Source
from kg.sources.registry import REGISTRY, make_source
from kg.sources.sheet_checks import Sheets
from kg.sources.sheets import load_sheets
from kg.sources.texts import prove, read_texts
from kg.store.load import convert, load_quads, optimize
from kg.validate import Profile, refuse_losses, validate
from kg.workers import apart, die_with_parent, gather_all, tasks_of


class BuildRunning(ChanceryError):
    """Two builds of one project cannot run at once."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Sheets without a fault, and how many spans were proven against their texts."""

    sheets: Sheets
    proven: int


def check(settings: Settings, ontology: Ontology, texts: Path | None = None) -> Checked:
    """Read all sheets; prove spans and quotes against open texts and those below `texts`.

    Raises:
        DataError: with every fault of every sheet.
    """
    sheets = load_sheets(settings.directory / "seeds", ontology)
    at_hand = read_texts(texts) if texts else {}
    provable = [each for each in sheets.documents if texts or each.document.text is not None]
    problems = [problem for sheet in provable for problem in prove(sheet, at_hand)]
    if problems:
        raise DataError(problems)
    return Checked(sheets, sum(len(sheet.claims) for sheet in provable))


def build(settings: Settings, progress: Progress | None = None) -> Release:
    """Build a release of the project and switch to it.

    Raises:
        DataError: a sheet is at fault.
        ReleaseRefused: the graph fails SHACL or a count assertion; the last good release stays.
    """
    progress = progress or Silent()
    progress.stage("Reading the sheets")
    _helpers()
    forkserver.ensure_running()  # imports on the other core while this one reads
    ontology = Ontology.load(resource("ontology"))
    sheets = check(settings, ontology).sheets
    minter = Minter(settings.base)
    with _workshop(settings.directory) as folder, _without_collector():
        finished = folder / "release"
        finished.mkdir()
        runs = SortedRuns(folder)
        publication = Publication(minter, settings.title, settings.description, settings.licence)
        survey, profile = Survey(publication.reserved), Profile()
        harvest = _harvest(settings, ontology, sheets, runs, progress)
        runs.add(map(line, ontology.quads(minter.ontology)))
        progress.stage("Writing the graph")
        with _both_cores() as pool:
            # A store takes lines in any order, so it need not wait for the merge.
            loading = pool.submit(load_quads, runs.files(), finished / "store")
            with Words(folder / "words.sqlite", minter.entity("")) as words:
                _write(observed(runs.merged(), survey, profile, words), folder / "body.nq")
                refuse_losses(survey.triples, _previous(settings.directory))
                meta = sorted(f"{line(each)}\n" for each in describe_dataset(publication, survey))
                _write(observed([meta], profile, words), folder / "meta.nq")
            whole = folder / "graph.nq"
            _insert(meta, folder / "body.nq", whole)
            progress.stage("Loading, validating, writing the dumps, indexing")
            folders = parts, published = folder / "parts", finished / "dumps"
            for each in folders:
                each.mkdir()
            splitting = pool.submit(split, whole, minter.graph(""), parts, published)
            tasks: list[Future[Any]] = [
                pool.submit(
                    build_index, folder / "words.sqlite", finished / "search.sqlite", minter
                )
            ]
            release_id = _identify(whole)
            write_issues(harvest.issues, finished / "issues.jsonl")
            # Small tasks, each as soon as it can be done, so that both cores are busy to the end.
            tasks += [pool.submit(each, splitting.result(), published) for each in WRITERS]
            loading.result()
            tasks.append(
                pool.submit(
                    _finish,
                    finished / "store",
                    folder / "meta.nq",
                    ontology,
                    profile,
                    merge=not settings.holds(survey.triples),
                )
            )
            for task in as_completed(tasks):
                task.result()
        dumps = describe(published)
        described = {f"{line(each)}\n" for each in describe_dumps(publication, dumps)}
        _write([sorted({*meta, *described})], folder / "void.nq")
        with (finished / "void.ttl").open("wb") as output:
            convert(folder / "void.nq", output, "ttl")
        manifest = Manifest(release_id, settings, survey, harvest, sheets.inputs, dumps)
        manifest.write(finished / "manifest.json", built=datetime.now(UTC))
        release = publish(finished, settings.directory, release_id)
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
    classes = {segment: each.iri for segment, each in ontology.segments.items()}
    mapper = Mapper(Minter(settings.base), classes, event_types(ontology))
    described = frozenset(each.entity.ref for each in sheets.entities)
    harvester = Harvester(mapper, sheets.slots, ontology.functional, described)
    sources = list(_sources(settings, sheets))
    tasks, learners = tasks_of(sources), [each for each in sources if isinstance(each, Learner)]
    harvests: dict[int, Harvest] = {}
    if tasks:
        progress.stage("Reading the records")
    # What sources learn from all rows at once takes far more memory than they keep of it.
    with apart(lambda: zip(*(each.learn() for each in learners), strict=True)) as lessons:
        total = harvester.gather(sheets.facts(without={source.name for source in sources}))
        runs.add(total.lines)
        for lesson in chain([()], lessons):
            for learner, learnt in zip(learners, lesson, strict=False):
                learner.take(learnt)
            early = {path for each in learners for path in each.early()}
            for task in (each for each in tasks if each.partition in early):
                if lessons.waiting():
                    break
                if task.number not in harvests:
                    harvests[task.number] = harvester.gather(task.source.read(task.partition))
                    runs.add(harvests[task.number].lines)
                    harvests[task.number].lines.clear()
    if late := [each for each in tasks if each.number not in harvests]:
        harvests |= progress.track(gather_all(harvester, late, runs), len(late), "files")
    for number in sorted(harvests):
        total.absorb(harvests[number])
    judgement = judge(total.claims, world(sheets, total, ontology))
    runs.add(map(line, map_judgement(judgement, mapper.terms)))
    return total


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


def world(sheets: Sheets, harvest: Harvest, ontology: Ontology) -> World:
    """What the judge must know besides the claims."""
    described = {each.entity.ref for each in sheets.entities}
    types = event_types(ontology)
    return World(
        within=harvest.within,
        derived={each.document.ref: each.document.derived_from for each in sheets.documents},
        functional=ontology.functional,
        events={ref: ref in harvest.recorded for ref in described if ref.type in types},
    )


def event_types(ontology: Ontology) -> frozenset[str]:
    """The types of reference (`visit`, `meeting`, …) that are events."""
    return frozenset(each.segment for each in ontology.subclasses("Event"))


def _helpers() -> BaseContext:
    """Where processes for Oxigraph come from.

    Never forked from here: its threads, once they ran in this process, are not in a fork, which
    then waits for them without end. A server that has read our modules, and no more, forks them.
    """
    context = get_context("forkserver")
    # Each process imports the main program again, as a rule the command.
    context.set_forkserver_preload([__name__, "kg.cli"])
    return context


@contextmanager
def _both_cores() -> Iterator[Executor]:
    """Two processes; what is left of a failed run is not waited for."""
    pool = ProcessPoolExecutor(2, _helpers(), die_with_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _finish(store: Path, meta: Path, ontology: Ontology, profile: Profile, merge: bool) -> None:
    """Complete a store that holds all but the graph's description, and validate it.

    One that will be read from its directory is merged for that, which takes as long as a third of
    the loading.
    """
    load_quads([meta], store)
    if merge:
        optimize(store)
    validate(store, ontology, profile)


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


def _write(blocks: Iterable[list[str]], path: Path) -> None:
    with path.open("wb") as output:
        for lines in blocks:
            output.write("".join(lines).encode())


def _insert(lines: list[str], source: Path, target: Path) -> None:
    """Write the lines of `source` and `lines`, both sorted, to `target`, sorted."""
    extra = [each.encode() for each in lines]
    with source.open("rb") as body, target.open("wb") as output:
        while block := body.read(1 << 20) + body.readline():
            last = block[block.rfind(b"\n", 0, -1) + 1 :]
            if at := bisect_left(extra, last):
                block = b"".join(sorted([*block.splitlines(keepends=True), *extra[:at]]))
                del extra[:at]
            output.write(block)
        output.writelines(extra)


def _identify(whole: Path) -> str:
    """The id of a release: the same graph made by the same version has the same one."""
    with whole.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256")
    digest.update(__version__.encode())
    return digest.hexdigest()[:16]
