"""Plain triples and quads, and those of a query, written in the formats of RDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import chain, islice
from typing import IO, cast

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg.model.iris import is_iri
from kg.model.rdf import Iri, Literal, Quad, Term
from kg.store import jsonld
from kg.store.jsonld import Coined, Context
from kg.store.xml import keep_returns

_AT_ONCE = 20_000  # triples of which those of a subject are put together
# A prefix as a query declares it; one in a string or a comment does no harm.
_DECLARED = re.compile(r"\bPREFIX\s++((?:[A-Za-z][\w-]*+)?+)\s*+:\s*+<([^<>\s]*+)>", re.IGNORECASE)
_HEAD = re.compile(rb"@prefix ([^:]*+): <[^>]*+> \.\n")
Known = Mapping[Iri, Coined]
_NONE: Known = {}


def serialise(
    triples: Iterable[tuple[Iri, Iri, Term]],
    media_type: str,
    prefixes: Mapping[str, Iri],
    terms: Known = _NONE,
) -> bytes:
    """The triples, in their order, in one of `GRAPH_TYPES`, with those `prefixes` that they use.

    JSON-LD has the `terms` as well.
    """
    output = BytesIO()
    listed = list(triples)
    written = (_triple(*each) for each in listed)
    chosen = RdfFormat.from_media_type(media_type)
    if chosen == RdfFormat.JSON_LD:
        jsonld.write(written, output, Context(prefixes, terms))
        return output.getvalue()
    return _write(written, listed, chosen, prefixes)


def translate(
    turtle: bytes,
    more: Iterable[tuple[Iri, Iri, Term]],
    media_type: str,
    prefixes: Mapping[str, Iri],
) -> bytes:
    """A document of Turtle with `more` triples, in one of `GRAPH_TYPES`."""
    added = (_triple(*each) for each in more)
    read = pyoxigraph.parse(turtle, format=RdfFormat.TURTLE)
    output = BytesIO()
    triples = chain((each.triple for each in read), added)
    write_triples(
        triples, cast("RdfFormat", RdfFormat.from_media_type(media_type)), output, prefixes
    )
    return output.getvalue()


def serialise_quads(
    quads: Iterable[Quad], media_type: str, prefixes: Mapping[str, Iri], terms: Known = _NONE
) -> bytes:
    """The quads, in their order; their triples alone where the format knows no named graphs.

    JSON-LD gets triples too: few of its readers look inside named graphs. For the same reason the
    formats that have some say each triple without its graph first: whoever asks for a description
    looks for it in the default graph, in whatever syntax it comes.
    """
    chosen = RdfFormat.from_media_type(media_type)
    listed = list(quads)
    if chosen not in (RdfFormat.N_QUADS, RdfFormat.TRIG):
        return serialise((each[:3] for each in listed), media_type, prefixes, terms)
    written = chain(
        (_quad(each, pyoxigraph.DefaultGraph()) for each in listed),
        (_quad(each, NamedNode(each.graph)) for each in listed),
    )
    return _write(written, listed, chosen, prefixes)


def write_graph(
    results: pyoxigraph.QueryTriples,
    media_type: str,
    output: IO[bytes],
    query: str,
    prefixes: Mapping[str, Iri],
) -> None:
    """The graph that a query makes, grouped by subject where the format has a way to: with the
    prefixes that the query declares, and the usual ones.
    """
    chosen = cast("RdfFormat", RdfFormat.from_media_type(media_type))
    if chosen not in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.JSON_LD):
        results.serialize(output, chosen)
        return
    own = {name: iri for name, iri in _DECLARED.findall(query) if is_iri(iri)}
    known = {name: iri for name, iri in prefixes.items() if iri not in own.values()} | own
    write_triples(results, chosen, output, known)


def write_triples(
    triples: Iterable[Triple], chosen: RdfFormat, output: IO[bytes], prefixes: Mapping[str, Iri]
) -> None:
    """Any triples, those of a subject together."""
    if chosen == RdfFormat.JSON_LD:
        jsonld.write(grouped(triples), output, Context(prefixes, _NONE))
    else:
        pyoxigraph.serialize(grouped(triples), output, chosen, prefixes=dict(prefixes))


def without_idle(turtle: bytes) -> bytes:
    """Turtle without the prefixes at its head that nothing behind it uses."""
    head, at = [], 0
    while found := _HEAD.match(turtle, at):
        head.append((found[1] + b":", found[0]))
        at = found.end()
    return b"".join([each for name, each in head if turtle.find(name, at) >= 0]) + turtle[at:]


def grouped(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, those of a subject and of its predicates together where they come near."""
    source = iter(triples)
    while block := [*islice(source, _AT_ONCE)]:
        subjects: dict[object, dict[NamedNode, list[Triple]]] = {}
        for each in block:
            subjects.setdefault(each.subject, {}).setdefault(each.predicate, []).append(each)
        for predicates in subjects.values():
            for found in predicates.values():
                yield from found


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


def _quad(quad: Quad, home: NamedNode | pyoxigraph.DefaultGraph) -> pyoxigraph.Quad:
    return pyoxigraph.Quad(
        NamedNode(quad.subject), NamedNode(quad.predicate), oxigraph(quad.object), home
    )


def _triple(subject: Iri, predicate: Iri, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), oxigraph(value))


def oxigraph(term: Term) -> NamedNode | pyoxigraph.Literal:
    """The term as the engine has it."""
    if not isinstance(term, Literal):
        return NamedNode(term)
    if term.language:
        return pyoxigraph.Literal(term.value, language=term.language)
    return pyoxigraph.Literal(term.value, datatype=NamedNode(term.datatype))
