"""Validation by SPARQL: each constraint of a shape becomes one query over the store.

Loading 500,000 triples into rdflib takes longer than the whole build may. So the subset of SHACL
that `shapes.ttl` names is compiled; what lies outside it is an error here, never skipped.
`tests/test_validate.py` proves that pySHACL finds the same violations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from kg.build.validate.profile import Check, Focus, Profile
from kg.build.validate.violation import Violation
from kg.ontology import Ontology
from kg.store.embedded.build_store import BuildStore

_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_STRUCTURE = {*_TARGETS, RDF.type, RDFS.comment, RDFS.isDefinedBy, SH.property, SH.path, SH.message}
# Datatypes whose lexical forms are checked (SHACL §4.1.2): the cast of an ill-formed one fails.
_CAST = {XSD.date, XSD.gYear, XSD.gYearMonth, XSD.boolean, XSD.integer, XSD.decimal}


class UnsupportedShape(ValueError):
    """A shape uses SHACL beyond the compiled subset."""


def run(
    store: BuildStore, shapes: rdflib.Graph, ontology: Ontology, profile: Profile | None = None
) -> tuple[Violation, ...]:
    """All violations of `shapes` in the store, sorted. What `profile` proves is not looked at.

    Raises:
        UnsupportedShape: a shape goes beyond the subset.
    """

    def look(check: Check) -> set[Violation]:
        names = (check.shape, check.constraint)
        return {
            Violation(focus, *names, path or check.path, value, check.message)
            for focus, value, path in store.select(check.query)
        }

    checks = list(Compiler(shapes, ontology).checks())
    if profile is not None:
        checks = [each for each in checks if not profile.proves(each)]
    # One after the other: what each remembers meanwhile would add up.
    return tuple(sorted({each for check in checks for each in look(check)}))


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns a shapes graph into checks."""

    graph: rdflib.Graph
    ontology: Ontology

    def checks(self) -> Iterator[Check]:
        """One check for each target and constraint."""
        for shape in _sorted(self.graph.subjects(RDF.type, SH.NodeShape)):
            for focus in self._focus(shape):
                yield from self._constraints(shape, focus, "")
                for each in _sorted(self.graph.objects(shape, SH.property)):
                    path = self.graph.value(each, SH.path)
                    if not isinstance(path, rdflib.URIRef):
                        raise UnsupportedShape(f"{each}: its path is not one predicate")
                    yield from self._constraints(each, focus, str(path))

    def _focus(self, shape: Node) -> Iterator[Focus]:
        """The targets of a shape."""
        classes = self._below(self.graph.objects(shape, SH.targetClass))
        if classes:
            values = f"VALUES ?class {{ {_listed(classes, ' ')} }} ?this a ?class ."
            yield Focus(values, classes=classes)
        for name in _sorted(self.graph.objects(shape, SH.targetSubjectsOf)):
            yield Focus(f"?this {name.n3()} ?any .", predicate=str(name))
        if names := _sorted(self.graph.objects(shape, SH.targetObjectsOf)):
            listed = " ".join(name.n3() for name in names)
            yield Focus(f"VALUES ?property {{ {listed} }} ?any ?property ?this .")

    def _constraints(self, shape: Node, focus: Focus, path: str) -> Iterator[Check]:
        # What has a value for the path is in focus already where that is the target.
        pattern = "" if path and path == focus.predicate else focus.pattern
        for parameter, value in sorted(self.graph.predicate_objects(shape), key=str):
            if parameter not in _STRUCTURE:
                named = value if parameter == SH.sparql else shape
                yield Check(
                    shape=str(named),
                    constraint=_local(parameter),
                    path=path,
                    message=str(self.graph.value(named, SH.message) or ""),
                    query=self._query(parameter, value, pattern, path),
                    focus=focus,
                    allowed=self._allowed(parameter, value),
                )

    def _allowed(self, parameter: Node, value: Node) -> frozenset[str]:
        """What a profile can compare with; see `Check`."""
        match _local(parameter):
            case "class":
                return self._below([value])
            case "or":
                pairs = self._choices(value)
                classes = self._below(each for name, each in pairs if name == SH["class"])
                return classes | {str(each) for name, each in pairs if name == SH.datatype}
            case _:
                return frozenset([str(value)])

    def _query(self, parameter: Node, value: Node, focus: str, path: str) -> str:
        """Select the violations of one constraint component (SHACL §4).

        Where a path leads to the values, they are looked at first and the focus last, of those
        few that offend: what passes is neither joined nor remembered.
        """
        step = f"?this <{path}> ?value ." if path else "BIND(?this AS ?value)"
        reach, last = (step, _exists(focus)) if path else (f"{focus} {step}", "")
        match _local(parameter):
            case "minCount" if int(str(value)) == 1:
                return _select(f"{focus} FILTER NOT EXISTS {{ {step} }}")
            case "maxCount":
                return (
                    f"SELECT ?this ('' AS ?value) ('' AS ?path) WHERE {{ {focus} {step} }} "
                    f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {int(str(value))})"
                )
            case "hasValue":
                return _select(f"{focus} FILTER NOT EXISTS {{ ?this <{path}> {value.n3()} }}")
            case "class":
                return _select(self._outside([value], path, reach) + last)
            case "or":
                return _select(self._or(value, path, reach) + last)
            case "lessThan":
                other = f"?this {value.n3()} ?other ."
                return _select(f"{reach} {other} FILTER(!COALESCE(?value < ?other, false)) {last}")
            case "uniqueLang" if str(value) == "true":
                other = f"?this <{path}> ?other ."
                again = "LANG(?one) = LANG(?other) && LANG(?one) != '' && ?one != ?other"
                return _select(f"?this <{path}> ?one . {other} FILTER({again}) {last}")
            case "sparql":
                select = str(self.graph.value(value, SH.select)).replace("$this", "?this")
                prologue, keyword, rest = select.partition("SELECT")
                return prologue + _select(f"{{ {keyword}{rest} }} {_exists(focus)}")
            case _:
                holds = self._holds(parameter, value)
                return _select(f"{reach} FILTER(!COALESCE({holds}, false)) {last}")

    def _holds(self, parameter: Node, value: Node) -> str:
        """The expression that is true of a good ?value."""
        match _local(parameter):
            case "datatype":
                return _has_datatype(value)
            case "nodeKind" if value in (SH.IRI, SH.Literal):
                return f"is{_local(value)}(?value)"
            case "pattern":
                return f"REGEX(STR(?value), {value.n3()})"
            case "minInclusive":
                return f"?value >= {value.n3()}"
            case "maxInclusive":
                return f"?value <= {value.n3()}"
            case "in":
                return f"?value IN ({', '.join(each.n3() for each in self._members(value))})"
            case name:
                raise UnsupportedShape(f"sh:{name} {value.n3()} is not compiled")

    def _or(self, members: Node, path: str, reach: str) -> str:
        """`sh:or` of classes alone or of datatypes alone."""
        pairs = self._choices(members)
        names, values = {name for name, _ in pairs}, _sorted(value for _, value in pairs)
        if names == {SH["class"]}:
            return self._outside(values, path, reach)
        if names == {SH.datatype}:
            good = " || ".join(f"COALESCE({_has_datatype(each)}, false)" for each in values)
            return f"{reach} FILTER(!({good}))"
        raise UnsupportedShape(f"sh:or of {', '.join(sorted(map(str, names)))} is not compiled")

    def _outside(self, classes: list[Node], path: str, reach: str) -> str:
        """Those values that are in none of the classes.

        Oxigraph makes a table of what MINUS takes away: here the instances of some classes. Where
        it would be all that has a type, NOT EXISTS, which looks each value up, takes no memory.
        """
        kinds = f"VALUES ?kind {{ {_listed(self._below(classes), ' ')} }}"
        outside = f"MINUS {{ {kinds} ?value a ?kind }}"
        if not path:
            return f"{reach} {outside}"
        values = f"{{ SELECT DISTINCT ?value WHERE {{ ?any <{path}> ?value }} }}"
        return f"{{ SELECT ?value WHERE {{ {values} {outside} }} }} {reach}"

    def _below(self, classes: Iterable[Node]) -> frozenset[str]:
        """The classes and those below them."""
        below = set()
        for each in classes:
            term = self.ontology.find(str(each))
            names = self.ontology.subclasses(term.name) if term else ()
            below |= {str(each), *(name.iri for name in names)}
        return frozenset(below)

    def _choices(self, members: Node) -> list[tuple[Node, Node]]:
        """The parameters of the members of an `sh:or`, with their values."""
        shapes = self._members(members)
        return [pair for each in shapes for pair in self.graph.predicate_objects(each)]

    def _members(self, head: Node) -> list[Node]:
        return list(Collection(self.graph, head))


def _listed(iris: Iterable[str], separator: str) -> str:
    return separator.join(f"<{each}>" for each in sorted(iris))


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=str)


def _local(node: Node) -> str:
    return str(node).removeprefix(str(SH))


def _exists(focus: str) -> str:
    return f" FILTER EXISTS {{ {focus} }}" if focus else ""


def _select(where: str) -> str:
    return f"SELECT DISTINCT ?this ?value ?path WHERE {{ {where} }}"


def _has_datatype(datatype: Node) -> str:
    """True where ?value has the datatype and a lexical form that it allows (SHACL §4.1.2)."""
    same = f"DATATYPE(?value) = {datatype.n3()}"
    cast = f"DATATYPE({datatype.n3()}(STR(?value))) = {datatype.n3()}"
    return f"{same} && {cast}" if datatype in _CAST else same
