"""A claim as a sentence: what its source states, how firmly, in whose voice, on which condition.

The words are those of the ontology: the property's template says what is stated, the modality's
who states it (`kg.ontology.sentences`); `web.claims.subjects` what is named how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal
from kg.ontology import Property, sentences
from kg.store import rows
from kg.store.changes import said
from kg.store.history import History
from web.claims import reading
from web.claims.reading import StatedClaim, these_query
from web.claims.reading import read as read_claims
from web.claims.subjects import phrase, read, roles, speaking
from web.site import Site
from web.site.dates import dated
from web.site.names import Called, Names
from web.site.phrases import Phrase, listed
from web.site.standing import Family, family
from web.site.values import DATES, julian, words

_ABOUT = "about "  # how a statement begins that “that” cannot lead to
_STATEMENT = "\0"  # stands in a claim for what it states
_RELATING = ("by", "in", "on", "at", "to", "of", "for", "with", "from")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and names in their order; the first letter is a capital, a full stop is not there."""

    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        return _capital("".join(self.pieces))

    def __html__(self) -> Markup:
        first, *rest = self.pieces or ("",)
        made = _capital(first)
        if isinstance(first, Phrase):
            made = Phrase(made, first.href, first.language)
        return Markup().join(escape(each) for each in (made, *rest))


def sentence(claim: StatedClaim, names: Names) -> Sentence:
    """The whole: `CSIS (Mankoff, 2015) says that John Kerry’s visit of 12 May 2015 took place in
    Sochi`.
    """
    return _whole(claim, names, names.source(claim.source).named)


def _whole(claim: StatedClaim, names: Names, source: str) -> Sentence:
    """The claim, made by what is called `source`."""
    term = names.ontology.find(claim.modality)
    stated = tuple(_stated(claim, names))
    that = () if stated[0].startswith(_ABOUT) else ("that ",)
    for line in (term.sentence if term else "").split("\n"):
        said = sentences.pieces(line, _Telling(claim, names, source))
        if said:
            place = said.index(_STATEMENT)
            return Sentence((*said[:place], *that, *stated, *said[place + 1 :]))
    return Sentence(stated)


def statement(claim: StatedClaim, names: Names) -> Sentence:
    """What is stated, whoever does: `John Kerry’s visit of 12 May 2015 took place in Sochi`."""
    return Sentence(tuple(_stated(claim, names)))


def told(claim: StatedClaim, names: Names) -> Sentence:
    """The claim as the page of its source has it: what is stated where its source simply does."""
    simple = claim.modality == str(CLM.Asserted) and claim.positive and not claim.speakers
    return statement(claim, names) if simple else _whole(claim, names, "it")


def called(site: Site, claims: Sequence[Iri]) -> dict[Iri, Called]:
    """What claims are called where names are asked for: by their sentences, those that were
    withdrawn too.
    """
    found = read_claims(rows(site.graph, these_query(claims)))
    if lacking := set(claims).difference(each.iri for each in found):
        with History.open(site.graph.release) as history:
            gone = [each for each in map(history.withdrawn, sorted(lacking)) if each]
        found += reading.stated(quad for each in gone for quad in said(each.change.before))
    names = speaking(site, found)
    return {each.iri: (Literal(sentence(each, names).text), str(CLM.Claim)) for each in found}


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who states a claim, for the template of its modality."""

    claim: StatedClaim
    names: Names
    source: str

    def value(self, name: str) -> str:
        source = self.names.source(self.claim.source)
        match name:
            case "statement":
                return _STATEMENT
            case "speaker":
                return listed([read(each, self.names) for each in self.claim.speakers])
            case "register" if not source.row:
                return ""
        return Phrase(self.source, source.href)

    def choose(self, words: list[str]) -> str:
        return words[not self.claim.positive]


def _stated(claim: StatedClaim, names: Names) -> Iterator[str]:
    """The statement in the words of its property, and on which condition it is made."""
    stating = _Stating(claim, names)
    lines = (sentences.pieces(each, stating) for each in _templates(claim, names))
    yield from next(filter(None, lines))
    if claim.condition:
        condition = claim.condition
        yield ", on one condition: "
        yield Phrase(condition.value.rstrip("."), "", _foreign(condition))


def _templates(claim: StatedClaim, names: Names) -> Iterator[str]:
    """Those of the property; of one without, what its label makes of it."""
    term, label = names.ontology.find(claim.predicate), names.term(claim.predicate)
    yield from filter(None, (term.sentence if term else "").split("\n"))
    kind = term.kind if isinstance(term, Property) else "any"
    first, *_, last = label.split() * 2
    if kind in ("text", "string", "boolean", "any"):
        yield f"about {{subject}}, {label}: {{object}}"
    elif kind == "date" and last in _RELATING:
        yield f"{{subject}} {{was|will be}} {label.rpartition(' ')[0]} {{object}}"
    elif first in _RELATING or last in _RELATING:
        yield f"{{subject}} {{was|will be}} {label} {{object}}"
    elif kind in ("integer", "decimal") and label.endswith("s") and " " not in label:
        yield f"{{subject}} {{had|will have}} {{object}} {label}"
    else:
        yield f"the {label} of {{subject}} {{was|will be}} {{object}}"


@dataclass(frozen=True, slots=True)
class _Stating:
    """What a claim states, for the template of its property."""

    claim: StatedClaim
    names: Names

    def value(self, name: str) -> str:
        claim, names = self.claim, self.names
        match name:
            case "object":
                return self._object()
            case "subject":
                return phrase(claim.subject, claim, names)
        return phrase(claim.subject, claim, names) if name in roles(claim.subject, names) else ""

    def choose(self, words: list[str]) -> str:
        group = family(self.claim.modality, positive=True)
        return words[group is Family.PLAN or self.claim.condition is not None]

    def _object(self) -> Phrase:
        value = self.claim.object
        if not isinstance(value, Literal):
            return phrase(value, self.claim, self.names)
        if value.datatype in DATES:
            return Phrase(dated(value.value) + julian(value))
        text = words(value).text
        return Phrase(text.rstrip("."), "", _foreign(value))


def _foreign(literal: Literal) -> str:
    return "" if literal.language == "en" else literal.language


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
