"""The project's JSON-LD context: a term for each class and property, by its name in sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model.rdf import Iri
from kg.ontology import Ontology, Property
from kg.store.jsonld import Coined, Context

_LINKS = frozenset({"entity", "concept", "url"})
_TEXTS = frozenset({"text", "string"})  # which are plain, or have a language each


def terms(ontology: Ontology) -> Mapping[Iri, Coined]:
    """The terms by their IRIs; one whose values are of one sort says which."""
    known = (*ontology.classes.values(), *ontology.properties.values())
    return {each.iri: Coined(each.name, _coerced(each)) for each in known}


def context(ontology: Ontology) -> dict[str, Any]:
    """All of it, as a document that others may refer to."""
    return {"@context": Context(ontology.prefixes, terms(ontology)).whole()}


def _coerced(term: object) -> str:
    if not isinstance(term, Property):
        return ""
    if term.kind in _LINKS:
        return "@id"
    return term.datatypes[0] if len(term.datatypes) == 1 and term.kind not in _TEXTS else ""
