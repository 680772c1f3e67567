"""The rows of a choice as JSON, page by page, and as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model.dates import Day
from kg.ontology.facets import Facet
from kg.store.happenings import Counts, Happening, Value
from web.site import Site
from web.site.happenings import when
from web.site.tables import Table


def document(
    site: Site,
    rows: Sequence[Happening],
    facets: Sequence[Facet],
    counts: dict[str, Counts],
    *,
    total: int,
    release: str,
) -> dict[str, object]:
    """The members of the JSON that tell of the rows of a release."""
    return {
        "release": release,
        "total": total,
        "facets": {
            name: [{**_value(each.value), "count": each.times} for each in found.values]
            for name, found in counts.items()
        },
        "rows": [_row(site, each, facets) for each in rows],
    }


def _row(site: Site, row: Happening, facets: Sequence[Facet]) -> dict[str, object]:
    return {
        **_value(row.thing),
        "date": "/".join(dict.fromkeys((*row.begins, *row.ends))),
        "start": [_text(each) for each in row.start],
        "end": [_text(each) for each in row.end],
        "values": {
            each.name: [_value(one) for one in row.values.get(each.name, ())] for each in facets
        },
        "records": [site.minter.entity(each) for each in row.records],
    }


def _value(value: Value) -> dict[str, object]:
    return {"value": value.ref, "iri": value.iri or None, "label": value.label}


def _text(day: Day | None) -> str | None:
    return str(day) if day else None


def table(
    site: Site, name: str, rows: Sequence[Happening], facets: Sequence[Facet], *, more: bool
) -> Table:
    """The rows as CSV: names for people, IRIs to join by."""
    bounds = ("starts at the earliest", "at the latest", "ends at the earliest", "at the latest")
    values = [head for each in facets for head in (each.label, f"{each.label} (IRI)")]
    return Table(
        name,
        ("date", "what", "what (IRI)", *bounds, *values, "records"),
        [_cells(site, row, facets) for row in rows],
        more=more,
    )


def _cells(site: Site, row: Happening, facets: Sequence[Facet]) -> list[str]:
    cells = [when(row), row.thing.label, row.thing.iri]
    cells += [_text(each) or "" for each in (*row.start, *row.end)]
    for facet in facets:
        values = row.values.get(facet.name, ())
        cells += ["; ".join(each.label for each in values), " ".join(each.iri for each in values)]
    return [*cells, " ".join(site.minter.entity(each) for each in row.records)]
