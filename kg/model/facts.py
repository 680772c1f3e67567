"""Facts: the plain, typed values that sources hand to mappers. No RDF terms here.

There are four kinds. An `Entity` describes a thing; a `Document` is a source that speaks;
a `Claim` is one statement that a source makes, with its passage; a `Record` is one row of
a public record, which states several things at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kg.model.dates import Date as Date  # noqa: PLC0414 - values of facts, asked for here
from kg.model.dates import Edtf as Edtf  # noqa: PLC0414 - likewise
from kg.model.quantities import Quantity as Quantity  # noqa: PLC0414 - likewise


class Ref(str):
    """Names a thing inside the graph as `TYPE/SLUG`, for example `person/john-kerry`."""

    __slots__ = ()

    @property
    def type(self) -> str:
        return self.partition("/")[0]

    @property
    def slug(self) -> str:
        return self.partition("/")[2]


class Concept(str):
    """Names a concept of one of the ontology's schemes, for example `Planned`."""

    __slots__ = ()


class Url(str):
    """An absolute IRI outside this graph."""

    __slots__ = ()


class Text(NamedTuple):
    """Words in a language (a BCP 47 tag)."""

    value: str
    language: str = "en"


Value = Ref | Concept | Url | Text | Date | Edtf | Quantity | Decimal | bool | int | str
Field = tuple[str, Value]  # a column of a row, and what stands in it


def as_written(value: Value) -> str:
    """A value as a source writes it, without its type or language."""
    match value:
        case Text():
            return value.value
        case Date():
            return value.iso
        case Edtf():
            return value.text
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


class Statement(NamedTuple):
    """A triple before it has IRIs. `property` is a name that the ontology declares:
    the local name of a term of the project (`place`) or a CURIE of a reused one (`dcterms:title`).
    """

    subject: Ref
    property: str
    value: Value


class Span(NamedTuple):
    """A passage, half-open, in Unicode code points of the raw text.

    Source: Web Annotation Data Model §4.2.5 (TextPositionSelector).
    """

    start: int
    end: int


class Passage(NamedTuple):
    """Words of a text: where they stand, which they are, and the paragraph in which they start,
    counted from 1; each as far as it is known.
    """

    span: Span | None = None
    quote: str | None = None
    paragraph: int | None = None


class Difference(NamedTuple):
    """That a claim differs from another, where a person says so and no rule can see it."""

    claim: Ref
    kind: Concept
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing and its own description. What sources say *about* it are claims and records.

    `deprecated`: an earlier release had it, and this project no longer vouches for it. Its
    description says so, and what replaces it.
    """

    ref: Ref
    label: Text
    alt_labels: tuple[Text, ...] = ()
    description: tuple[Statement, ...] = ()
    deprecated: bool = False

    @classmethod
    def replaced(cls, old: Ref, new: Ref | None, reason: Text | None = None) -> Entity:
        """A reference that earlier releases had, what it leads on to, if anything, and why."""
        told = [Statement(old, "owl:deprecated", True)]
        if new is not None:
            told.append(Statement(old, "dcterms:isReplacedBy", new))
        if reason is not None:
            told.append(Statement(old, "skos:changeNote", reason))
        return cls(ref=old, label=Text(old.slug), description=tuple(told), deprecated=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that states claims. `text` is there only where its licence is open.

    `paragraphs` are the offsets at which its paragraphs start, where the sheet tells them.
    """

    ref: Ref
    label: Text
    description: tuple[Statement, ...]
    language: str
    sha256: str
    length: int
    derived_from: tuple[Ref, ...] = ()
    text: str | None = None
    paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement that a source makes, how firmly, in whose voices, and where in its text.

    `condition` is what it depends on; `complete` says that the source gives all values of the
    property, this one among them; `about` is what it bears on beside its subject. `column` names
    the field of a record that says so.
    """

    source: Ref
    id: str
    statement: Statement
    modality: Concept = Concept("Asserted")
    polarity: bool = True
    speakers: tuple[Ref, ...] = ()
    review: Concept = Concept("Reviewed")
    confidence: Decimal | None = None
    gloss: Text | None = None
    passages: tuple[Passage, ...] = ()
    condition: Text | None = None
    complete: bool = False
    about: tuple[Ref, ...] = ()
    differs_from: tuple[Difference, ...] = ()
    column: str | None = None

    @property
    def ref(self) -> Ref:
        """`claim/another-reset/9` for a document, `claim/travels/3568/place` for a record."""
        return Ref(f"claim/{self.source.slug}/{self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Evidence: the prose of a record's field names somebody or something.

    `span` counts code points of the field's value, `words` are those that stand there. `names` is
    None where nobody could be told; `says` is what else the words tell, as pairs of property and
    value (the post that a title names); without a `confidence`, a person decided it.
    """

    column: str
    span: Span
    words: str
    names: Ref | None
    says: tuple[tuple[str, Value], ...] = ()
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a public record: what it says of the event or tenure it is `about`.

    `fields` keeps the row's own values, by the names of the data set's columns: a plain str is
    words, any other value has the type that its column gives it. `columns` says in which of them a
    property's value stands, as pairs of property and column; `mentions` what their prose names.
    `words` is the sentence in which the row tells what it records, `page` where its publisher shows
    it. `repeats` is the record of an earlier row that says the same once more.
    """

    ref: Ref
    label: Text
    about: Ref
    statements: tuple[Statement, ...]
    fields: tuple[Field, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    mentions: tuple[Mention, ...] = ()
    words: Text | None = None
    page: Url | None = None
    repeats: Ref | None = None

    @property
    def dataset(self) -> str:
        return self.ref.slug.partition("/")[0]


Fact = Entity | Document | Claim | Record
