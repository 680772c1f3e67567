"""Validation by pySHACL, the reference: complete, and too slow for a graph of 500,000 triples."""

from __future__ import annotations

import re

import pyshacl
import rdflib
from rdflib.namespace import RDF, SH

from kg.build.validate.violation import Violation

# XML Schema 1.1 has dates before the year 1; rdflib has those of Python alone and calls them ill
# typed. The compiled shapes look at them.
_BEFORE = re.compile(r"(?:-\d{4}|0000)(?:-\d\d){0,2}\Z", re.ASCII)


def run(data: rdflib.Graph, shapes: rdflib.Graph) -> tuple[Violation, ...]:
    """All violations of `shapes` in `data`, sorted."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    results = report.subjects(RDF.type, SH.ValidationResult)
    found = {_violation(report, each) for each in results}
    return tuple(sorted(each for each in found if not _BEFORE.match(each.value)))


def _violation(report: rdflib.Graph, result: rdflib.term.Node) -> Violation:
    def text(predicate: rdflib.URIRef) -> str:
        value = report.value(result, predicate)
        return "" if value is None else str(value)

    component = text(SH.sourceConstraintComponent).rpartition("#")[2]
    name = component.removesuffix("ConstraintComponent").replace("SPARQL", "sparql")
    return Violation(
        focus=text(SH.focusNode),
        shape=text(SH.sourceConstraint) or text(SH.sourceShape),
        constraint=name[:1].lower() + name[1:],
        path=text(SH.resultPath),
        value=text(SH.value),
        message=text(SH.resultMessage),
    )
