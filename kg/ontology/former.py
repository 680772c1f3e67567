"""Terms that have another name now: whoever writes the former one is understood.

A term is such where it is deprecated and what replaces it is above it, by `rdfs:subClassOf` or
`rdfs:subPropertyOf`, or the same concept, by `skos:exactMatch`: all that is said by the former name
holds by the other. Of other deprecated
terms the successor is used otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

import rdflib
from rdflib.namespace import DCTERMS, OWL, RDFS, SKOS
from rdflib.term import Node

_BELOW = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.exactMatch)


def former(graph: rdflib.Graph) -> Mapping[Node, Node]:
    """The successor of each term that was only renamed."""
    return {
        term: successor
        for term in graph.subjects(OWL.deprecated)
        for successor in graph.objects(term, DCTERMS.isReplacedBy)
        if any((term, below, successor) in graph for below in _BELOW)
    }


def succeeded(graph: rdflib.Graph, renamed: Mapping[Node, Node]) -> rdflib.Graph:
    """`graph` with the names of today, but for what is said of the former names themselves."""
    told = rdflib.Graph()
    for subject, predicate, value in graph:
        about = subject in renamed or predicate == DCTERMS.isReplacedBy
        now = value if about else renamed.get(value, value)
        told.add((subject, renamed.get(predicate, predicate), now))
    return told
