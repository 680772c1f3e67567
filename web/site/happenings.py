"""What happens, as the tables of the release have it, in the words of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kg.store.happenings import Happening, Happenings, Value
from web.site import Site
from web.site.dates import date, period
from web.site.links import Links
from web.site.names import Thing


@contextmanager
def happenings(site: Site) -> Iterator[Happenings]:
    """The tables of the release."""
    with Happenings.open(site.graph.release.happenings) as tables:
        yield tables


def thing(links: Links, value: Value) -> Thing:
    """A value with its name and its page."""
    href = links.to(value.iri) if value.iri else None
    return Thing(
        value.iri, value.label, value.language, href, external=bool(href and "://" in href)
    )


def when(row: Happening) -> str:
    """Its dates as they are stated; empty without any."""
    if len(row.begins) > 1 or len(row.ends) > 1:
        told = (" or ".join(map(date, each)) for each in (row.begins, row.ends) if each)
        return f"{' to '.join(told)}: sources disagree"
    if not row.begins:
        return f"until {date(row.ends[0])}" if row.ends else ""
    if row.lasting and not row.ends:
        return f"from {date(row.begins[0])}, no end stated"
    return period(row.begins[0], row.ends[0] if row.ends else None)
