"""A quantity as a node that describes itself, the same wherever it is stated."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import RDF, RDFS, SDO

from kg.model.facts import Quantity, Text, Value
from kg.model.rdf import Literal, Quad
from kg.model.terms import Terms


def map_quantity(value: Value, terms: Terms) -> Iterator[Quad]:
    """The description of a quantity (schema.org `QuantitativeValue`); nothing of other values."""
    if not isinstance(value, Quantity):
        return
    node, graph = terms.minter.quantity(value), terms.minter.entities
    yield Quad(node, RDF.type, SDO.QuantitativeValue, graph)
    yield Quad(node, RDFS.label, terms.term(Text(str(value), value.language)), graph)
    yield Quad(node, SDO.value, terms.term(value.number), graph)
    if value.unit:
        yield Quad(node, SDO.unitText, Literal(value.unit), graph)
    if value.of:
        yield Quad(node, SDO.valueReference, Literal(value.of), graph)
    if value.approximate:
        yield Quad(node, SDO.measurementTechnique, Literal("estimate"), graph)
