"""An entity and what it is linked with, as nodes and edges."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from kg.model.rdf import Iri, Literal, Term
from kg.store import rows
from web.site import Site, incoming
from web.site.asking import ask
from web.site.names import Names, Thing
from web.views.narrowing import Narrowing

NODES = 24  # besides the entity itself; more is no picture any more
_READ = 120  # links of a query in each direction
_HIDDEN = "/id/(claim|record|evidence|dataset|disagreement|side|decision)/"

_Link = tuple[Iri, Iri, Iri]
_Way = tuple[Iri, bool]  # a property, and whether it leads away from the entity


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two of the nodes; `label` is the property's name."""

    source: Iri
    target: Iri
    label: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Links that are not drawn: what they are called, how many, and where they are listed."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """`focus` and its neighbours, some of each property; `rest` are those left out."""

    focus: Thing
    nodes: tuple[Thing, ...]
    edges: tuple[Edge, ...]
    rest: tuple[Rest, ...]
    sparql: str


def neighbourhood(site: Site, iri: Iri, chosen: Narrowing) -> Neighbourhood:
    """`iri` and its neighbours that fit `chosen`: of a kind, in a period, linked by a source."""
    minter = site.minter
    text = ask(
        __package__ or "",
        "neighbourhood",
        site.ontology,
        entity=iri,
        graphs=[minter.accepted, minter.entities],
        entities=Literal(minter.entity("")),
        hidden=Literal(_HIDDEN),
        limit=_READ,
    )
    patterns = [*chosen.of_kind(site), *chosen.in_period(site)]
    if chosen.source:
        patterns.append(ask(__package__ or "", "linked_by", entity=iri, source=chosen.source))
    query = replace(chosen, source="", about="").narrow(site, text, *patterns)
    found = dict.fromkeys(_edge(row) for row in rows(site.graph, query))
    counts = Counter((name, one == iri) for one, name, _ in found)
    if not chosen.parameters():  # the query may have met one property alone
        for each in incoming.references(site.graph, iri, rows(site.graph, incoming.query(iri))):
            own = [one for one in each.subjects if one.startswith(minter.entity(""))]
            shown = [one for one in own if not re.search(_HIDDEN, one)]
            found |= dict.fromkeys((one, each.predicate, iri) for one in shown)
            if shown:
                counts[each.predicate, False] = each.count
    kept = _some(found, iri)
    others = sorted({one if other == iri else other for one, _, other in kept})
    between = ask(
        __package__ or "",
        "between",
        neighbours=others,
        accepted=minter.accepted,
        described=minter.entities,
        limit=20 * NODES,
    )
    among = [each for each in map(_edge, rows(site.graph, between)) if each[2] in set(others)]
    names = site.names([iri, *others, *(name for _, name, _ in (*kept, *among))])
    drawn = Counter((name, one == iri) for one, name, _ in kept)
    return Neighbourhood(
        focus=names.thing(iri),
        nodes=tuple(names.thing(each) for each in (iri, *others)),
        edges=tuple(Edge(one, other, names.term(name)) for one, name, other in (*kept, *among)),
        rest=tuple(
            _rest(iri, way, counts[way] - drawn[way], names)
            for way in sorted(counts, key=lambda each: (drawn[each] - counts[each], each))
            if counts[way] > drawn[way]
        ),
        sparql=names.links.sparql(query),
    )


def _some(found: Iterable[_Link], iri: Iri) -> list[_Link]:
    """Links to `NODES` neighbours: of each property in turn, who is linked by several first."""
    links: dict[Iri, list[_Link]] = defaultdict(list)
    for one, name, other in found:
        links[other if one == iri else one].append((one, name, other))
    ways: dict[_Way, list[Iri]] = defaultdict(list)
    for node in sorted(links, key=lambda each: (-len(links[each]), each)):
        one, name, _ = min(links[node])
        ways[name, one == iri].append(node)
    turns = zip_longest(*(ways[each] for each in sorted(ways)))
    nodes = [each for turn in turns for each in turn if each and each != iri]
    return [link for node in nodes[:NODES] for link in links[node]]


def _rest(iri: Iri, way: _Way, count: int, names: Names) -> Rest:
    name, away = way
    called = names.term(name) if away else incoming.inverse(name, names)
    listed = names.links.at("/references", iri=iri, by=name)
    return Rest(called, count, names.links.to(iri) or "" if away else listed)


def _edge(row: Mapping[str, Term]) -> _Link:
    return str(row["from"]), str(row["property"]), str(row["to"])
