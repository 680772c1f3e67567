"""From the lines of a graph to the files of its release, on both cores."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.build.lines.by_property import ByProperty
from kg.build.lines.census import Census
from kg.build.lines.observe import observed
from kg.build.lines.sort import SortedRuns
from kg.build.lines.words import Words
from kg.build.processes import both_cores
from kg.build.progress import Progress
from kg.build.publish.dcat import describe_dumps
from kg.build.publish.disagreements import list_disagreements
from kg.build.publish.dumps import WRITERS, split
from kg.build.publish.happenings import build_happenings
from kg.build.publish.history import tell_changes
from kg.build.publish.lists import list_things
from kg.build.publish.manifest import files
from kg.build.publish.publication import Publication
from kg.build.publish.questions import Defaults, defaults
from kg.build.publish.references import list_references
from kg.build.publish.search_index import build_index
from kg.build.publish.tables.write import write_tables
from kg.build.publish.void import described
from kg.build.validate import Profile, Reasons, Violation, refuse_losses, served, validate
from kg.model.iris import Minter
from kg.model.rdf import line
from kg.model.settings import Settings
from kg.ontology import Ontology
from kg.queries import SavedQuery
from kg.store.embedded.load import convert, load_quads, optimize
from kg.store.manifest import File
from kg.store.release import Release


@dataclass(frozen=True, slots=True)
class Assembled:
    """The SHA-256 of a graph's sorted lines, what it holds and answers, and its dumps."""

    graph: str
    census: Census
    questions: Defaults
    dumps: tuple[File, ...]


def assemble(
    settings: Settings,
    ontology: Ontology,
    queries: Sequence[SavedQuery],
    runs: SortedRuns,
    finished: Path,
    *,
    before: Release | None,
    progress: Progress,
) -> Assembled:
    """Make store, dumps, VoID, search index and tables of the lines in `runs`, and validate.

    All goes to `finished`; what is needed on the way lies beside the runs. `before` is the release
    that this one would follow.

    Raises:
        ReleaseRefused: a term is malformed, or the graph fails SHACL or a count assertion.
    """
    folder, store, minter = runs.folder, finished / "store", Minter(settings.base)
    publication = Publication.of(settings, ontology)
    census, profile, heard = Census(publication.reserved), Profile(), folder / "words.sqlite"
    triples = ByProperty(folder / "properties")
    progress.stage("Writing the graph")
    with Reasons(folder, ontology) as reasons, both_cores() as pool:
        # A store takes lines in any order, so it need not wait for the merge.
        loading = pool.submit(load_quads, runs.files(), store)
        with Words(heard, minter.entity(""), ontology.playing("Holder", "Office")) as words:
            _write(
                observed(runs.merged(), census, profile, reasons, words, triples),
                folder / "body.nq",
            )
            refuse_losses(census.triples, served(settings.directory))
            meta, told = described(publication, census, queries)
            _write(observed([meta], profile, words, triples), folder / "meta.nq")
        whole = folder / "graph.nq"
        _insert(meta, folder / "body.nq", whole)
        progress.stage("Loading, validating, writing the dumps, indexing")
        parts, published = folder / "parts", finished / "dumps"
        for each in (parts, published):
            each.mkdir()
        # Small tasks, each as soon as it can be done and what others wait for first, so that both
        # cores are busy to the end.
        splitting = pool.submit(split, whole, minter.graph(""), ontology.prefixes, parts, published)
        search, tables = finished / "search.sqlite", finished / "happenings.sqlite"
        indexing = pool.submit(write_index, triples, heard, search, minter, ontology)
        with whole.open("rb") as source:
            graph = hashlib.file_digest(source, "sha256").hexdigest()
        found = tuple(reasons.violations())
        loading.result()
        merge = not settings.holds(census.triples)
        finishing = pool.submit(
            _finish, store, folder / "meta.nq", ontology, profile, found, merge=merge
        )
        records = minter.graph("records/")
        datasets = [each.removeprefix(records) for each in census.graphs if records in each]
        tasks: list[Future[Any]] = [
            pool.submit(build_happenings, triples, heard, tables, minter, ontology),
            pool.submit(write_tables, whole, heard, finished / "tables", publication, datasets),
            pool.submit(tell_changes, before, whole, minter, finished),
            *(pool.submit(write, splitting.result(), published) for write in WRITERS),
        ]
        indexing.result()
        finishing.result()
        list_disagreements(store, search, ontology)
        asked = defaults(finished, settings, ontology, queries, progress.warn)
        for task in as_completed(tasks):
            task.result()
    dumps = files(published)
    more = {f"{line(each)}\n" for each in describe_dumps(publication, dumps, told.graphs)}
    _write([sorted({*meta, *more})], folder / "void.nq")
    with (folder / "void.nq").open("rb") as quads, (finished / "void.ttl").open("wb") as output:
        convert(quads, "nq", output, "ttl", ontology.prefixes)
    return Assembled(graph, census, asked, dumps)


def write_index(
    triples: ByProperty, heard: Path, path: Path, minter: Minter, ontology: Ontology
) -> None:
    """Write the search index, and the lists that it holds."""
    build_index(heard, path, minter, ontology)
    list_references(triples, path, ontology)
    list_things(triples, path, minter, ontology)


def _finish(
    store: Path,
    meta: Path,
    ontology: Ontology,
    profile: Profile,
    found: tuple[Violation, ...],
    *,
    merge: bool,
) -> None:
    """Complete a store that holds all but the graph's description, and validate it.

    One that will be read from its directory is merged for that, which takes as long as a third of
    the loading.
    """
    load_quads([meta], store)
    if merge:
        optimize(store)
    validate(store, ontology, profile, found)


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
