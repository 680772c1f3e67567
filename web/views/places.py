"""Events in space: places by how much happened there, and the places that sources dispute."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.rdf import Term, value_of
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.names import Names, Thing
from web.views.narrowing import Narrowing

LIMIT = 1_000
LISTED = 60  # places that the list shows at once


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map.

    `latitude` and `longitude` are WGS 84 degrees, as the graph writes them; `events` is the
    address of its timeline.
    """

    thing: Thing
    latitude: str
    longitude: str
    count: int
    events: str


@dataclass(frozen=True, slots=True)
class Places:
    """`spots` hold what is accepted, `rivals` where a source says otherwise; most events first."""

    spots: tuple[Spot, ...]
    rivals: tuple[Spot, ...]
    sparql: str

    @property
    def listed(self) -> int:
        return LISTED


def places(site: Site, chosen: Narrowing) -> Places:
    """The places of the events that fit `chosen`."""
    locations = site.ontology.playing("Location")
    accepted, rival = (
        chosen.narrow(
            site,
            ask(__package__ or "", name, site.ontology, locations=locations, limit=LIMIT),
            *chosen.of_kind(site),
            *chosen.in_period(site),
        )
        for name in ("places", "rival_places")
    )
    found, against = rows(site.graph, accepted), rows(site.graph, rival)
    names = site.names({str(row["place"]) for row in (*found, *against) if "place" in row})
    return Places(
        spots=_spots(found, names, chosen),
        rivals=_spots(against, names, chosen),
        sparql=site.links().sparql(accepted),
    )


def _spots(found: list[dict[str, Term]], names: Names, chosen: Narrowing) -> tuple[Spot, ...]:
    return tuple(
        Spot(
            thing=names.thing(str(row["place"])),
            latitude=value_of(row["lat"]),
            longitude=value_of(row["long"]),
            count=int(value_of(row["n"])),
            events=names.links.at("/timeline", **chosen.parameters(about=str(row["place"]))),
        )
        for row in found
        if "place" in row  # GROUP BY over nothing is one empty row
    )
