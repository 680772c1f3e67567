"""An entity's facts: each slot with its values, each value with those who state it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Ontology, Property
from web.claims.evidence import Evidence, Group, Row, evidence, grouped
from web.claims.mentions import Mentions
from web.claims.reading import StatedClaim
from web.claims.shown import Shown, family_of, show, value
from web.site.dates import period
from web.site.names import Names, Thing
from web.site.sources import independent, tally
from web.site.standing import ACCEPTED, CONTRADICTED, DISPUTED, STATED, Family, Standing
from web.site.subject import Subject
from web.site.values import Words, words

_PERIODS = (("Begins", "Ends", ""), ("FirstAttested", "LastAttested", "attested "))
_NUMBERS = {"integer", "decimal"}  # say little without the name of their property
_ORDER = {STATED: 1, DISPUTED: 2, CONTRADICTED: 3}


@dataclass(frozen=True, slots=True)
class Aside:
    """What is told beside values: the words of records that name one, what it was called then,
    what the rows tell that it comes from.
    """

    mentions: Mentions
    then: Mapping[Iri, str]
    rows: Mapping[Iri, Row]


_NONE = Aside({}, {}, {})


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a slot.

    `note` names the property where the slot has several, and that of a number. `evidence` is what
    stands behind it, the best first, `others` the rest, rows by their registers, and `counted` how
    many of which kind those are; `then` says what it was called at the time, if not as today;
    `losing` that the project does not take it as so.
    """

    shown: Thing | Words
    note: str
    standing: Standing
    evidence: tuple[Evidence, ...]
    others: tuple[Group, ...]
    independent: int
    then: str

    @property
    def losing(self) -> bool:
        return self.standing is CONTRADICTED

    @property
    def counted(self) -> str:
        return tally(each.source for group in self.others for each in group.each)


@dataclass(frozen=True, slots=True)
class Slot:
    """One question and its answers; `contested` says that sources do not agree on them."""

    name: str
    values: tuple[Value, ...]
    contested: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """What is not taken as fact, of one family: each statement with the claims that make it."""

    name: str
    statements: tuple[tuple[Shown, ...], ...]


def slots(
    subject: Subject,
    claims: Sequence[StatedClaim],
    names: Names,
    aside: Aside = _NONE,
) -> tuple[Slot, ...]:
    """The slots of `subject`, in the order of the ontology."""
    plain = [each for each in claims if family_of(each, names.ontology) is None]
    stated = {each.predicate for each in plain} | set(subject.facts)
    made = []
    for question, asked in _questions(stated, names.ontology).items():
        stated -= {each.iri for each in asked}
        values = [each for one in asked for each in _values(one.iri, subject, claims, names, aside)]
        spans = _spans(values, subject, asked, names)
        # A period needs no word for what it is; dates that are none need one.
        several = len(asked) > 1 and spans == values
        noted = several or any(each.kind in _NUMBERS for each in asked)
        made.append(_slot(question, spans, noted=noted))
    for name in sorted(stated, key=names.rank):
        values = list(_values(name, subject, claims, names, aside))
        made.append(_slot(names.term(name).capitalize(), values, noted=False))
    return tuple(each for each in made if each.values)


def _questions(stated: Iterable[Iri], ontology: Ontology) -> dict[str, list[Property]]:
    """The questions that properties answer; one without a question is a slot of its own."""
    found: dict[str, list[Property]] = {}
    known = (each for iri in stated if isinstance(each := ontology.find(iri), Property))
    for each in sorted(known, key=lambda each: (each.order, each.name)):
        if each.question:
            found.setdefault(each.question, []).append(each)
    return found


def apart(claims: Iterable[StatedClaim], names: Names) -> tuple[Apart, ...]:
    """What the project does not take as fact, by family."""
    grouped: dict[Family, dict[tuple[Iri, Term], list[Shown]]] = {}
    for each in claims:
        group = family_of(each, names.ontology)
        if group:
            statements = grouped.setdefault(group, {})
            statements.setdefault((each.predicate, each.object), []).append(show(each, names))
    return tuple(
        Apart(group.value, tuple(tuple(same) for same in grouped[group].values()))
        for group in Family
        if group in grouped
    )


