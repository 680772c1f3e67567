"""The terms of the ontology as values.

Terms go by the short names that sheets use (`kg.ontology.names`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kg.model.rdf import Iri

LAST = 1 << 30  # the order of a term that states none
# The roles of properties that lead from what happens, or lasts, to who has a part in it.
PARTIES = (
    "Actor", "Recipient", "Partner", "Party", "Originator", "Affected", "Holder", "Office",
    "Principal",
)  # fmt: skip
# Names that facets of any vocabulary have, or that say how a page shows them.
RESERVED = frozenset(
    {"about", "by", "format", "kind", "order", "page", "period", "release", "size", "source",
     "standing"}
)  # fmt: skip

Kind = Literal[
    "entity", "concept", "date", "text", "string", "boolean", "integer", "decimal", "url", "any"
]
_ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The base's namespace or a project's. `header` is what its files say of it, by CURIE."""

    prefix: str
    namespace: Iri
    header: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term bears on one of another vocabulary: `rdfs:subClassOf`, `skos:closeMatch`, …"""

    relation: str
    target: Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What every term has.

    `curie` is its name in Turtle and SPARQL. `example` is Turtle, for a concept a sentence.
    `sentence` is the template of `clm:sentence`, `role` the name of the concept of
    `clm:eventRole`; both are empty where there is none. `order` is that of `sh:order`, and after
    all others without one.
    """

    iri: Iri
    name: str
    curie: str
    label: str
    definition: str
    example: str
    sentence: str
    role: str
    order: int
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Class(Named):
    """A class.

    `superclasses` names those right above it, `lineage` itself and all above it; `segment` is
    the TYPE of `id/TYPE/SLUG`, empty where the class has no instances of its own. `plural` is what
    several are called (`skos:altLabel`), empty where English says it. `explorer` is the path at
    which what happens of it can be explored, with others of that path; empty without.
    """

    superclasses: tuple[str, ...]
    lineage: frozenset[str]
    segment: str
    plural: str
    explorer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Named):
    """A property.

    `domain` and `range` name classes, of which a subject or a value needs one in its lineage;
    empty stands for any. `datatypes` are those that a literal may have. `scheme` names the
    concept scheme of a concept. `functional` marks a `clm:FunctionalClaimProperty`, `claimable`
    a `clm:ClaimProperty`. `question` is the heading under which its values stand. `converse` names
    the property that says the same backwards, empty where none does; `incompatible` those of which
    `clm:incompatibleWith` says that they exclude this one. `facet` is the name of the facet that
    its values make, empty where they make none.
    """

    kind: Kind
    domain: frozenset[str]
    range: frozenset[str]
    datatypes: tuple[Iri, ...]
    scheme: str
    functional: bool
    claimable: bool
    inverse_label: str
    question: str
    superproperties: tuple[str, ...]
    converse: str
    incompatible: tuple[str, ...]
    facet: str

    @property
    def evaluating(self) -> bool:
        """Whether it says what a source thinks: `clm:assessment`, or a property below it."""
        return _ASSESSMENT in (self.name, *self.superproperties)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Named):
    """A concept, in one or more schemes; `notation` is its code, where it has one."""

    schemes: tuple[str, ...]
    broader: tuple[str, ...]
    notation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Named):
    """A concept scheme and the names of its concepts. `clm:ModalityScheme` goes by `modality`."""

    concepts: tuple[str, ...]


Term = Class | Property | Concept | Scheme
