"""One sentence on an entity, put together from the graph, never free text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rdflib.namespace import DCTERMS

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal
from web.entities.gather import Found
from web.entities.subject import Subject
from web.entities.tenures import Tenures
from web.site.diplomacy import DIP
from web.site.names import Names
from web.site.values import date, period

_LONGEST = 300  # characters of a description; a longer one is no summary


def summary(found: Found, held: Tenures | None, names: Names) -> str:
    """The sentence, empty where the graph holds too little for one."""
    subject, kinds = found.subject, found.kinds
    if "Event" in kinds or "Agreement" in kinds:
        return _event(subject, kinds, names)
    if "Tenure" in kinds:
        return _tenure(subject, names)
    if "Record" in kinds:
        dataset = subject.facts.get(str(DCTERMS.isPartOf), ())
        named = [names.thing(each).label for each in dataset if isinstance(each, str)]
        return f"One row of {named[0] if named else 'a public record'}."
    if held and held.spans:
        return _tenures(held, post="Post" in kinds)
    if subject.description:
        text = subject.description[0].value
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return _active(found, names)


def _event(subject: Subject, kinds: frozenset[str], names: Names) -> str:
    planned = subject.status in (str(CLM.Planned), str(CLM.Hypothetical))
    travellers = _labels(subject, ("traveller", "imposedBy"), names)
    others = _labels(subject, ("participant", "signatory"), names, but=travellers)
    where, when = _labels(subject, ("place",), names), _when(subject)
    tail = (f" in {_and(where)}" if where else "") + (f", {when}" if when else "")
    sentence = _who(travellers, others, kinds, planned=planned)
    if "SanctionMeasure" in kinds and travellers:
        target = _labels(subject, ("target",), names)
        sentence = f"Imposed by {_and(travellers)}{' on ' + _and(target) if target else ''}"
    if not sentence and tail:
        kind = next((names.term(each) for each in subject.types), "event")
        sentence = kind.capitalize()
    return f"{sentence}{tail}." if sentence else ""


def _who(
    travellers: Sequence[str], others: Sequence[str], kinds: frozenset[str], *, planned: bool
) -> str:
    if "Agreement" in kinds:
        return f"Agreed by {_and(others)}" if others else ""
    if "Utterance" in kinds:
        return f"Said by {_and(others)}" if others else ""
    if travellers and others:
        return f"{_and(travellers)} {'is to meet' if planned else 'met'} {_and(others)}"
    if travellers:
        return f"{_and(travellers)} {'is to be' if planned else 'was'}"
    if others:
        be = "are" if len(others) > 1 else "is"
        return f"{_and(others)} {be + ' to take part' if planned else 'took part'}"
    return ""


def _tenure(subject: Subject, names: Names) -> str:
    holder, post = _labels(subject, ("holder",), names), _labels(subject, ("post",), names)
    when = _when(subject)
    if not holder or not post:
        return ""
    return f"{_and(holder)} as {_and(post)}{', ' + when if when else ''}."


def _tenures(held: Tenures, *, post: bool) -> str:
    spans = [each for each in held.spans if each.other]
    if not spans or not spans[0].other:
        return ""
    latest = f"{spans[0].other.label}{', ' + spans[0].when if spans[0].when else ''}"
    rest = len(spans) - 1
    if post:
        return f"Latest holder: {latest}" + (f"; {rest} before." if rest else ".")
    return latest + (f"; and {rest} other post{'s' if rest > 1 else ''}." if rest else ".")


def _active(found: Found, names: Names) -> str:
    within = _labels(found.subject, ("within",), names)
    first = f"In {_and(within)}. " if within else _post(found, names)
    years = sorted(each.start[:4] for each in found.events)
    if not years:
        return first.strip()
    number = f"{len(years):,} event{'s' if len(years) > 1 else ''}"
    span = years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    return f"{first}{number[0].upper()}{number[1:]}, {span}."


def _post(found: Found, names: Names) -> str:
    """The post that most claims give to a person."""
    held = found.subject.facts.get(str(DIP.positionHeld), ())
    claimed = Counter(each.object for each in found.claims if each.object in held)
    best = max(held, key=lambda each: (claimed[each], str(each)), default=None)
    return f"{names.thing(best).label}. " if isinstance(best, str) else ""


def _labels(
    subject: Subject, properties: Iterable[str], names: Names, but: Sequence[str] = ()
) -> list[str]:
    terms = (term for name in properties for term in subject.facts.get(str(DIP) + name, ()))
    labels = dict.fromkeys(names.thing(each).label for each in terms if isinstance(each, str))
    return [each for each in labels if each not in but]


def _when(subject: Subject) -> str:
    def first(name: Iri) -> str:
        terms = subject.facts.get(str(name), ())
        return terms[0].value if terms and isinstance(terms[0], Literal) else ""

    start, end = first(DIP.start), first(DIP.end)
    if start:
        return period(start, end or None)
    return date(first(DIP.onDate)) if first(DIP.onDate) else ""


def _and(labels: Sequence[str]) -> str:
    shown = [*labels[:4], f"{len(labels) - 4} others"] if len(labels) > 5 else list(labels)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
