"""What things are called in the sentence of a claim, so that none takes for granted what it states.

Of what happens, of services and of parts taken, a label is a heading (`John Kerry in Sochi, 12 May
2015`), which would answer the very question that sources disagree on. A sentence calls them by what
they are, whose, and when (`John Kerry’s visit of 12 May 2015`), without the slot that is claimed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Class, Ontology
from kg.store import rows
from web.claims.reading import StatedClaim
from web.site import Site
from web.site.asking import ask
from web.site.dates import period
from web.site.names import Called, Names
from web.site.phrases import Phrase, described, listed, name, quoted
from web.site.values import words

_KEPT = 50_000  # things of which it is kept
_DATES = ("Begins", "Falls", "Ends")
_LEADING = r",?(?: (?:in|at|of|on|from|near))?"  # what stands before a place or a date
_OWNERS = ("Actor", "Holder")
_ROLES = (*_OWNERS, "Office", "Location", *_DATES)
_HAPPENING = {"Occurrence", "Conclusion", "Service"}
_AGENT, _DOCUMENT, _DATASET = "prov:Agent", "Document", "Dataset"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is taken as so of a thing, by property: of the roles that a phrase is made of."""

    of: Mapping[Iri, tuple[Term, ...]]


def speaking(
    site: Site,
    claims: Sequence[StatedClaim],
    iris: Iterable[Iri] = (),
    told: Mapping[Iri, Called] | None = None,
) -> Names:
    """Names for `iris` and for all that the sentences of `claims` name."""
    things = {each for claim in claims for each in claim.iris()}
    names = site.names(things.union(iris), told)
    kept = site.memory(Facts, _KEPT).of(site.graph.release.id)
    asked = [each for each in things if each not in kept and roles(each, names) & _HAPPENING]
    properties = [each.iri for each in site.ontology.playing(*_ROLES)]
    if asked and properties:
        found: dict[Iri, dict[Iri, list[Term]]] = {each: defaultdict(list) for each in asked}
        query = ask("web.claims", "facts", things=sorted(asked), properties=properties)
        for row in rows(site.graph, query):
            found[str(row["s"])][str(row["p"])].append(row["o"])
        for each, of in found.items():
            kept[each] = Facts({p: tuple(sorted(o, key=str)) for p, o in of.items()})
    facts = {each: kept[each] for each in things if each in kept}
    values = {o for each in facts.values() for of in each.of.values() for o in of}
    names = site.names(each for each in values if isinstance(each, str))
    return replace(names, facts={iri: each.of for iri, each in facts.items()})


def phrase(iri: Iri, claim: StatedClaim, names: Names) -> Phrase:
    """What the sentence of `claim` calls a thing that it names."""
    thing, kind = names.thing(iri), _kind(iri, names)
    if iri == claim.source and kind:
        return Phrase(f"the {kind.label}", thing.href or "")
    called = _Happening(iri, claim, names).called() if iri in names.facts else ""
    if not called and thing.language not in ("", "en"):
        return Phrase(thing.label, thing.href or "", thing.language)
    return Phrase(called or read(iri, names), thing.href or "")


def read(iri: Iri, names: Names) -> str:
    """The label of a thing as it stands within a sentence."""
    label, kind, played = names.thing(iri).label, _kind(iri, names), roles(iri, names)
    if kind is None:
        return label
    if {_DOCUMENT, _DATASET} & kind.lineage:
        return quoted(label)
    if _AGENT in kind.lineage or "Site" in played:
        return name(label)
    if kind.name in _offices(names.ontology):
        return label
    if "Involvement" in played:
        return f"the part of {described(label, article=False)}"
    return described(label, article=bool(played))


@dataclass(frozen=True, slots=True)
class _Happening:
    """What is known of something that happens, but for what a claim states of it."""

    iri: Iri
    claim: StatedClaim
    names: Names

    def called(self) -> str:
        """By what it is, whose and when where somebody is known whose it is; else by its label, as
        far as that does not answer what is claimed.
        """
        if not any(each.iri in self._facts for each in self.names.ontology.playing(*_OWNERS)):
            label = self._label_left()
            if label:
                return described(label)
        owner, office, when = self._told(*_OWNERS), self._told("Office"), self._when()
        kind = _kind(self.iri, self.names)
        what = kind.label if kind else ""
        whose = f"{owner}’s {what}" if owner else f"the {what}"
        return f"{whose}{office and f' as {office}'}{when and f' of {when}'}{self._where()}"

    @property
    def _facts(self) -> Mapping[Iri, Sequence[Term]]:
        return self.names.facts[self.iri]

    def _label_left(self) -> str:
        """Its label without the answers to what is claimed: `Annexation` of `… of Crimea`."""
        label = self.names.thing(self.iri).label
        if not self._asks(*_DATES, "Location"):
            return label
        for each in (*self._facts.get(self.claim.predicate, ()), self.claim.object):
            answer = words(each).text if isinstance(each, Literal) else self.names.thing(each).label
            parts = answer.split() if isinstance(each, Literal) else [answer]
            for start in range(len(parts)):
                told = re.escape(" ".join(parts[start:]))
                label = re.compile(rf"{_LEADING} {told}(?![\w-])").sub("", label)
            if answer in label:
                return ""
        return label

    def _asks(self, *roles: str) -> bool:
        """Whether what is claimed of it plays one of these roles."""
        term = self.names.ontology.find(self.claim.predicate)
        return self.iri == self.claim.subject and term is not None and term.role in roles

    def _values(self, *roles: str) -> list[Term]:
        """What is taken as so, and not claimed here."""
        asked = self.names.ontology.playing(*(each for each in roles if not self._asks(each)))
        return list(
            dict.fromkeys(value for each in asked for value in self._facts.get(each.iri, ()))
        )

    def _label(self, term: Term) -> str:
        return words(term).text if isinstance(term, Literal) else read(term, self.names)

    def _told(self, *roles: str) -> str:
        return listed([self._label(each) for each in self._values(*roles)])

    def _when(self) -> str:
        if self._asks(*_DATES):
            return ""
        starts, ends = self._values("Begins", "Falls"), self._values("Ends")
        dates = [each.value for each in (*starts, *ends) if isinstance(each, Literal)]
        return period(dates[0], dates[-1]) if len(starts) == 1 and len(ends) < 2 else ""

    def _where(self) -> str:
        """A place stands for the date where that is what is claimed."""
        found = self._values("Location") if self._asks(*_DATES) else []
        return f" in {self._label(found[0])}" if len(found) == 1 else ""


def _kind(iri: Iri, names: Names) -> Class | None:
    called = names.found.get(iri)
    term = names.ontology.find(called[1]) if called and called[1] else None
    return term if isinstance(term, Class) else None


@lru_cache(8)
def _offices(ontology: Ontology) -> frozenset[str]:
    """Classes of offices, whose names are written as names are."""
    return frozenset(each for name in ontology.playing("Office") for each in name.range)


def roles(iri: Iri, names: Names) -> frozenset[str]:
    """Those that its class plays, or one above."""
    kind = _kind(iri, names)
    return _played(kind.name, names.ontology) if kind else frozenset()


@lru_cache(512)
def _played(name: str, ontology: Ontology) -> frozenset[str]:
    return frozenset(each.role for each in ontology.above(name) if each.role)
