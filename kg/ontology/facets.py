"""The facets by which a reader chooses among what happens, as the annotations name them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.ontology import Class, Ontology, Property

HAPPENINGS = ("Occurrence", "Conclusion", "Condition", "Service")  # roles of classes with dates
KIND, SOURCE, STANDING = "kind", "source", "standing"  # facets of every vocabulary
_FIRST = ("Actor", "Office", "Principal", "Recipient", "Location", "Partner")


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` stands in addresses, `label` is for people. `role` is that of `properties`."""

    name: str
    label: str
    role: str
    properties: tuple[Property, ...]


def facets(ontology: Ontology) -> tuple[Facet, ...]:
    """Those that the vocabularies name, who acts first, and those of every vocabulary."""
    named: dict[str, list[Property]] = {}
    for each in sorted(ontology.properties.values(), key=_rank):
        if each.facet:
            named.setdefault(each.facet, []).append(each)
    own = (
        Facet(name, name.replace("-", " "), some[0].role, tuple(some))
        for name, some in named.items()
    )
    every = (Facet(name, name, "", ()) for name in (KIND, SOURCE, STANDING))
    return (*own, *every)


def explorers(ontology: Ontology) -> dict[str, tuple[Class, ...]]:
    """The paths of explorers, each with its classes."""
    found: dict[str, list[Class]] = {}
    for each in sorted(ontology.classes.values(), key=lambda each: (each.order, each.name)):
        if each.explorer:
            found.setdefault(each.explorer, []).append(each)
    return {path: tuple(classes) for path, classes in found.items()}


def explored(ontology: Ontology, path: str) -> tuple[Class, ...]:
    """The classes of an explorer, and all below them."""
    found = (below for top in explorers(ontology)[path] for below in ontology.subclasses(top.name))
    return tuple(dict.fromkeys(found))


def _rank(term: Property) -> tuple[int, int, str]:
    known = _FIRST.index(term.role) if term.role in _FIRST else len(_FIRST)
    return known, term.order, term.name
