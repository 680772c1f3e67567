"""A claim as pages show it: with names, a standing, and the way to its passage."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.rdf import Literal, Term
from web.claims.reading import StatedClaim
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
    speaker: Thing | None
    standing: Standing
    gloss: Words | None
    passage: str | None

    @property
    def place(self) -> str:
        """Where in its document it stands, in words; empty where it has no passage."""
        claim = self.claim
        if claim.start is None:
            return ""
        paragraph = f"paragraph {claim.paragraph}, " if claim.paragraph else ""
        return f"{paragraph}characters {claim.start:,}\N{EN DASH}{claim.end:,}"

    @property
    def anchor(self) -> str:
        """Its id within the page of its document."""
        return anchor(self.claim)


def anchor(claim: StatedClaim) -> str:
    return "c-" + claim.iri.rpartition("/")[2]


def value(term: Term, names: Names) -> Thing | Words:
    return words(term) if isinstance(term, Literal) else names.thing(term)


def show(claim: StatedClaim, names: Names) -> Shown:
    source = names.thing(claim.source)
    return Shown(
        claim=claim,
        href=names.thing(claim.iri).href or "",
        subject=names.thing(claim.subject),
        relation=names.thing(claim.predicate),
        object=value(claim.object, names),
        source=source,
        speaker=names.thing(claim.speaker) if claim.speaker else None,
        standing=standing(
            claim.modality,
            positive=claim.positive,
            accepted=claim.accepted,
            contradicted=claim.disputed if claim.accepted else claim.contradicted,
            reviewed=claim.reviewed,
        ),
        gloss=words(claim.gloss) if claim.gloss else None,
        passage=f"{source.href}#{anchor(claim)}" if claim.start is not None else source.href,
    )
