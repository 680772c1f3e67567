"""What a page lists, as CSV to take along: one writer for all lists and tables.

`format=csv` on the address of the page asks for it, or `Accept: text/csv` (RFC 4180, RFC 7111).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.exceptions import BadRequest

from kg.model.rdf import Literal
from web.site.http import link
from web.site.names import Thing
from web.site.negotiation import HTML, choose
from web.site.values import Words

CSV = "text/csv"
MOST = 5_000  # rows of one file; a link leads to the next ones

Cell = Thing | Words | Literal | str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the words that stand over them on the page.

    `things` are the columns that hold things, which have their IRIs beside them. `name` is that of
    the file; `more` says that others follow.
    """

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    things: frozenset[str] = frozenset()
    more: bool = False


def wanted(*others: str) -> bool:
    """Whether the client asks for the table of a page, not for the page, nor for any of `others`.

    Raises:
        BadRequest: `format` names neither.
    """
    given = request.args.get("format", "")
    if given not in ("", "csv", "html"):
        raise BadRequest(f"format: found {given[:40]!r}; allowed: csv, html")
    return (given or choose(request.headers.get("Accept"), [*others, HTML, CSV])) in ("csv", CSV)


def answer(table: Table) -> Response:
    """`table` as a file of CSV, its head in the first row."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_heads(table))
    writer.writerows(_flat(table, row) for row in table.rows)
    response = Response(written.getvalue(), content_type=f"{CSV}; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    if table.more:
        following = int(request.args.get("page", "1")) + 1
        response.headers["Link"] = link(address(page=str(following)), {}, "next")
    return response


def address(**changed: str) -> str:
    """The address that was asked for, with some of its parameters changed; without those empty."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    given += [(name, value) for name, value in changed.items() if value]
    return f"{request.script_root}{quote(request.path)}" + (f"?{urlencode(given)}" if given else "")


def _heads(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield column
        if column in table.things:
            yield f"{column} IRI"


def _flat(table: Table, row: Sequence[Cell]) -> Iterator[str]:
    for column, cell in zip(table.columns, row, strict=True):
        yield _text(cell)
        if column in table.things:
            yield cell.iri if isinstance(cell, Thing) else ""


def _text(cell: Cell) -> str:
    match cell:
        case Thing():
            return cell.label
        case Words():
            return cell.text
        case Literal():
            return cell.value
        case None:
            return ""
        case _:
            return str(cell)
