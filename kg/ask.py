"""One query from the command line: rows as a table, graphs as Turtle, or any format by name."""

from __future__ import annotations

import csv
import difflib
import io
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kg.model.errors import ChanceryError
from kg.model.formats import BY_EXTENSION
from kg.model.iris import Minter
from kg.model.rdf import Term
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.ontology.project import project_ontology
from kg.queries import TYPES, SavedQuery, project_queries, read_query
from kg.queries.meaning import meant
from kg.store import Graph, Query, QuerySyntax
from kg.store.diagnosis import explain
from kg.store.embedded.apart import Apart
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.release import NoRelease, Release


@contextmanager
def open_graph(directory: Path | str = ".", settings: Settings | None = None) -> Iterator[Graph]:
    """The current release of a project, ready to answer queries in processes of their own.

    Raises:
        NoRelease: nothing was built.
    """
    settings = settings or Settings.load(Path(directory))
    release = Release.current(settings.directory)
    ontology = project_ontology(settings)
    graph = EmbeddedGraph(release, settings, ontology.prefixes, former=ontology.former)
    with release.hold():
        yield Apart(graph, settings)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask: the text of a query, and the terms of its parameters."""

    text: str
    bindings: Mapping[str, Term]


def run_query(
    settings: Settings, query: str, extension: str | None, given: Mapping[str, str]
) -> bytes:
    """The answer of the current release to `query`: a file, the name of a saved query, or `-`
    for standard input.

    `given` are values for the parameters of a saved query. The answer has the format
    `extension`; without one, rows become a table and graphs become Turtle.

    Raises:
        NoRelease: nothing was built.
        DataError: a saved query cannot be used.
        QueryError: the query has no complete answer.
        ParameterError: a value fits no parameter.
    """
    asked = _read(query, given, settings)
    wanted = extension or "table"
    accept = (
        ("text/csv", "text/turtle") if wanted == "table" else (BY_EXTENSION[wanted].media_type,)
    )
    with open_graph(settings=settings) as graph:
        try:
            answer = graph.answer(
                Query(text=asked.text, accept=accept, bindings=asked.bindings, base=settings.base)
            )
        except QuerySyntax as error:
            detail, more = explain(error, asked.text, project_ontology(settings).prefixes)
            raise ChanceryError("\n".join([detail, more.get("excerpt", "")]).rstrip()) from None
        content = answer.read()
    if wanted == "table" and answer.media_type.startswith("text/csv"):
        rows = content.decode()
        # The answer to ASK is a word and no line: SPARQL 1.1 Results CSV and TSV knows rows only.
        return (table(rows) if rows.endswith("\n") else f"{rows}\n").encode()
    return content


def listed(settings: Settings) -> Iterator[str]:
    """Each saved query of a project: its name, its question, its parameters and their defaults."""
    for query in project_queries(settings, project_ontology(settings)).queries:
        each = _chosen(query, settings)
        yield each.name
        yield f"    {each.question}"
        for parameter in each.parameters:
            chosen = parameter.default or f"{TYPES[parameter.type]}; none in this release"
            yield f"    -p {parameter.name}={chosen}"


def _read(query: str, given: Mapping[str, str], settings: Settings) -> Asked:
    path = None if query == "-" else Path(query)
    if path and not path.is_file():
        return _named(query, given, settings)
    raw = path.read_bytes() if path else sys.stdin.buffer.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChanceryError(f"the query is not UTF-8: {error}") from None
    if path and text.startswith("#+"):
        ontology = project_ontology(settings)
        return _bound(read_query(path, settings, ontology), given, settings, ontology)
    if given:
        raise ChanceryError("--param is for saved queries, which start with a header of '#+' lines")
    return Asked(text, {})


def _named(name: str, given: Mapping[str, str], settings: Settings) -> Asked:
    ontology = project_ontology(settings)
    questions = project_queries(settings, ontology)
    saved = {each.name: each for each in questions.queries}
    if name in saved:
        return _bound(saved[name], given, settings, ontology)
    questions.refuse()  # it may be one of those at fault
    near = difflib.get_close_matches(name, saved, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "'kg query --list' lists them"
    raise ChanceryError(f"{name!r} is neither a file nor a saved query; {hint}")


def _bound(
    query: SavedQuery, given: Mapping[str, str], settings: Settings, ontology: Ontology
) -> Asked:
    terms = Terms(Minter(settings.base), ontology.iris)
    with suppress(NoRelease):  # asking it tells that
        index = Release.current(settings.directory).search
        given = meant(query, given, index, ontology, terms)
    return Asked(query.text, _chosen(query, settings).bind(given, terms))


def _chosen(query: SavedQuery, settings: Settings) -> SavedQuery:
    try:
        manifest = Release.current(settings.directory).manifest
    except NoRelease:
        return query
    return query.chosen(manifest.questions.get(query.name, {}))


def table(rows: str) -> str:
    """CSV as columns that line up."""
    cells = [[cell.replace("\n", " ") for cell in row] for row in csv.reader(io.StringIO(rows))]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        for row in cells
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two (UAX #11)."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
