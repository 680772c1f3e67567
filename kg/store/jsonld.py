"""JSON-LD in compact form (JSON-LD 1.1 §5.2), as a graph's readers know its terms.

The context stands in the document, so that nobody need fetch it: an archive's copy, or one that a
firewall keeps, is whole. Of what `/context.jsonld` publishes it has what the document uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import IO, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.namespace import RDF, XSD

from kg.model.rdf import Iri

_TYPE, _STRING = str(RDF.type), str(XSD.string)
_HELD = 1_000  # subjects of which a document's context is that which they use
# What JSON has values of its own for, which are read again as they were (§8.6).
_NATIVE = {
    str(XSD.boolean): re.compile("true|false"),
    str(XSD.integer): re.compile("0|-?[1-9][0-9]{0,14}"),
}
_ENDS = tuple(":/?#[]@")  # §4.1.5: only such a namespace makes a compact IRI


class Coined(NamedTuple):
    """The term for an IRI, and what its plain texts are: `@id`, a datatype, or empty for text."""

    name: str
    coerced: str


class Context:
    """Prefixes and, by their IRIs, terms; `used` are those that `key` has taken."""

    def __init__(self, prefixes: Mapping[str, Iri], terms: Mapping[Iri, Coined]) -> None:
        self._prefixes = {
            name: namespace
            for name, namespace in prefixes.items()
            if name and namespace.endswith(_ENDS)
        }
        self._terms = terms
        self._short: dict[Iri, str] = {}
        self.used: dict[str, Any] = {}

    def whole(self) -> dict[str, Any]:
        """All that a document may use, as one context."""
        for iri in self._terms:
            self.key(iri)
        return self._prefixes | self.used

    def key(self, iri: Iri) -> str:
        """How `iri` is written where a term may stand: as a key, a type or a datatype."""
        if iri not in self._short:
            self._short[iri] = self._compact(iri)
        return self._short[iri]

    def _compact(self, iri: Iri) -> str:
        term = self._terms.get(iri)
        if term and ":" not in term.name:
            self.used[term.name] = {"@id": iri, "@type": term.coerced} if term.coerced else iri
            return term.name
        for name, namespace in self._prefixes.items():
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                self.used[name] = namespace
                short = f"{name}:{iri[len(namespace) :]}"
                if term and term.coerced:
                    self.used[short] = {"@id": iri, "@type": term.coerced}
                return short
        return iri

    def value(self, predicate: Iri, term: Any) -> Any:
        """The object of a triple."""
        coerced = self._terms[predicate].coerced if predicate in self._terms else ""
        if not isinstance(term, Literal):
            name = _name(term)
            return name if coerced == "@id" else {"@id": name}
        if term.language:
            direction = {"@direction": term.direction.value} if term.direction else {}
            return {"@language": term.language, **direction, "@value": term.value}
        datatype = term.datatype.value
        native = _NATIVE.get(datatype)
        if native and coerced in ("", datatype) and native.fullmatch(term.value):
            return json.loads(term.value)
        if datatype == (coerced or _STRING):
            return term.value
        if datatype == _STRING:
            return {"@value": term.value}
        return {"@type": self.key(datatype), "@value": term.value}


def write(triples: Iterable[Triple], output: IO[bytes], context: Context) -> None:
    """Write `triples`, of which those of a subject stand together, to `output`."""
    nodes = (
        json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode()
        for each in _nodes(triples, context)
    )
    first = [*islice(nodes, _HELD)]  # readers of streams want the context before all else
    following = next(nodes, None)
    known = dict(sorted(context.used.items())) if following is None else context.whole()
    output.write(f'{{"@context":{json.dumps(known, ensure_ascii=False)},\n"@graph":[\n'.encode())
    output.write(b",\n".join(first))
    for each in chain([following] if following else [], nodes):
        output.write(b",\n" + each)
    output.write(b"\n]}\n")


def _nodes(triples: Iterable[Triple], context: Context) -> Iterator[dict[str, Any]]:
    for subject, own in groupby(triples, attrgetter("subject")):
        node: dict[str, Any] = {"@id": _name(subject)}
        for _, predicate, term in own:
            iri = predicate.value
            if iri == _TYPE and isinstance(term, NamedNode):
                key, value = "@type", context.key(term.value)
            else:
                key, value = context.key(iri), context.value(iri, term)
            node.setdefault(key, []).append(value)
        yield {key: found[0] if _alone(found) else found for key, found in node.items()}


def _alone(found: Any) -> bool:
    return isinstance(found, list) and len(found) == 1


def _name(term: Any) -> str:
    if isinstance(term, BlankNode):
        return str(term)
    if isinstance(term, NamedNode):
        return term.value
    raise ValueError(f"JSON-LD 1.1 has no place for {term}")
