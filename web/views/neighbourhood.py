"""An entity and what it is linked with, as nodes and edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.model.rdf import Iri, Literal, Term
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.names import Thing
from web.views.narrowing import Narrowing

EDGES = 60  # of the entity itself; more is no picture any more
_HIDDEN = "/id/(claim|record|evidence|dataset)/"


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two of the nodes; `label` is the property's name."""

    source: Iri
    target: Iri
    label: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """`focus` and its neighbours; `more` says that some are left out."""

    focus: Thing
    nodes: tuple[Thing, ...]
    edges: tuple[Edge, ...]
    more: bool
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
        limit=EDGES + 1,
    )
    patterns = [*chosen.of_kind(site), *chosen.in_period(site)]
    if chosen.source:
        patterns.append(ask(__package__ or "", "linked_by", entity=iri, source=chosen.source))
    query = replace(chosen, source="", about="").narrow(site, text, *patterns)
    found = [_edge(row) for row in rows(site.graph, query)]
    nodes = sorted({iri, *(end for one, _, other in found[:EDGES] for end in (one, other))})
    others = [each for each in nodes if each != iri]
    between = ask(
        __package__ or "",
        "between",
        neighbours=others,
        accepted=minter.accepted,
        described=minter.entities,
        limit=50 * EDGES,
    )
    among = [each for each in map(_edge, rows(site.graph, between)) if each[2] in set(others)]
    names = site.names([*nodes, *(name for _, name, _ in (*found, *among))])
    return Neighbourhood(
        focus=names.thing(iri),
        nodes=tuple(names.thing(each) for each in nodes),
        edges=tuple(
            Edge(one, other, names.term(name)) for one, name, other in (*found[:EDGES], *among)
        ),
        more=len(found) > EDGES,
        sparql=names.links.sparql(query),
    )


def _edge(row: Mapping[str, Term]) -> tuple[Iri, Iri, Iri]:
    return str(row["from"]), str(row["property"]), str(row["to"])
