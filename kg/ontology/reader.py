"""Reading the ontology's Turtle files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SDO, SKOS, XSD
from rdflib.term import Node

from kg.model.errors import DataError, Problem
from kg.model.namespaces import DIP, PREFIXES
from kg.model.rdf import Iri, Literal, Term
from kg.ontology.terms import Alignment, Class, Concept, Kind, Property, Scheme

Triple = tuple[Iri, Iri, Term]

_HEADER = rdflib.URIRef(str(DIP).rstrip("#"))
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_ALIGNING = (
    RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty,
    SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch,
)  # fmt: skip
_KINDS: Mapping[Node, Kind] = {
    RDF.langString: "text",
    XSD.string: "string",
    XSD.boolean: "boolean",
    XSD.integer: "integer",
    XSD.decimal: "decimal",
    XSD.date: "date",
    RDFS.Resource: "url",
    SKOS.Concept: "concept",
}


def read_files(paths: Iterable[Path]) -> rdflib.Graph:
    """One graph of several Turtle files.

    Raises:
        DataError: a file is not Turtle.
    """
    graph = rdflib.Graph()
    for path in paths:
        try:
            graph.parse(path, format="turtle")
        except Exception as error:  # rdflib's parsers raise whatever they meet
            found = " ".join(str(error).split())
            raise DataError([Problem(str(path), 0, "", found, "Turtle")]) from error
    return graph


def short_name(iri: str) -> str:
    """`place` for a term of our own, `dcterms:title` for one of another vocabulary."""
    if iri.startswith(str(DIP)):
        return iri.removeprefix(str(DIP))
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


class Reader:
    """Reads terms from a graph; what a term lacks goes to `problems`."""

    def __init__(self, graph: rdflib.Graph, file: str) -> None:
        self.graph = graph
        self.file = file
        self.problems: list[Problem] = []

    def header(self) -> dict[str, str]:
        """What the ontology says of itself, by CURIE."""
        pairs = sorted(self.graph.predicate_objects(_HEADER))
        return {short_name(str(name)): str(value) for name, value in pairs}

    def classes(self) -> Iterator[Class]:
        for term in self._typed(OWL.Class):
            above = self.graph.transitive_objects(term, RDFS.subClassOf)
            yield Class(
                **self._common(term),
                superclasses=self._own(self.graph.objects(term, RDFS.subClassOf)),
                lineage=frozenset({short_name(str(term)), *self._own(above)}),
                segment=self._text(term, DIP.segment),
            )

    def properties(self) -> Iterator[Property]:
        for term in self._typed(*_PROPERTIES):
            types = set(self.graph.objects(term, RDF.type))
            functional = DIP.FunctionalClaimProperty in types
            ranges = self._either(term, RDFS.range, SDO.rangeIncludes)
            schemes = self._schemes(term, DIP.rangeScheme)
            kind = self._kind(term, ranges)
            if kind == "concept" and not schemes:
                self._fault(term, "no dip:rangeScheme", "one, for a property with concepts")
            yield Property(
                **self._common(term),
                kind=kind,
                domain=self._any_of(self._either(term, RDFS.domain, SDO.domainIncludes)),
                range=self._any_of(ranges) if kind == "entity" else frozenset(),
                datatypes=tuple(str(each) for each in ranges if _is_datatype(each)),
                scheme="".join(schemes),
                functional=functional,
                claimable=functional or DIP.ClaimProperty in types,
                inverse_label=self._text(term, DIP.inverseLabel),
                superproperties=self._own(self.graph.objects(term, RDFS.subPropertyOf)),
            )

    def concepts(self) -> Iterator[Concept]:
        for term in self._typed(SKOS.Concept):
            schemes = self._schemes(term, SKOS.inScheme)
            if not schemes:
                self._fault(term, "no skos:inScheme", "one or more")
            yield Concept(
                **self._common(term),
                schemes=schemes,
                broader=self._own(self.graph.objects(term, SKOS.broader)),
                notation=self._text(term, SKOS.notation),
            )

    def schemes(self) -> Iterator[Scheme]:
        for term in self._typed(SKOS.ConceptScheme):
            common = self._common(term) | {"name": _scheme_name(term)}
            yield Scheme(**common, concepts=self._own(self.graph.subjects(SKOS.inScheme, term)))

    def triples(self) -> tuple[Triple, ...]:
        """Everything that was read, sorted.

        Raises:
            DataError: there is a blank node; all that is published must have an IRI.
        """
        found = []
        for subject, predicate, value in self.graph:
            if isinstance(subject, rdflib.BNode) or isinstance(value, rdflib.BNode):
                self._fault(predicate, "a blank node", "an IRI: published nodes can be cited")
                continue
            found.append((str(subject), str(predicate), _term(value)))
        return tuple(sorted(found, key=lambda each: (each[0], each[1], str(each[2]))))

    def _typed(self, *kinds: rdflib.URIRef) -> list[Node]:
        found = {each for kind in kinds for each in self.graph.subjects(RDF.type, kind)}
        return sorted(found, key=str)

    def _common(self, term: Node) -> dict[str, Any]:
        scheme = (term, RDF.type, SKOS.ConceptScheme) in self.graph
        needed = (
            (RDFS.label, SKOS.definition) if scheme else (RDFS.label, SKOS.definition, SKOS.example)
        )
        for predicate in needed:
            if not self._text(term, predicate):
                self._fault(term, f"no {short_name(predicate)}", "one")
        alignments = (
            Alignment(short_name(relation), target)
            for relation in _ALIGNING
            for target in sorted(map(str, self.graph.objects(term, relation)))
            if not target.startswith(str(DIP))
        )
        return {
            "iri": str(term),
            "name": short_name(str(term)),
            "label": self._text(term, RDFS.label),
            "definition": self._text(term, SKOS.definition),
            "example": self._text(term, SKOS.example),
            "alignments": tuple(alignments),
        }

    def _kind(self, term: Node, ranges: list[Node]) -> Kind:
        kinds = {_KINDS.get(each, "any" if _is_datatype(each) else "entity") for each in ranges}
        if XSD.date in ranges:
            return "date"
        if len(kinds) > 1:
            self._fault(term, f"ranges of {len(kinds)} kinds", "ranges of one kind")
        return kinds.pop() if kinds else "any"

    def _either(self, term: Node, one: rdflib.URIRef, many: rdflib.URIRef) -> list[Node]:
        found = {*self.graph.objects(term, one), *self.graph.objects(term, many)}
        return sorted(found, key=str)

    def _any_of(self, classes: Iterable[Node]) -> frozenset[str]:
        """Names of classes; `owl:Thing` is any, which is the empty set."""
        names = {short_name(str(each)) for each in classes}
        return frozenset() if "owl:Thing" in names else frozenset(names)

    def _own(self, terms: Iterable[Node | None]) -> tuple[str, ...]:
        """Names of those terms that are ours."""
        own = {str(each) for each in terms if str(each).startswith(str(DIP))}
        return tuple(sorted(short_name(each) for each in own))

    def _schemes(self, term: Node, predicate: rdflib.URIRef) -> tuple[str, ...]:
        return tuple(sorted(_scheme_name(each) for each in self.graph.objects(term, predicate)))

    def _text(self, term: Node, predicate: rdflib.URIRef) -> str:
        return str(self.graph.value(term, predicate) or "")

    def _fault(self, term: Node, found: str, allowed: str) -> None:
        self.problems.append(Problem(self.file, 0, short_name(str(term)), found, allowed))


def _scheme_name(scheme: Node) -> str:
    name = short_name(str(scheme)).removesuffix("Scheme")
    return name[:1].lower() + name[1:]


def _is_datatype(term: Node) -> bool:
    return term == RDF.langString or str(term).startswith(str(XSD))


def _term(node: Node) -> Term:
    if isinstance(node, rdflib.Literal):
        return Literal(str(node), str(node.datatype or XSD.string), node.language or "")
    return str(node)
