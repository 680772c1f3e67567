"""Plain triples, written in the formats of RDF."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg.rdf import Iri, Literal, Term
from kg.vocab import PREFIXES


def serialise(triples: Iterable[tuple[Iri, Iri, Term]], media_type: str) -> bytes:
    """The triples, in their order, in one of `GRAPH_TYPES`, with the prefixes that they use."""
    listed = list(triples)
    iris = {term for triple in listed for term in triple if isinstance(term, str)}
    iris |= {term.datatype for _, _, term in listed if isinstance(term, Literal)}
    written = pyoxigraph.serialize(
        (Triple(NamedNode(s), NamedNode(p), _term(o)) for s, p, o in listed),
        format=RdfFormat.from_media_type(media_type),
        prefixes={
            name: namespace
            for name, namespace in PREFIXES.items()
            if any(iri.startswith(namespace) for iri in iris)
        },
    )
    return written or b""


def _term(term: Term) -> NamedNode | pyoxigraph.Literal:
    if not isinstance(term, Literal):
        return NamedNode(term)
    if term.language:
        return pyoxigraph.Literal(term.value, language=term.language)
    return pyoxigraph.Literal(term.value, datatype=NamedNode(term.datatype))
