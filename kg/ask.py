"""One query from the command line: rows as a table, graphs as Turtle, or any format by name."""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.model.errors import ChanceryError
from kg.model.formats import BY_EXTENSION
from kg.model.iris import Minter
from kg.model.rdf import Term
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.ontology.project import project_ontology
from kg.queries import read_query
from kg.store import Query, QuerySyntax
from kg.store.diagnosis import explain
from kg.store.embedded.engine import Engine
from kg.store.release import Release


@contextmanager
def open_graph(directory: Path | str = ".", settings: Settings | None = None) -> Iterator[Engine]:
    """The current release of a project, ready to answer queries in processes of their own.

    Raises:
        NoRelease: nothing was built.
    """
    settings = settings or Settings.load(Path(directory))
    engine = Engine(
        Release.current(settings.directory), settings, project_ontology(settings).prefixes
    )
    try:
        yield engine
    finally:
        engine.close()


def run_query(
    settings: Settings, path: Path | None, extension: str | None, given: dict[str, str]
) -> bytes:
    """The answer of the current release to the query in `path` (None: standard input).

    `given` are values for the parameters of a saved query. The answer has the format
    `extension`; without one, rows become a table and graphs become Turtle.

    Raises:
        NoRelease: nothing was built.
        QueryError: the query has no complete answer.
        ParameterError: a value fits no parameter.
    """
    text, bindings = _read(path, given, settings)
    wanted = extension or "table"
    accept = (
        ("text/csv", "text/turtle") if wanted == "table" else (BY_EXTENSION[wanted].media_type,)
    )
    with open_graph(settings=settings) as graph:
        query = Query(text=text, accept=accept, bindings=bindings, base=settings.base)
        try:
            answer = graph.answer(query)
        except QuerySyntax as error:
            detail, more = explain(error, text, project_ontology(settings).prefixes)
            raise ChanceryError("\n".join([detail, more.get("excerpt", "")]).rstrip()) from None
        content = answer.read()
    if wanted == "table" and answer.media_type.startswith("text/csv"):
        rows = content.decode()
        # The answer to ASK is a word and no line: SPARQL 1.1 Results CSV and TSV knows rows only.
        return (table(rows) if rows.endswith("\n") else f"{rows}\n").encode()
    return content


def _read(
    path: Path | None, given: dict[str, str], settings: Settings
) -> tuple[str, dict[str, Term]]:
    raw = sys.stdin.buffer.read() if path is None else path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChanceryError(f"the query is not UTF-8: {error}") from None
    if path is not None and text.startswith("#+"):
        terms = Terms(Minter(settings.base), project_ontology(settings).iris)
        saved = read_query(path, terms.iris)
        return saved.text, saved.bind(given, terms)
    if given:
        raise ChanceryError("--param is for saved queries, which start with a header of '#+' lines")
    return text, {}


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
