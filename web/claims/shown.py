"""A claim as pages show it: with names, a standing, and the way to its passage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model.rdf import Iri, Literal, Term
from web.claims.reading import Passage, StatedClaim
from web.site.names import Names, Thing
from web.site.standing import Standing, standing
from web.site.values import Words, words


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim, ready for a template.

    `passage` is the address of its passage in the page of its document, None where it has none;
    `href` is the claim's own page.
    """

    claim: StatedClaim
    href: str
    subject: Thing
    relation: Thing
    object: Thing | Words
    source: Thing
    speakers: tuple[Thing, ...]
    standing: Standing
    gloss: Words | None
    condition: Words | None
    passage: str | None

    @property
    def place(self) -> str:
        """Where in its document it first stands, in words; empty where it has no passage."""
        return place(self.claim.first)

    @property
    def passages(self) -> list[tuple[str, str]]:
        """What each passage says, and where it stands."""
        found = [(each.quote, place(each)) for each in self.claim.passages]
        return [each for each in found if any(each)]

    @property
    def anchor(self) -> str:
        """Its id within the page of its document."""
        return anchor(self.claim)


def place(passage: Passage) -> str:
    """Where in its document a passage stands, in words."""
    if passage.start is None:
        return ""
    paragraph = f"paragraph {passage.paragraph}, " if passage.paragraph else ""
    return f"{paragraph}characters {passage.start:,}\N{EN DASH}{passage.end:,}"


def anchor(claim: StatedClaim) -> str:
    return "c-" + claim.iri.rpartition("/")[2]


def value(term: Term, names: Names) -> Thing | Words:
    return words(term) if isinstance(term, Literal) else names.thing(term)


def settling(settled: Iterable[Iri]) -> str:
    """Why one side of a disagreement is taken as so."""
    return "a person decided so" if _decided(settled) else "an official record outranks a document"


def overruling(settled: Iterable[Iri]) -> str:
    """Why a side of it is not."""
    if _decided(settled):
        return "a person decided otherwise"
    return "an official record, which outranks a document, says otherwise"


def _decided(settled: Iterable[Iri]) -> bool:
    return any("/id/decision/" in each for each in settled)


def show(claim: StatedClaim, names: Names) -> Shown:
    source = names.thing(claim.source)
    return Shown(
        claim=claim,
        href=names.thing(claim.iri).href or "",
        subject=names.thing(claim.subject),
        relation=names.thing(claim.predicate),
        object=value(claim.object, names),
        source=source,
        speakers=tuple(map(names.thing, claim.speakers)),
        standing=standing(
            claim.modality,
            positive=claim.positive,
            accepted=claim.accepted,
            contradicted=claim.contested,
            reviewed=claim.reviewed,
        ),
        gloss=words(claim.gloss) if claim.gloss else None,
        condition=words(claim.condition) if claim.condition else None,
        passage=f"{source.href}#{anchor(claim)}" if claim.first.start is not None else source.href,
    )
