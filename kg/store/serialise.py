"""Plain triples and quads, written in the formats of RDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg.model.rdf import Iri, Literal, Quad, Term
from kg.store.xml import keep_returns


def serialise(
    triples: Iterable[tuple[Iri, Iri, Term]], media_type: str, prefixes: Mapping[str, Iri]
) -> bytes:
    """The triples, in their order, in one of `GRAPH_TYPES`, with those `prefixes` that they use."""
    listed = list(triples)
    return _write(
        (_triple(*each) for each in listed), listed, RdfFormat.from_media_type(media_type), prefixes
    )


def serialise_quads(quads: Iterable[Quad], media_type: str, prefixes: Mapping[str, Iri]) -> bytes:
    """The quads, in their order; their triples alone where the format knows no named graphs.

    JSON-LD gets triples too: few of its readers look inside named graphs.
    """
    chosen = RdfFormat.from_media_type(media_type)
    if chosen not in (RdfFormat.N_QUADS, RdfFormat.TRIG):
        return serialise(((s, p, o) for s, p, o, _ in quads), media_type, prefixes)
    listed = list(quads)
    written = (
        pyoxigraph.Quad(NamedNode(s), NamedNode(p), oxigraph(o), NamedNode(graph))
        for s, p, o, graph in listed
    )
    return _write(written, listed, chosen, prefixes)


def _write(
    written: Iterable[Triple] | Iterable[pyoxigraph.Quad],
    listed: Iterable[tuple[Term, ...]],
    chosen: RdfFormat | None,
    prefixes: Mapping[str, Iri],
) -> bytes:
    iris = {term for each in listed for term in each if isinstance(term, str)}
    iris |= {term.datatype for each in listed for term in each if isinstance(term, Literal)}
    content = pyoxigraph.serialize(
        written,
        format=chosen,
        prefixes={
            name: namespace
            for name, namespace in prefixes.items()
            if any(iri.startswith(namespace) for iri in iris)
        },
    )
    return keep_returns(content or b"") if chosen == RdfFormat.RDF_XML else content or b""


def _triple(subject: Iri, predicate: Iri, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), oxigraph(value))


def oxigraph(term: Term) -> NamedNode | pyoxigraph.Literal:
    """The term as the engine has it."""
    if not isinstance(term, Literal):
        return NamedNode(term)
    if term.language:
        return pyoxigraph.Literal(term.value, language=term.language)
    return pyoxigraph.Literal(term.value, datatype=NamedNode(term.datatype))
