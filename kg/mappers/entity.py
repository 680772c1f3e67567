"""An entity's own description, in `graph/entities`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdflib.namespace import GEO, RDF, RDFS, SKOS

from kg.model.facts import Entity, as_written
from kg.model.rdf import Iri, Literal, Quad
from kg.model.terms import Terms

_TYPE, _LABEL, _ALT = str(RDF.type), str(RDFS.label), str(SKOS.altLabel)
_WKT, _WKT_LITERAL = str(GEO.asWKT), str(GEO.wktLiteral)


def map_entity(entity: Entity, terms: Terms, classes: Mapping[str, Iri]) -> Iterator[Quad]:
    """The type, names and identifiers of an entity. `classes` maps a type to its class.

    A deprecated one has neither, so that no list and no search shows it.
    """
    graph = terms.minter.entities
    subject = terms.minter.entity(entity.ref)
    if not entity.deprecated:
        yield Quad(subject, _TYPE, classes[entity.ref.type], graph)
        yield Quad(subject, _LABEL, terms.term(entity.label), graph)
        for name in entity.alt_labels:
            yield Quad(subject, _ALT, terms.term(name), graph)
    for statement in entity.description:
        yield terms.quad(statement, graph)
    at = {name: value for _, name, value in entity.description if name.startswith("wgs84:")}
    if at.keys() >= {"wgs84:lat", "wgs84:long"}:
        # GeoSPARQL 1.1 §8.5.1; longitude first. That both agree shows that neither is the other.
        point = f"POINT({as_written(at['wgs84:long'])} {as_written(at['wgs84:lat'])})"
        yield Quad(subject, _WKT, Literal(point, _WKT_LITERAL), graph)
