"""The answer of a question as a chart, where its columns are a name and a count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rdflib.namespace import XSD

from kg.model.rdf import Literal, Term
from web.site.charts import Bar, Chart, columns, ranking
from web.site.names import Thing
from web.site.values import Words

_LEAST, _MOST = 3, 40  # bars that say more than the table does
_TIME = re.compile(r"\d{3,4}s?\Z")  # a year, or a decade
Row = tuple[Thing | Words | None, ...]


def chart(
    heads: Sequence[str], found: Sequence[Sequence[Term | None]], rows: Sequence[Row]
) -> Chart | None:
    """Bars of the first column by the first that counts; upright, where it tells of time."""
    counted = next(
        (at for at in range(1, len(heads)) if found and all(_count(row[at]) >= 0 for row in found)),
        0,
    )
    if not counted or not _LEAST <= len(found) <= _MOST:
        return None
    bars = [
        Bar(str(getattr(row[0], "label", None) or _plain(cells[0])), _count(cells[counted]),
            getattr(row[0], "href", "") or "", _plain(cells[0]))
        for cells, row in zip(found, rows, strict=True)
    ]  # fmt: skip
    if len({each.label for each in bars}) < len(bars):
        return None
    draw = columns if all(_TIME.match(each.label) for each in bars) else ranking
    return draw(f"{heads[counted]}, by {heads[0]}", bars, _singular(heads[counted]))


def _plain(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


def _count(term: Term | None) -> int:
    """A whole number that is not below zero; -1 for all else."""
    known = isinstance(term, Literal) and term.datatype == str(XSD.integer) and term.value.isdigit()
    return int(term.value) if known and isinstance(term, Literal) else -1


def _singular(heading: str) -> str:
    return re.sub(r"ies\Z", "y", heading) if heading.endswith("ies") else heading.removesuffix("s")
