"""The terms that a query names, held against the vocabulary of a project.

Every IRI in a namespace of the project's vocabularies must be one of its terms, wherever it stands.
One of a namespace that the project does not know may be a thing; as a predicate or a class it is a
term that the project lacks.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from rdflib.namespace import OWL, RDF, RDFS, SKOS, XSD

from kg.model.namespaces import PREFIXES, TEXT_QUERY
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.store import preflight

# SPARQL 1.1 §19.8, as far as it tells IRIs from what may look like one.
_TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | \#[^\r\n]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<literal> \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' | [0-9]*\.?[0-9]+ )
    | (?P<variable> [?$]\w+ ) | (?P<blank> _:[\w.-]+ ) | (?P<tag> @[A-Za-z0-9-]+ )
    | (?P<name> (?:[^\W\d_][\w.-]*)?:(?:(?:[\w:.%-]|\\.)*(?:[\w:%-]|\\.))? )
    | (?P<word> [A-Za-z]\w* )
    | (?P<mark> && | \|\| | != | <= | >= | \^\^ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH = {"/", "|", "^", "*", "+", "?", ")"}
# Frozen by their specifications, so that one of them that rdflib does not list is misspelt.
_CLOSED = {str(each): each for each in (OWL, RDF, RDFS, SKOS, XSD)}


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI in a query: as it is written, where (line, from 1), and what it stands for."""

    written: str
    line: int
    iri: Iri
    is_term: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """A term that the project has not, and what may have been meant."""

    written: str
    line: int
    near: str


def lacking(text: str, ontology: Ontology, base: str) -> Iterator[Lacking]:
    """Each term of `text` that the ontology lacks, once; `base` resolves relative IRIs."""
    seen = set()
    for each in _names(text, ontology, base):
        if each.iri not in seen and not _known(each, ontology, base):
            seen.add(each.iri)
            yield Lacking(each.written, each.line, _near(each, ontology))


def _known(named: Named, ontology: Ontology, base: str) -> bool:
    iri = named.iri
    if iri == TEXT_QUERY or ontology.find(iri) or iri in ontology.names.own.values():
        return True
    if ontology.names.owns(iri):
        return False
    outside = next((each for each in PREFIXES.values() if iri.startswith(each)), "")
    if outside in _CLOSED:
        return (
            iri in _CLOSED[outside] or iri == outside or re.search(r"#_[1-9]\d*$", iri) is not None
        )
    return bool(outside) or iri.startswith(base) or not named.is_term


def _near(named: Named, ontology: Ontology) -> str:
    names = ontology.names
    terms = (*ontology.classes.values(), *ontology.properties.values(),
             *ontology.vocabulary.values(), *ontology.schemes.values())  # fmt: skip
    known = [names.curie(each.iri) for each in terms]
    return next(iter(difflib.get_close_matches(names.curie(named.iri), known, 1)), "")


def _names(text: str, ontology: Ontology, base: str) -> Iterator[Named]:
    """Every IRI below the prologue, resolved (SPARQL 1.1 §4.1.1)."""
    tokens = [
        (each.lastgroup or "", each[0], each.start())
        for each in _TOKEN.finditer(preflight.unescaped(text))
        if each.lastgroup != "skip"
    ]
    prefixes = dict(ontology.prefixes)
    iris: dict[int, Iri] = {}
    for at, (kind, written, _) in enumerate(tokens):
        before = tokens[at - 1][1].upper() if at else ""
        if kind == "iri":
            iris[at] = urljoin(base, written[1:-1])
            if before == "BASE":
                base = iris.pop(at)
            elif at > 1 and tokens[at - 2][1].upper() == "PREFIX":
                prefixes[tokens[at - 1][1][:-1]] = iris.pop(at)
        elif kind == "name" and before != "PREFIX":
            prefix, _, local = written.partition(":")
            if prefix in prefixes:
                iris[at] = prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
    data = _data(tokens)
    for at, iri in iris.items():
        _, written, start = tokens[at]
        is_term = at not in data and _is_term(tokens, at, iris)
        yield Named(written, text.count("\n", 0, start) + 1, iri, is_term)


def _is_term(tokens: list[tuple[str, str, int]], at: int, iris: dict[int, Iri]) -> bool:
    """Whether the IRI stands where a predicate or a class does."""
    kind, before, _ = tokens[at - 1]
    if before == "a" or iris.get(at - 1) == str(RDF.type):
        return True
    after_kind, after, _ = tokens[at + 1] if at + 1 < len(tokens) else ("", "", 0)
    in_path = after in _PATH - {")"} and (before in {"(", "/", "|", "^", "!"} or kind != "mark")
    follows = kind in {"variable", "iri", "name", "blank"} or before in {*_PATH, ";", "[", "]", "!"}
    precedes = after_kind in {"variable", "iri", "name", "literal", "blank"} or after in {"(", "["}
    return in_path or (follows and precedes)


def _data(tokens: list[tuple[str, str, int]]) -> set[int]:
    """The tokens inside the braces of VALUES, where nothing is a predicate by its place."""
    inside, found = False, set()
    for at, (_, written, _) in enumerate(tokens):
        if written.upper() == "VALUES":
            inside = True
        elif written == "}":
            inside = False
        elif inside:
            found.add(at)
    return found
