"""The ontology as values: what may be said in this graph, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.model.errors import DataError
from kg.model.rdf import Iri, Quad
from kg.ontology.reader import Reader, Triple, read_files
from kg.ontology.terms import Alignment, Class, Concept, Kind, Property, Scheme, Term

__all__ = ["Alignment", "Class", "Concept", "Kind", "Ontology", "Property", "Scheme", "Term"]

SHAPES = "shapes.ttl"


@dataclass(frozen=True)
class Ontology:
    """The terms by name. `header` holds the ontology's own title, version and so on."""

    directory: Path
    header: Mapping[str, str]
    classes: Mapping[str, Class]
    properties: Mapping[str, Property]
    schemes: Mapping[str, Scheme]
    vocabulary: Mapping[str, Concept]
    triples: tuple[Triple, ...] = field(repr=False)

    @classmethod
    def load(cls, directory: Path) -> Ontology:
        """Read the Turtle files of `directory`; its `shapes.ttl` is no part of the vocabulary.

        Raises:
            DataError: a file is not Turtle, or a term lacks what every term must have.
        """
        files = (path for path in sorted(directory.glob("*.ttl")) if path.name != SHAPES)
        reader = Reader(read_files(files), directory.name)
        found = cls(
            directory=directory,
            header=reader.header(),
            classes={each.name: each for each in reader.classes()},
            properties={each.name: each for each in reader.properties()},
            schemes={each.name: each for each in reader.schemes()},
            vocabulary={each.name: each for each in reader.concepts()},
            triples=reader.triples(),
        )
        if reader.problems:
            raise DataError(reader.problems)
        return found

    @cached_property
    def segments(self) -> Mapping[str, Class]:
        """Classes by the TYPE of their instances' IRIs."""
        return {each.segment: each for each in self.classes.values() if each.segment}

    @cached_property
    def functional(self) -> frozenset[str]:
        """Names of the properties whose differing values contradict one another."""
        return frozenset(each.name for each in self.properties.values() if each.functional)

    def concepts(self, scheme: str) -> tuple[str, ...]:
        """Names of the concepts of a scheme, for example of `modality`."""
        return self.schemes[scheme].concepts

    def subclasses(self, name: str) -> tuple[Class, ...]:
        """The class of that name and all below it, by name."""
        return tuple(each for each in self.classes.values() if name in each.lineage)

    def find(self, iri: Iri) -> Term | None:
        """The term with this IRI."""
        return self._terms.get(str(iri))

    @cached_property
    def _terms(self) -> Mapping[Iri, Term]:
        tables: tuple[Mapping[str, Term], ...] = (
            self.classes, self.properties, self.vocabulary, self.schemes,
        )  # fmt: skip
        return {each.iri: each for table in tables for each in table.values()}

    def quads(self, graph: Iri) -> Iterator[Quad]:
        """The vocabulary as quads of the named graph `graph`, sorted."""
        return (Quad(*triple, graph) for triple in self.triples)
