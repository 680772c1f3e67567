"""The ontology as values: what may be said in this graph, and what it means.

The base vocabulary lies beneath; the vocabularies of a project are laid over it
(`kg.ontology.project`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.model.errors import DataError
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Quad
from kg.ontology.files import read_files
from kg.ontology.names import TermNames
from kg.ontology.reader import TermReader, Triple
from kg.ontology.terms import (
    Alignment,
    Class,
    Concept,
    Kind,
    Property,
    Scheme,
    Term,
    Vocabulary,
)

__all__ = [
    "Alignment",
    "Class",
    "Concept",
    "Kind",
    "Ontology",
    "Property",
    "Scheme",
    "Term",
    "Vocabulary",
]

SHAPES = "shapes.ttl"
BASE = Path(__file__).parent / "base"


def _rank(term: Property) -> tuple[int, str]:
    return term.order, term.name


@dataclass(frozen=True, eq=False)  # so that what a page needs of it can be cached
class Ontology:
    """The terms by name. `vocabularies` are those laid over one another, the base first;
    `shapes` the files with what a release must satisfy beyond domains and ranges; `former` what
    terms are called now that had another IRI, `based` the classes that the base gives a segment.
    """

    vocabularies: tuple[Vocabulary, ...]
    shapes: tuple[Path, ...]
    names: TermNames
    classes: Mapping[str, Class]
    properties: Mapping[str, Property]
    schemes: Mapping[str, Scheme]
    vocabulary: Mapping[str, Concept]
    former: Mapping[Iri, Iri]
    based: frozenset[Iri]
    triples: tuple[Triple, ...] = field(repr=False)

    @classmethod
    def load(cls, *directories: Path, namespaces: Mapping[str, Iri] | None = None) -> Ontology:
        """Read the Turtle files of the base and of `directories`, each laid over those before.

        `namespaces` are those that a project declares for its own terms, by prefix; one whose
        files have an `owl:Ontology` with its prefix and namespace needs no declaration. A
        `shapes.ttl` is no part of a vocabulary.

        Raises:
            DataError: with every file that is not Turtle, and every term that cannot be used.
        """
        folders = dict.fromkeys(each.resolve() for each in (BASE, *directories))
        paths = [path for folder in folders for path in sorted(folder.glob("*.ttl"))]
        reader = TermReader(
            read_files(each for each in paths if each.name != SHAPES), dict(namespaces or {})
        )
        found = cls(
            vocabularies=tuple(reader.vocabularies()),
            shapes=tuple(each for each in paths if each.name == SHAPES),
            names=reader.names,
            classes={each.name: each for each in reader.classes()},
            properties={each.name: each for each in reader.properties()},
            schemes={each.name: each for each in reader.schemes()},
            vocabulary={each.name: each for each in reader.concepts()},
            former={str(old): str(new) for old, new in reader.former.items()},
            based=frozenset(
                str(each)
                for file in reader.files.each
                if file.path.parent == BASE
                for each in file.graph.subjects(CLM.segment)
            ),
            triples=reader.triples(),
        )
        reader.check({**{name: each.iri for name, each in found.classes.items()}, **found.iris})
        if reader.problems:
            raise DataError(reader.problems)
        return found

    @property
    def prefixes(self) -> Mapping[str, Iri]:
        """The prefixes of dumps, pages and CURIEs, declared in advance at the endpoint."""
        return self.names.prefixes

    @cached_property
    def iris(self) -> Mapping[str, Iri]:
        """The IRI of each property and concept by its short name, as facts name them."""
        return {
            each.name: each.iri for each in (*self.properties.values(), *self.vocabulary.values())
        }

    @cached_property
    def segments(self) -> Mapping[str, Class]:
        """Classes by the TYPE of their instances' IRIs."""
        return {each.segment: each for each in self.classes.values() if each.segment}

    @cached_property
    def functional(self) -> frozenset[str]:
        """TermNames of the properties whose differing values contradict one another."""
        return frozenset(each.name for each in self.properties.values() if each.functional)

    def concepts(self, scheme: str) -> tuple[str, ...]:
        """TermNames of the concepts of a scheme, for example of `modality`."""
        return self.schemes[scheme].concepts

    def subclasses(self, name: str) -> tuple[Class, ...]:
        """The class of that name and all below it, by name."""
        return tuple(each for each in self.classes.values() if name in each.lineage)

    def above(self, name: str) -> tuple[Class, ...]:
        """The class of that name and all above it, the nearest first."""
        found = [name]
        for each in found:
            found += (one for one in self.classes[each].superclasses if one not in found)
        return tuple(self.classes[each] for each in found)

    def playing(self, *roles: str) -> tuple[Property, ...]:
        """The properties with one of these event roles, by their order: `playing("Begins")`."""
        if roles not in self._played:
            found = (each for each in self.properties.values() if each.role in roles)
            self._played[roles] = tuple(sorted(found, key=_rank))
        return self._played[roles]

    def kinds(self, *roles: str) -> tuple[Class, ...]:
        """The classes with one of these event roles, and all below them, by name."""
        above = {each.name for each in self.classes.values() if each.role in roles}
        return tuple(each for each in self.classes.values() if above & each.lineage)

    def find(self, iri: Iri) -> Term | None:
        """The term with this IRI, or that had it formerly."""
        return self._terms.get(self.former.get(str(iri), str(iri)))

    def named(self, name: str) -> Term | None:
        """The term with this short name or CURIE: `statedIn`, `clm:statedIn`, `dcterms:title`."""
        prefix, colon, local = name.partition(":")
        if colon:
            return self.find(self.prefixes.get(prefix, "") + local)
        return self._own.get(name)

    @cached_property
    def _played(self) -> dict[tuple[str, ...], tuple[Property, ...]]:
        """What was asked of `playing`: pages ask for some roles dozens of times."""
        return {}

    @cached_property
    def _own(self) -> Mapping[str, Term]:
        """The project's terms by their short names."""
        known = {**self.former, **{iri: iri for iri in self._terms if self.names.owns(iri)}}
        return {self.names.short(iri): self._terms[now] for iri, now in known.items()}

    @cached_property
    def _terms(self) -> Mapping[Iri, Term]:
        tables: tuple[Mapping[str, Term], ...] = (
            self.classes, self.properties, self.vocabulary, self.schemes,
        )  # fmt: skip
        return {each.iri: each for table in tables for each in table.values()}

    def quads(self, graph: Iri) -> Iterator[Quad]:
        """The vocabulary as quads of the named graph `graph`, sorted."""
        return (Quad(*triple, graph) for triple in self.triples)

    @property
    def project(self) -> Vocabulary:
        """The vocabulary laid last: the project's own, else the one it uses."""
        return self.vocabularies[-1]

    def is_base(self, term: Class) -> bool:
        """Whether the base has the class in every project."""
        return term.iri.startswith(str(CLM)) or term.iri in self.based

    def is_former(self, name: str) -> bool:
        """Whether a short name or CURIE is one that a term had before."""
        return name in self._former_names and name not in self._own_names

    @cached_property
    def _own_names(self) -> frozenset[str]:
        return frozenset(self.names.short(iri) for iri in self._terms)

    @cached_property
    def _former_names(self) -> frozenset[str]:
        return frozenset(
            name(old) for old in self.former for name in (self.names.short, self.names.curie)
        )