def _values(
    name: Iri, subject: Subject, claims: Sequence[StatedClaim], names: Names, aside: Aside
) -> Iterable[Value]:
    accepted = subject.facts.get(name, ())
    of_slot = [each for each in claims if each.predicate == name and each.positive]
    plain = [each.object for each in of_slot if family_of(each, names.ontology) is None]
    for term in dict.fromkeys([*accepted, *plain]):
        stating = [show(each, names) for each in of_slot if each.object == term]
        named = aside.mentions.get(term, ()) if isinstance(term, str) else ()
        # A record gets claims for a property only where a document has claims on it too.
        derived = () if of_slot or named else subject.records
        shown = value(term, names)
        yield _valued(
            Value(
                shown=shown,
                note=names.term(name),
                standing=_standing([each.claim for each in stating], accepted=term in accepted),
                evidence=evidence(stating, derived, named, aside.rows, names),
                others=(),
                independent=0,
                then=aside.then.get(term, "") if isinstance(term, str) else "",
            ),
            names,
        )


def _valued(each: Value, names: Names) -> Value:
    """With its evidence in order: as firm as the value first; and counted."""
    plain = [one for one in each.evidence if not one.claim or one.claim.family is not Family.PLAN]
    ordered = sorted(
        each.evidence, key=lambda one: one.claim is not None and one.claim.standing != each.standing
    )
    return replace(
        each,
        evidence=tuple(ordered),
        others=grouped(ordered[1:], names),
        independent=max((one.claim.claim.independent for one in plain if one.claim), default=0)
        or independent([one.source for one in ordered], names.sources),
    )


def _standing(stating: Sequence[StatedClaim], *, accepted: bool) -> Standing:
    contested = any(each.contested for each in stating)
    if not accepted:
        return CONTRADICTED if contested else STATED
    return DISPUTED if contested else ACCEPTED


def _spans(
    values: list[Value], subject: Subject, asked: Sequence[Property], names: Names
) -> list[Value]:
    """Start and end, or first and last time attested, as one period, where neither is contested."""
    if len(values) > 2 or any(each.losing or each.standing is DISPUTED for each in values):
        return values
    for starts, ends, how in _PERIODS:
        start, end = (
            list(subject.of(each for each in asked if each.role == role)) for role in (starts, ends)
        )
        if len(start) == 1 and len(end) == len(values) - 1:
            return [_merged(values, how, start + end, names)]
    return values


def _merged(values: list[Value], how: str, dates: list[Term], names: Names) -> Value:
    told = [words(each) for each in dates if isinstance(each, Literal)]
    text = period(*(each.value for each in dates if isinstance(each, Literal)))
    # HTML §4.5.14 has no form for a period, so only a single date is machine-readable.
    machine = told[0].machine if len({each.text for each in told}) == 1 else ""
    merged = replace(
        values[0],
        shown=Words(
            told[0].text if machine and not how else f"{how}{text}",
            machine=machine,
            href=getattr(values[0].shown, "href", ""),
        ),
        note="",
        evidence=tuple({_key(one): one for each in values for one in each.evidence}.values()),
    )
    return _valued(merged, names)


def _key(evidence: Evidence) -> tuple[Iri, Words | None]:
    return evidence.source.iri, evidence.words


def _slot(name: str, values: list[Value], *, noted: bool) -> Slot:
    first = {each.note: place for place, each in reversed([*enumerate(values)])}
    ordered = sorted(
        values,
        key=lambda each: (first[each.note] if noted else 0, _ORDER.get(each.standing, 0)),
    )
    contested = any(each.standing in (CONTRADICTED, DISPUTED) for each in ordered)
    shown = tuple(each if noted else _without_note(each) for each in ordered)
    return Slot(name, shown, contested)


def _without_note(each: Value) -> Value:
    return replace(each, note="")
