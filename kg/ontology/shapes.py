"""Shapes: those of `shapes.ttl`, and those that the ontology's domains and ranges imply."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node, URIRef

from kg.model.namespaces import CLM
from kg.ontology import Ontology, Property
from kg.ontology.former import succeeded


def load_shapes(ontology: Ontology) -> rdflib.Graph:
    """The shapes graph (SHACL §1.4)."""
    graph = rdflib.Graph()
    for path in ontology.shapes:
        graph.parse(path, format="turtle")
    graph = succeeded(graph, {URIRef(old): URIRef(new) for old, new in ontology.former.items()})
    for term in ontology.properties.values():
        if ontology.names.owns(term.iri):
            _add_domain(graph, term, ontology)
            _add_range(graph, term, ontology)
    for each in ontology.classes.values():
        if each.segment and not ontology.is_base(each):
            graph.add((CLM.NamedShape, SH.targetClass, URIRef(each.iri)))
    return graph


def _add_domain(graph: rdflib.Graph, term: Property, ontology: Ontology) -> None:
    classes = [ontology.classes[name].iri for name in term.domain if name in ontology.classes]
    if not classes:
        return
    shape = URIRef(f"{term.iri}-domain")
    names = _listed(ontology.classes[name].label for name in term.domain)
    graph.add((shape, RDF.type, SH.NodeShape))
    graph.add((shape, SH.targetSubjectsOf, URIRef(term.iri)))
    graph.add(
        (shape, SH.message, rdflib.Literal(f"Only {names} has {ontology.names.curie(term.iri)}."))
    )
    _add_choice(graph, shape, SH["class"], classes)


def _add_range(graph: rdflib.Graph, term: Property, ontology: Ontology) -> None:
    shape = URIRef(f"{term.iri}-range")
    value = URIRef(str(shape) + "-value")
    match term.kind:
        case "any":
            return
        case "entity" if not term.range:
            graph.add((value, SH.nodeKind, SH.IRI))
            graph.add((CLM.ReferenceShape, SH.targetObjectsOf, URIRef(term.iri)))
            allowed = "an entity"
        case "entity":
            classes = [
                ontology.classes[name].iri for name in term.range if name in ontology.classes
            ]
            if not classes:
                return
            _add_choice(graph, value, SH["class"], classes)
            allowed = _listed(ontology.classes[name].label for name in term.range)
        case "concept":
            names = ontology.concepts(term.scheme)
            _add_list(graph, value, SH["in"], [URIRef(ontology.iris[name]) for name in names])
            allowed = f"a concept of the scheme {term.scheme}"
        case "url":
            graph.add((value, SH.nodeKind, SH.IRI))
            allowed = "an IRI"
        case _:
            _add_choice(graph, value, SH.datatype, term.datatypes)
            allowed = _listed(each.rpartition("#")[2] for each in term.datatypes)
    graph.add((shape, RDF.type, SH.NodeShape))
    graph.add((shape, SH.targetSubjectsOf, URIRef(term.iri)))
    graph.add((shape, SH.property, value))
    graph.add((value, RDF.type, SH.PropertyShape))
    graph.add((value, SH.path, URIRef(term.iri)))
    graph.add(
        (
            value,
            SH.message,
            rdflib.Literal(f"The value of {ontology.names.curie(term.iri)} is {allowed}."),
        )
    )


def _add_choice(graph: rdflib.Graph, shape: Node, parameter: URIRef, values: Iterable[str]) -> None:
    """One value as a parameter of its own, several as `sh:or` of one member each (SHACL §4.6.3)."""
    chosen = sorted(values)
    if len(chosen) == 1:
        graph.add((shape, parameter, URIRef(chosen[0])))
        return
    members = [rdflib.BNode() for _ in chosen]
    for member, value in zip(members, chosen, strict=True):
        graph.add((member, parameter, URIRef(value)))
    _add_list(graph, shape, SH["or"], members)


def _add_list(graph: rdflib.Graph, shape: Node, parameter: URIRef, members: Iterable[Node]) -> None:
    head = rdflib.BNode()
    Collection(graph, head, list(members))
    graph.add((shape, parameter, head))


def _listed(names: Iterable[str]) -> str:
    """`a visit`, `a person or a state`, for a message."""
    ordered = sorted(names)
    head, last = ordered[:-1], ordered[-1]
    return f"{', '.join(map(_article, head))} or {_article(last)}" if head else _article(last)


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
