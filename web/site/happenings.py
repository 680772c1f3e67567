"""What happens, as the tables of the release have it, in the words of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kg.store.happenings import Happening, Happenings, Value
from kg.store.release import Release
from web.site import Site
from web.site.dates import date, period
from web.site.links import Links
from web.site.names import Thing


@contextmanager
def happenings(site: Site, release: Release | None = None) -> Iterator[Happenings]:
    """The tables of the release that is served, or of another."""
    with Happenings.open((release or site.graph.release).happenings) as tables:
        yield tables


def meant(site: Site, wanted: str) -> Release:
    """The release of that id, where its tables are kept and have the columns of today; else the one
    that is served.
    """
    served, found = site.graph.release, site.releases.find(wanted)
    if found is None or not found.happenings.exists():
        return served
    with happenings(site) as own, happenings(site, found) as others:
        return found if own.schema == others.schema else served


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
