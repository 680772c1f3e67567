"""RDF quads as plain values, and their N-Quads form.

An IRI is a `str` (rdflib's `URIRef` is one too); a literal is a `Literal`. That is enough to
map, sort, compare, pickle and write a graph, and it costs a third of what rdflib's terms do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from rdflib.namespace import OWL, XSD


class Literal(NamedTuple):
    """A literal; `language` excludes `datatype` (RDF 1.1 Concepts §3.3)."""

    value: str
    datatype: str = str(XSD.string)
    language: str = ""


Iri = str
Term = Iri | Literal


class Quad(NamedTuple):
    """One triple and the named graph that is its home."""

    subject: Iri
    predicate: Iri
    object: Term
    graph: Iri


# A line of N-Quads as it is written: subject, predicate, and the rest: object, graph and dot.
Parts = list[str]

_STRING = str(XSD.string)
# N-Quads §3.1 needs these four; canonical form (RDF Dataset Canonicalization §3.2) escapes
# the remaining control characters too.
_ESCAPES = {code: f"\\u{code:04X}" for code in [*range(0x20), 0x7F]} | {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord("\b"): "\\b",
    ord("\f"): "\\f",
}


def text_of(term: Term) -> str:
    """`term` as N-Triples and SPARQL write it."""
    if isinstance(term, Literal):
        value, datatype, language = term
        # Most values need no escape, and to see that is five times faster than to translate them.
        if not value.isprintable() or '"' in value or "\\" in value:
            value = value.translate(_ESCAPES)
        text = f'"{value}"'
        if language:
            return f"{text}@{language}"
        return text if datatype == _STRING else f"{text}^^<{datatype}>"
    return f"<{term}>"


def value_of(term: Term | None) -> str:
    """The text of a literal; empty for an IRI, and where there is no term."""
    return term.value if isinstance(term, Literal) else ""


def words_of(rest: str) -> tuple[str, str]:
    """Language and words of the object at the start of the `rest` of a line; an IRI is its own."""
    if rest.startswith("<"):
        return "", rest[1 : rest.index(">")]
    end = rest.rindex('"')
    words = rest[1:end]
    if "\\" in words:
        # Canonical N-Quads escapes as JSON does.
        words = json.loads(rest[: end + 1])
    return rest[end + 2 : rest.index(" ", end)] if rest[end + 1] == "@" else "", words


def line(quad: Quad) -> str:
    """One line of N-Quads, in canonical form, without its newline."""
    subject, predicate, value, graph = quad
    return f"<{subject}> <{predicate}> {text_of(value)} <{graph}> ."


def path_of(properties: Iterable[Iri]) -> str:
    """Any of these properties, as a path of SPARQL; of none, what relates nothing (OWL 2 §5.4)."""
    each = [*properties] or [str(OWL.bottomObjectProperty)]
    return f"({'|'.join(map(text_of, each))})"
