"""A claim as pages show it: with names, a standing, and the way to its passage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kg.model.rdf import Literal, Term
from kg.ontology import Ontology, Property
from web.claims.reading import Passage, StatedClaim
from web.claims.sentences import Sentence, sentence, told
from web.site.names import Names, Thing
from web.site.sources import Source
from web.site.standing import Family, Standing, family, standing
from web.site.values import Words, words


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim, ready for a template. Its sentences want names of `web.claims.subjects.speaking`.

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
    family: Family | None
    standing: Standing
    gloss: Words | None
    condition: Words | None
    passage: str | None
    names: Names = field(repr=False, compare=False)

    @property
    def cited(self) -> Source:
        return self.names.source(self.claim.source)

    @property
    def sentence(self) -> Sentence:
        """Who says what, how firmly: for headings, lists, feeds and citations."""
        return sentence(self.claim, self.names)

    @property
    def told(self) -> Sentence:
        """The same on the page of its source."""
        return told(self.claim, self.names)

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
    """Where in its source a passage stands, in words."""
    if passage.start is None:
        return f"column {passage.field}" if passage.field else ""
    paragraph = f"paragraph {passage.paragraph}, " if passage.paragraph else ""
    return f"{paragraph}characters {passage.start:,}\N{EN DASH}{passage.end:,}"


def anchor(claim: StatedClaim) -> str:
    return "c-" + claim.iri.rpartition("/")[2]


def value(term: Term, names: Names) -> Thing | Words:
    """A value as pages show it; a date leads to what else was then."""
    if not isinstance(term, Literal):
        return names.thing(term)
    shown = words(term)
    then = names.links.at(f"/on/{shown.machine[:10]}") if shown.machine else ""
    return replace(shown, href=then) if then else shown


def family_of(claim: StatedClaim, ontology: Ontology) -> Family | None:
    """The group of a claim, None where its source states it as plain fact."""
    term = ontology.find(claim.predicate)
    evaluating = isinstance(term, Property) and term.evaluating
    return family(claim.modality, positive=claim.positive, evaluating=evaluating)


def standing_of(claim: StatedClaim, group: Family | None) -> Standing:
    """How a claim of that group stands."""
    return standing(
        claim.modality,
        group,
        accepted=claim.accepted,
        contradicted=claim.contested,
        reviewed=claim.reviewed,
    )


def show(claim: StatedClaim, names: Names) -> Shown:
    source, group = names.thing(claim.source), family_of(claim, names.ontology)
    return Shown(
        claim=claim,
        href=names.thing(claim.iri).href or "",
        subject=names.thing(claim.subject),
        relation=names.thing(claim.predicate),
        object=value(claim.object, names),
        source=source,
        speakers=tuple(map(names.thing, claim.speakers)),
        family=group,
        standing=standing_of(claim, group),
        gloss=words(claim.gloss) if claim.gloss else None,
        condition=words(claim.condition) if claim.condition else None,
        passage=f"{source.href}#{anchor(claim)}" if claim.first.start is not None else source.href,
        names=names,
    )
