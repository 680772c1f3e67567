"""What is published as a whole, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.iris import Minter
from kg.model.rdf import Iri, Quad, Term
from kg.model.settings import Settings
from kg.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publisher says of the graph as a whole. `contact` is an IRI, or empty."""

    minter: Minter
    title: str
    description: str
    licence: str
    publisher: str
    contact: str
    language: str
    ontology: Ontology

    @classmethod
    def of(cls, settings: Settings, ontology: Ontology) -> Publication:
        """As a project's settings have it."""
        return cls(
            minter=Minter(settings.base),
            title=settings.title,
            description=settings.description,
            licence=settings.licence,
            publisher=settings.publisher or settings.title,
            contact=settings.report_to.partition("{")[0].partition("?")[0],
            language=settings.language,
            ontology=ontology,
        )

    @property
    def dataset(self) -> Iri:
        return self.minter.entity("dataset/chancery")

    @property
    def reserved(self) -> tuple[str, ...]:
        """How the subjects begin that `described` describes."""
        return f"<{self.dataset}>", f"<{self.dataset}/", f"<{self.minter.graph('')}"

    def name(self, graph: Iri) -> str:
        """`records/travels` of `graph/records/travels`."""
        return graph.removeprefix(self.minter.graph(""))

    def say(self, subject: Iri, predicate: Iri, value: Term) -> Quad:
        """A quad of `graph/meta`."""
        return Quad(subject, predicate, value, self.minter.meta)
