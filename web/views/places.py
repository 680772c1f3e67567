"""Events in space: places by how much happened there, what sources dispute, what has no place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from kg.store import rows
from kg.store.happenings import Count, Value
from kg.store.located import Located
from kg.store.located import Places as Tables
from web.site import Site
from web.site.asking import ask
from web.site.maps import WORLD, Map, Point, View, outline
from web.site.names import Thing
from web.site.paging import Paging
from web.site.tables import Table
from web.views.narrowing import Narrowing

LIMIT = 1_000  # events whose place is disputed
_ROLES = ("Occurrence", "Conclusion")  # what takes place somewhere
LISTED = 60  # places of a page, and events without one


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the list. `events` is the address of its timeline; some source puts `contested` of
    the `count` events elsewhere.
    """

    thing: Thing
    count: int
    events: str
    contested: int = 0


@dataclass(frozen=True, slots=True)
class Rival:
    """A place where a source puts events against what is accepted."""

    thing: Thing
    events: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """`spots` are a page of the `number` places on the map. Of `areas` no place is known, `off`
    have no position, and `nowhere` are the first of `lost` events at no place at all.
    """

    map: Map
    spots: tuple[Spot, ...]
    number: int
    areas: tuple[Spot, ...]
    rivals: tuple[Rival, ...]
    off: tuple[Spot, ...]
    nowhere: tuple[Thing, ...]
    lost: int
    sparql: str

    @property
    def unplaced(self) -> int:
        """How many events the map cannot show."""
        return sum(each.count for each in self.off) + self.lost


@dataclass(frozen=True, slots=True)
class _Disputed:
    """Events by the places that sources give, with the positions of these."""

    accepted: Mapping[Iri, Sequence[Iri]]
    claimed: Mapping[Iri, Sequence[Iri]]
    positions: Mapping[Iri, tuple[float, float]]

    @classmethod
    def read(cls, found: Sequence[Mapping[str, Term]]) -> _Disputed:
        accepted, claimed = defaultdict[Iri, list[Iri]](list), defaultdict[Iri, list[Iri]](list)
        positions = {}
        for row in found:
            place, event = str(row["place"]), str(row["event"])
            (accepted if value_of(row["accepted"]) == "true" else claimed)[place].append(event)
            if "lat" in row and "long" in row:
                positions[place] = float(value_of(row["lat"])), float(value_of(row["long"]))
        return cls(accepted, claimed, positions)

    def iris(self) -> Iterator[Iri]:
        for place, events in self.claimed.items():
            yield from (place, *events)


def places(site: Site, chosen: Narrowing, view: View | None, paging: Paging) -> Places:
    """The places of the events that fit `chosen`, on a map of `view` or of where they all are."""
    with Tables.open(site.graph.release.happenings) as tables:
        found = tables.located(chosen.selection(site, *_ROLES), LISTED)
    disputed = _Disputed.read(rows(site.graph, _rivals(site, chosen)))
    drawn = _map(site, chosen, view, found, disputed)
    names = site.names(disputed.iris())
    shown = {each.iri for each in drawn.points if drawn.view.shows(each)}
    areas = {each.iri for each in drawn.points if each.outline}
    placed = [each for each in found.placed if _iri(site, each.value) in shown]
    off = [each for each in found.others if _iri(site, each.value) not in areas]

    def spots(counts: Sequence[Count]) -> tuple[Spot, ...]:
        return tuple(_spot(site, drawn, each, disputed) for each in counts)

    return Places(
        map=drawn,
        spots=spots(placed[paging.offset : paging.offset + LISTED]),
        number=len(placed),
        areas=spots([each for each in found.others if _iri(site, each.value) in areas]),
        rivals=tuple(
            Rival(names.thing(place), tuple(map(names.thing, events)))
            for place, events in disputed.claimed.items()
        ),
        off=spots(off),
        nowhere=tuple(_thing(site, each) for each in found.nowhere),
        lost=found.lost,
        sparql=site.links().sparql(places_query(site, chosen)),
    )


def table(site: Site, chosen: Narrowing) -> Table:
    """All places of the events that fit `chosen`, with their positions, where these are known."""
    with Tables.open(site.graph.release.happenings) as tables:
        found = tables.located(chosen.selection(site, *_ROLES))
    return Table(
        name="places",
        columns=("place", "latitude", "longitude", "events"),
        things=frozenset({"place"}),
        rows=(
            (
                _thing(site, each.value),
                *("" if at is None else str(at) for at in each.value[4:]),
                each.times,
            )
            for each in (*found.placed, *found.others)
        ),
    )


def places_query(site: Site, chosen: Narrowing) -> str:
    """The map's question for SPARQL; the map itself reads tables that are made of its answer."""
    text = ask(__package__ or "", "places", site.ontology, limit=LIMIT)
    kinds = chosen.of_kind(site, *_ROLES)
    return chosen.narrow(site, text, *kinds, *chosen.in_period(site))


def _rivals(site: Site, chosen: Narrowing) -> str:
    locations = site.ontology.playing("Location")
    text = ask(__package__ or "", "rival_places", site.ontology, locations=locations, limit=LIMIT)
    return chosen.narrow(site, text, *chosen.of_kind(site), *chosen.in_period(site))


def _map(
    site: Site, chosen: Narrowing, view: View | None, found: Located, disputed: _Disputed
) -> Map:
    points = list(_points(site, found, disputed))
    links = site.links()
    drawn = view or View.around(each for each in points if not each.outline)
    land = {} if drawn == WORLD else {"box": str(drawn)}
    return Map(
        title="Where events took place",
        view=drawn,
        points=tuple(points),
        noun="event",
        lists=lambda place: links.at("/timeline", **chosen.parameters(about=place)),
        zoom=lambda closer: links.at("/map", **chosen.parameters(), box=str(closer)),
        outlines=links.at("/world.svg", **land),
    )


def _points(site: Site, found: Located, disputed: _Disputed) -> Iterator[Point]:
    placed = set()
    for value, times in (*found.placed, *found.others):
        iri = _iri(site, value)
        area = outline(found.within.get(value.ref, ())) if value.latitude is None else None
        if value.latitude is None and not area:
            continue
        placed.add(iri)
        shape, (longitude, latitude) = area or ("", (value.longitude or 0.0, value.latitude or 0.0))
        contested, claimed = (len(of.get(iri, ())) for of in (disputed.accepted, disputed.claimed))
        yield Point(iri, value.label, latitude, longitude, times, contested, claimed, shape)
    names = site.names(disputed.claimed)
    for place, events in disputed.claimed.items():
        if place not in placed and place in disputed.positions:
            label = names.thing(place).label
            yield Point(place, label, *disputed.positions[place], 0, claimed=len(events))


def _spot(site: Site, drawn: Map, counted: Count, disputed: _Disputed) -> Spot:
    thing = _thing(site, counted.value)
    contested = len(disputed.accepted.get(thing.iri, ()))
    return Spot(thing, counted.times, drawn.lists(thing.iri), contested)


def _thing(site: Site, value: Value) -> Thing:
    iri = _iri(site, value)
    return Thing(iri, value.label, value.language, site.links().to(iri))


def _iri(site: Site, value: Value) -> Iri:
    return value.iri or site.minter.entity(value.ref)
