"""One page of a list, with its facets, from the tables of the release or from the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.exceptions import BadRequest

from kg.model.namespaces import CLM
from kg.model.rdf import Literal, value_of
from kg.ontology import Class
from kg.ontology.facets import HAPPENINGS, KIND, SOURCE, STANDING, facets
from kg.store import rows
from kg.store.happenings import Counts, Happening, Happenings, Value
from kg.store.lists import CENTURY, FIRST, ROLES, ThingLists
from kg.store.selection import Selection
from web.site import Site
from web.site.asking import ask
from web.site.dates import period
from web.site.names import Thing
from web.site.paging import Paging
from web.site.period import Period

_MOST = 40  # values of a facet in a form
_BASE = frozenset({KIND, STANDING})


@dataclass(frozen=True, slots=True)
class Row:
    """A thing, when it was, and its values by column."""

    thing: Thing
    date: str
    when: str
    values: tuple[tuple[Thing, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """The values of a facet: a text of addresses, a name, how many have it."""

    name: str
    title: str
    values: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page lists. `first` is the facet by which long lists are cut: letters or years."""

    rows: tuple[Row, ...]
    total: int
    first: Counted
    facets: tuple[Counted, ...] = ()
    columns: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a choice among happenings counts; that of the choices made last is kept."""

    total: int
    years: Mapping[int, int]
    facets: Mapping[str, Counts]


def happening(site: Site, kind: Class) -> bool:
    """Whether things of this class have dates."""
    return kind in site.ontology.kinds(*HAPPENINGS)


def listed(
    site: Site, kind: Class, chosen: Mapping[str, str], within: Period, paging: Paging
) -> Listed:
    """The things of a class that have what is chosen."""
    if happening(site, kind):
        return _happenings(site, kind, chosen, within, paging)
    if kind.iri == str(CLM.Claim):
        return _claims(site, kind, chosen.get(FIRST, ""), paging)
    return _things(site, kind, chosen, paging)


def _things(site: Site, kind: Class, chosen: Mapping[str, str], paging: Paging) -> Listed:
    with ThingLists.open(site.graph.release.search) as lists:
        for name, value in chosen.items():
            if name != FIRST and not lists.total(kind.segment, {name: value}):
                raise _unknown(name, value, kind)
        found = lists.page(kind.segment, chosen, paging.offset, paging.size)
        total = lists.total(kind.segment, chosen)
        letters = lists.counts(kind.segment, FIRST, chosen, 1_000)
        counted = {
            name: lists.counts(kind.segment, name, chosen, _MOST) for name in (*ROLES, CENTURY)
        }
    iris = {name: [site.minter.entity(value) for value, _ in counted[name]] for name in ROLES}
    names = site.names(
        {*(iri for iri, _ in found), *(iri for some in iris.values() for iri in some)}
    )
    labels = {name: [names.thing(iri).label for iri in some] for name, some in iris.items()} | {
        CENTURY: [_century(value) for value, _ in counted[CENTURY]]
    }
    return Listed(
        rows=tuple(Row(_sorted(names.thing(iri), sort), "", "") for iri, sort in found),
        total=total,
        first=Counted(
            FIRST, "First letter", _named(sorted(letters), [each for each, _ in sorted(letters)])
        ),
        facets=tuple(
            Counted(name, _title(site, name), _named(counted[name], labels[name]))
            for name in counted
            if len(counted[name]) > 1 or name in chosen
        ),
        query=_query(site, kind, "things", chosen, paging),
    )


def _happenings(
    site: Site, kind: Class, chosen: Mapping[str, str], within: Period, paging: Paging
) -> Listed:
    offered = {each.name: each for each in facets(site.ontology) if each.name not in _BASE}
    first, last = within.bounds
    year = chosen.get(FIRST, "")
    try:
        bounds = Period.parse(year).bounds if year else (first, last)
    except ValueError as error:
        raise BadRequest(f"{FIRST}: {error}") from error
    selection = Selection(
        kinds=(kind.segment,),
        chosen=tuple((name, (value,)) for name, value in chosen.items() if name in offered),
        first=bounds[0],
        last=bounds[1],
    )
    with Happenings.open(site.graph.release.happenings) as tables:
        for name, value in chosen.items():
            if name != FIRST and not (name in offered and tables.known(name, [value])):
                raise _unknown(name, value, kind)
        kept = site.memory(Tally, 500).of(site.graph.release.id)
        tally = kept.get(str(selection))
        if tally is None:
            tally = kept[str(selection)] = Tally(
                tables.total(selection),
                tables.per_year(replace(selection, first=first, last=last)),
                # An explorer counts them all.
                {} if kind.explorer else tables.facets(selection, list(offered), _MOST),
            )
        found = tables.rows(selection, backwards=True, start=paging.offset, size=paging.size)
    columns = [
        name for name in offered if name != SOURCE and any(name in each.values for each in found)
    ]
    return Listed(
        rows=tuple(_row(site, each, columns) for each in found),
        total=tally.total,
        first=Counted(
            FIRST, "Year", tuple((str(each), str(each), n) for each, n in tally.years.items())
        ),
        facets=tuple(
            Counted(
                name,
                offered[name].label.capitalize(),
                tuple((each.value.ref, each.value.label, each.times) for each in counts.values),
            )
            for name, counts in tally.facets.items()
            if len(counts.values) > 1 or name in chosen
        ),
        columns=tuple(offered[name].label.capitalize() for name in columns),
        query=_query(site, kind, "events", chosen, paging),
    )


def _sorted(thing: Thing, name: str) -> Thing:
    return replace(thing, label=name) if name else thing


def _row(site: Site, each: Happening, columns: list[str]) -> Row:
    begins = each.begins[0] if each.begins else ""
    when = period(begins, *each.ends[:1]) if begins else ""
    values = tuple(
        tuple(_thing(site, value) for value in each.values.get(name, ())) for name in columns
    )
    return Row(_thing(site, each.thing), begins, when, values)


def _thing(site: Site, value: Value) -> Thing:
    return Thing(value.iri, value.label, value.language, site.links().to(value.iri))


def _claims(site: Site, kind: Class, value: str, paging: Paging) -> Listed:
    query = _query(site, kind, "claims", {FIRST: value}, paging)
    iris = list(dict.fromkeys(str(row["s"]) for row in rows(site.graph, query)))
    counts = {
        value_of(row["facet"]): int(value_of(row["n"]))
        for row in rows(site.graph, ask("web.lists", "claims_facets"))
        if "facet" in row
    }
    names = site.names(iris)
    return Listed(
        rows=tuple(Row(names.thing(iri), "", "") for iri in iris),
        total=counts.get(value, 0) if value else sum(counts.values()),
        first=Counted(FIRST, "How firmly", tuple((each, each, n) for each, n in counts.items())),
        query=query,
    )


def _query(site: Site, kind: Class, name: str, chosen: Mapping[str, str], paging: Paging) -> str:
    terms = {"class": kind.iri, "value": Literal(chosen.get(FIRST, ""))}
    return ask("web.lists", name, site.ontology, **terms, offset=paging.offset, limit=paging.size)


def _unknown(name: str, value: str, kind: Class) -> BadRequest:
    return BadRequest(f"{name}: found {value[:80]!r}; allowed: what some {kind.label} has")


def _named(counts: list[tuple[str, int]], labels: list[str]) -> tuple[tuple[str, str, int], ...]:
    return tuple((value, label, n) for (value, n), label in zip(counts, labels, strict=True))


def _title(site: Site, name: str) -> str:
    played = site.ontology.playing(ROLES[name]) if name in ROLES else ()
    return (played[0].facet or played[0].label if played else name).capitalize()


def _century(value: str) -> str:
    number = int(value)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0)
    return f"{number}{ending or 'th'} century"
