"""One query from the command line: rows as a table, graphs as Turtle, or any format by name."""

from __future__ import annotations

import csv
import io
import unicodedata

from kg.errors import ChanceryError
from kg.release import Release
from kg.settings import Settings
from kg.store import Query
from kg.store.engine import Engine
from kg.vocab import PREFIXES

MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


def ask(settings: Settings, text: bytes, extension: str | None) -> bytes:
    """The answer of the current release to the query `text`, in the format `extension`.

    Without one, rows become a table and graphs become Turtle.

    Raises:
        NoRelease: nothing was built.
        QueryError: the query has no complete answer.
    """
    try:
        query = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChanceryError(f"the query is not UTF-8: {error}") from None
    wanted = extension or "table"
    accept = ("text/csv", "text/turtle") if wanted == "table" else (MEDIA_TYPES[wanted],)
    engine = Engine(Release.current(settings.directory), settings, dict(PREFIXES))
    try:
        answer = engine.answer(Query(text=query, accept=accept, base=settings.base))
        content = answer.read()
    finally:
        engine.close()
    if wanted == "table" and answer.media_type.startswith("text/csv"):
        return table(content.decode()).encode()
    return content


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
