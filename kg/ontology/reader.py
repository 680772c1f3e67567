"""Reading terms out of Turtle files; what cannot be used is a fault with file, line and term."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import rdflib
from rdflib.namespace import GEO, OWL, QB, RDF, RDFS, SDO, SH, SKOS, VANN, XSD
from rdflib.term import Node

from kg.model.errors import Problem
from kg.model.namespaces import CLM, EDTF, LABEL
from kg.model.rdf import Iri, Literal
from kg.model.rdf import Term as RdfTerm
from kg.ontology import sentences
from kg.ontology.files import Files
from kg.ontology.former import former, succeeded
from kg.ontology.names import TermNames
from kg.ontology.terms import (
    LAST,
    RESERVED,
    Alignment,
    Class,
    Concept,
    Kind,
    Property,
    Scheme,
    Vocabulary,
)

Triple = tuple[Iri, Iri, RdfTerm]

_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_SORTS = (*_PROPERTIES, RDFS.Datatype, OWL.Class, OWL.Ontology, SKOS.Concept, SKOS.ConceptScheme)
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
# Beside those of XML Schema.
_DATATYPES = {RDF.langString, rdflib.URIRef(EDTF), CLM.julianDate, GEO.wktLiteral}
_SEGMENT = re.compile(r"[a-z][a-z-]*\Z")
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
# Classes that a domain or a range may name without a description of theirs here.
_GENERAL = {
    str(each)
    for each in (
        OWL.Thing,
        OWL.Class,
        RDF.Property,
        RDFS.Resource,
        SKOS.Concept,
        SKOS.ConceptScheme,
    )
}


class TermReader:
    """Reads terms from files; what is wrong with one goes to `problems`."""

    def __init__(self, files: Files, namespaces: Mapping[str, Iri]) -> None:
        self.files = files
        self.former = former(files.graph)
        self.graph = succeeded(files.graph, self.former)
        self.problems: list[Problem] = []
        own = self._headers() | dict(namespaces)
        self.names = TermNames(own, self._yielding(own))

    def vocabularies(self) -> Iterator[Vocabulary]:
        """The header of each vocabulary, in the order in which they were laid."""
        for prefix, namespace in self.names.own.items():
            node = self._header_of(namespace)
            pairs = sorted(self.graph.predicate_objects(node)) if node else []
            header = {self.names.short(str(name)): str(value) for name, value in pairs}
            yield Vocabulary(prefix, namespace, header)

    def classes(self) -> Iterator[Class]:
        for term in self._typed(OWL.Class, RDFS.Datatype):  # RDF Schema §2.4: datatypes are classes
            above = self.graph.transitive_objects(term, RDFS.subClassOf)
            yield Class(
                **self._common(term),
                superclasses=self._declared(self.graph.objects(term, RDFS.subClassOf)),
                lineage=frozenset({self.names.short(str(term)), *self._declared(above)}),
                segment=self._text(term, CLM.segment),
                plural=self._text(term, SKOS.altLabel),
                explorer=self._name(term, CLM.explorer),
            )

    def properties(self) -> Iterator[Property]:
        for term in self._typed(*_PROPERTIES):
            types = set(self.graph.objects(term, RDF.type))
            functional = CLM.FunctionalClaimProperty in types
            ranges = self._either(term, RDFS.range, SDO.rangeIncludes)
            schemes = self._schemes(term, QB.codeList)
            kind = self._kind(term, ranges)
            if kind == "concept" and not schemes:
                self._fault(term, "no qb:codeList", "one, for a property with concepts")
            yield Property(
                **self._common(term),
                kind=kind,
                domain=self._any_of(self._either(term, RDFS.domain, SDO.domainIncludes)),
                range=self._any_of(ranges) if kind == "entity" else frozenset(),
                datatypes=tuple(str(each) for each in ranges if _is_datatype(each)),
                scheme="".join(schemes),
                functional=functional,
                claimable=functional or CLM.ClaimProperty in types,
                inverse_label=self._text(term, LABEL.inverseSingular),
                question=self._text(term, CLM.question),
                superproperties=self._own(self.graph.objects(term, RDFS.subPropertyOf)),
                converse="".join(self._own(self._both_ways(term, OWL.inverseOf))[:1]),
                incompatible=self._own(self._both_ways(term, CLM.incompatibleWith)),
                facet=self._name(term, CLM.facet),
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
            common = self._common(term) | {"name": self._scheme_name(term)}
            yield Scheme(**common, concepts=self._own(self.graph.subjects(SKOS.inScheme, term)))

    def triples(self) -> tuple[Triple, ...]:
        """Everything that was read, sorted; a blank node is a fault."""
        found = []
        for subject, predicate, value in self.graph:
            if isinstance(subject, rdflib.BNode) or isinstance(value, rdflib.BNode):
                term = value if isinstance(subject, rdflib.BNode) else subject
                self._fault(term, "a blank node", "an IRI: published nodes can be cited")
                continue
            found.append((str(subject), str(predicate), _term(value)))
        return tuple(sorted(found, key=lambda each: (each[0], each[1], str(each[2]))))

    def check(self, iris: Mapping[str, Iri]) -> None:
        """Look for faults that only show when all terms are read."""
        for term in sorted(set(self.graph.subjects()), key=str):
            own = self.names.owns(str(term)) and term not in self.former
            if own and str(term) not in self.names.yielding:
                self._check_term(term, iris)
        for predicate in sorted(set(self.graph.predicates()), key=str):
            self._check_annotation(predicate)
        self._check_unique(CLM.segment)

    def _check_term(self, term: Node, iris: Mapping[str, Iri]) -> None:
        local = self.names.short(str(term))
        if not set(self.graph.objects(term, RDF.type)) & set(_SORTS):
            allowed = ", ".join(self.names.curie(str(each)) for each in _SORTS)
            self._fault(term, "no type of a term", f"a term is one of {allowed}")
        if not _LOCAL.match(local):
            self._fault(term, f"the local name {local!r}", "letters, digits, '-' and '_'")
        if iris.get(local, str(term)) != str(term):
            self._fault(term, f"the local name {local!r} of two terms", "a name of its own")
        for predicate in (RDFS.domain, SDO.domainIncludes, RDFS.range, SDO.rangeIncludes):
            for each in self.graph.objects(term, predicate):
                if not (_is_datatype(each) or str(each) in _GENERAL or self._is_class(each)):
                    found = f"{self.names.curie(str(predicate))} {self.names.curie(str(each))}"
                    self._fault(term, found, self._near(each, OWL.Class, "a class or a datatype"))
        self._check_sentence(term)
        for segment in self.graph.objects(term, CLM.segment):
            if not _SEGMENT.match(str(segment)):
                self._fault(term, f"clm:segment {str(segment)!r}", "lower-case letters and '-'")

    def _check_sentence(self, term: Node) -> None:
        template = self._text(term, CLM.sentence)
        if template and not sentences.well_formed(template):
            self._fault(term, f"clm:sentence {template!r}", "braces and brackets that close")
        asked, allowed = self._asked(term)
        for name in set(sentences.names(template)) - asked:
            self._fault(term, f"{{{name}}} in clm:sentence", allowed)

    def _asked(self, term: Node) -> tuple[set[str], str]:
        """The names that the template of a term may ask for, and these in words."""
        roles = self._roles()
        if self._is_class(term):
            known = {self.names.short(str(each)) for each in self._typed(*_PROPERTIES)}
            own, allowed = sentences.OF_THINGS, ", a role or a property"
            return {*own, *known, *roles}, ", ".join(own) + allowed
        if (term, RDF.type, SKOS.Concept) in self.graph:
            return {*sentences.OF_CLAIMS}, ", ".join(sentences.OF_CLAIMS)
        played = {self.graph.value(each, CLM.eventRole) for each in self._typed(OWL.Class)}
        of_classes = {name for name, role in roles.items() if role in played}
        allowed = f"{', '.join(sentences.OF_STATEMENTS)} or the role of a class"
        return {*sentences.OF_STATEMENTS, *of_classes}, allowed

    def _check_annotation(self, predicate: Node) -> None:
        """A misspelt annotation would be passed over in silence."""
        if str(predicate).startswith(str(CLM)) and (predicate, RDF.type, None) not in self.graph:
            term = next(self.graph.subjects(predicate))
            near = self._near(predicate, OWL.AnnotationProperty, "an annotation of the base")
            self._fault(term, self.names.curie(str(predicate)), near)

    def _check_unique(self, predicate: rdflib.URIRef) -> None:
        for value in sorted(set(self.graph.objects(None, predicate)), key=str):
            terms = sorted(self.graph.subjects(predicate, value), key=self.files.rank)
            for term in terms[1:]:
                self._fault(term, f"{str(value)!r} of two classes", "a path segment of its own")

    def _headers(self) -> dict[str, Iri]:
        """The namespaces that the files declare, by prefix."""
        found = {}
        for file in self.files.each:
            for node in file.graph.subjects(RDF.type, OWL.Ontology):
                prefix = file.graph.value(node, VANN.preferredNamespacePrefix)
                namespace = file.graph.value(node, VANN.preferredNamespaceUri)
                if prefix is not None and namespace is not None:
                    found[str(prefix)] = str(namespace)
        return found

    def _roles(self) -> dict[str, Node]:
        """The concepts that `clm:eventRole` takes, by the names that sentences use."""
        roles = self.graph.subjects(SKOS.inScheme, CLM.RoleScheme)
        return {str(each).removeprefix(CLM): each for each in roles}

    def _yielding(self, own: Mapping[str, Iri]) -> frozenset[Iri]:
        """Roles whose name a project's own term has: only annotations name them, by IRI."""
        taken = {
            str(each).removeprefix(namespace)
            for each in self.graph.subjects()
            for namespace in own.values()
            if namespace != str(CLM) and str(each).startswith(namespace)
        }
        return frozenset(str(role) for name, role in self._roles().items() if name in taken)

    def _header_of(self, namespace: Iri) -> Node | None:
        for node in self.graph.subjects(VANN.preferredNamespaceUri):
            if str(self.graph.value(node, VANN.preferredNamespaceUri)) == namespace:
                return node
        return None

    def _typed(self, *kinds: rdflib.URIRef) -> list[Node]:
        found = {each for kind in kinds for each in self.graph.subjects(RDF.type, kind)}
        return sorted(found - self.former.keys(), key=str)

    def _common(self, term: Node) -> dict[str, Any]:
        if not self._text(term, RDFS.label):
            self._fault(term, "no rdfs:label", "one")
        alignments = (
            Alignment(self.names.short(str(relation)), target)
            for relation in _ALIGNING
            for target in sorted(map(str, self.graph.objects(term, relation)))
            if not self.names.owns(target)
        )
        return {
            "iri": str(term),
            "name": self.names.short(str(term)),
            "curie": self.names.curie(str(term)),
            "label": self._text(term, RDFS.label),
            "definition": self._text(term, SKOS.definition),
            "example": self._text(term, SKOS.example),
            "sentence": self._text(term, CLM.sentence),
            "role": self._role(term),
            "order": self._order(term),
            "alignments": tuple(alignments),
        }

    def _role(self, term: Node) -> str:
        role = self.graph.value(term, CLM.eventRole)
        if role is None:
            return ""
        if role not in self._roles().values():
            allowed = ", ".join(f"clm:{each}" for each in sorted(self._roles()))
            self._fault(term, f"clm:eventRole {self.names.curie(str(role))}", allowed)
        return str(role).removeprefix(CLM)

    def _name(self, term: Node, annotation: rdflib.URIRef) -> str:
        """A name that stands in addresses, and is read by people there."""
        name = self._text(term, annotation)
        if name and (not _SEGMENT.match(name) or name in RESERVED):
            allowed = f"lower-case letters and '-', none of {', '.join(sorted(RESERVED))}"
            self._fault(term, f"{self.names.curie(str(annotation))} {name!r}", allowed)
        return name

    def _order(self, term: Node) -> int:
        order = self._text(term, SH.order)
        if order and not order.isdecimal():
            self._fault(term, f"sh:order {order!r}", "a whole number from 1")
        return int(order) if order.isdecimal() else LAST

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

    def _both_ways(self, term: Node, symmetric: rdflib.URIRef) -> set[Node]:
        return {*self.graph.objects(term, symmetric), *self.graph.subjects(symmetric, term)}

    def _any_of(self, classes: Iterable[Node]) -> frozenset[str]:
        """TermNames of classes; `owl:Thing` is any, which is the empty set."""
        names = {self.names.short(str(each)) for each in classes}
        return frozenset() if "owl:Thing" in names else frozenset(names)

    def _own(self, terms: Iterable[Node | None]) -> tuple[str, ...]:
        """TermNames of those terms that are of the project's vocabularies."""
        own = {str(each) for each in terms if self.names.owns(str(each))}
        return tuple(sorted(self.names.short(each) for each in own))

    def _declared(self, classes: Iterable[Node | None]) -> tuple[str, ...]:
        """TermNames of those classes that the files describe."""
        known = {str(each) for each in classes if each is not None and self._is_class(each)}
        return tuple(sorted(self.names.short(each) for each in known))

    def _is_class(self, term: Node) -> bool:
        return (term, RDF.type, OWL.Class) in self.graph

    def _near(self, term: Node, kind: rdflib.URIRef, otherwise: str) -> str:
        """What may have been meant."""
        known = [self.names.curie(str(each)) for each in self.graph.subjects(RDF.type, kind)]
        near = difflib.get_close_matches(self.names.curie(str(term)), known, 1)
        return f"{otherwise}; did you mean {near[0]}?" if near else otherwise

    def _schemes(self, term: Node, predicate: rdflib.URIRef) -> tuple[str, ...]:
        schemes = self.graph.objects(term, predicate)
        return tuple(sorted(self._scheme_name(each) for each in schemes))

    def _scheme_name(self, scheme: Node) -> str:
        name = self.names.short(str(scheme)).removesuffix("Scheme")
        return name[:1].lower() + name[1:]

    def _text(self, term: Node, predicate: rdflib.URIRef) -> str:
        return str(self.graph.value(term, predicate) or "")

    def _fault(self, term: Node, found: str, allowed: str) -> None:
        file, line = self.files.place(term)
        self.problems.append(Problem(file, line, self.names.curie(str(term)), found, allowed))


def _is_datatype(term: Node) -> bool:
    return term in _DATATYPES or str(term).startswith(str(XSD))


def _term(node: Node) -> RdfTerm:
    if isinstance(node, rdflib.Literal):
        return Literal(str(node), str(node.datatype or XSD.string), node.language or "")
    return str(node)
