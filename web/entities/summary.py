"""One sentence on an entity, put together from the graph by the templates of the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.model.namespaces import CLM
from kg.model.rdf import Literal, Term
from kg.ontology import Property, sentences
from kg.ontology.nouns import many
from web.entities.gather import Found
from web.entities.services import Services
from web.site.dates import date, period
from web.site.names import Names
from web.site.values import words

_DISPUTED = " (disputed)"
_LONGEST = 300  # characters of a description; a longer one is no summary
_PLANNED = (str(CLM.Planned), str(CLM.Hypothetical))
_ANY = ("{description}", "{events}.")  # what can be said of a thing of any class


def summary(found: Found, held: Services | None, names: Names) -> str:
    """The sentence, empty where the graph holds too little for one."""
    if held:
        return _services(held)
    said = (sentences.say(line, Speaker(found, names)) for line in _lines(found, names))
    first = next(filter(None, said), "")
    return first[:1].upper() + first[1:]


def _lines(found: Found, names: Names) -> Iterator[str]:
    """The templates of its classes, those of the nearest first."""
    for kind in found.subject.types:
        term = names.ontology.find(kind)
        for each in names.ontology.above(term.name) if term else ():
            if each.sentence:
                yield from each.sentence.split("\n")
    yield from _ANY


@dataclass(slots=True)
class Speaker:
    """What a line of a template says of an entity; nobody is named twice in it."""

    found: Found
    names: Names
    _named: list[Term] = field(default_factory=list)
    _several: bool = False

    def value(self, name: str) -> str:
        match name:
            case "description":
                return _description(self.found)
            case "events":
                return _events(self.found)
            case "kind":
                types = self.found.subject.types
                return self.names.term(types[0]).capitalize() if types else ""
            case "when":
                return self._when()
        asked = self._asked(name)
        new = [each for each in self.found.subject.of(asked) if each not in self._named]
        self._named += new
        if rivals := self._rivals(asked, new):
            return rivals
        labels = list(dict.fromkeys(self._label(each) + self._doubt(asked, each) for each in new))
        self._several = len(labels) > 1
        return _and(labels)

    def choose(self, words: list[str]) -> str:
        planned = self.found.subject.status in _PLANNED
        return words[min(planned + (planned and self._several), len(words) - 1)]

    def _asked(self, name: str) -> Sequence[Property]:
        ontology = self.names.ontology
        term = ontology.named(name)
        return (term,) if isinstance(term, Property) else ontology.playing(name)

    def _rivals(self, asked: Sequence[Property], values: Sequence[Term]) -> str:
        """Values of which one alone can be so, told as such; empty where there are none."""
        one = any(each.functional for each in asked) and len(values) > 1
        if not one or not any(self._doubt(asked, each) for each in values):
            return ""
        return f"{_or(list(map(self._label, values)))}{_DISPUTED}"

    def _doubt(self, asked: Sequence[Property], value: Term) -> str:
        told = any((each.iri, value) in self.found.doubted for each in asked)
        return _DISPUTED if told else ""

    def _label(self, term: Term) -> str:
        return words(term).text if isinstance(term, Literal) else self.names.thing(term).label

    def _when(self) -> str:
        def told(role: str) -> list[str]:
            values = self.found.subject.of(self.names.ontology.playing(role))
            return [each.value for each in values if isinstance(each, Literal)]

        starts, ends = told("Begins") or told("Falls"), told("Ends")
        if len(starts) > 1 or len(ends) > 1:
            dates = (_or(list(map(date, each))) for each in (starts, ends) if each)
            return f"{' to '.join(dates)}{_DISPUTED}"
        if not starts and (seen := told("FirstAttested") + told("LastAttested")):
            return f"attested {period(seen[0], seen[-1])}"
        return period(starts[0], *ends) if starts else ""


def _description(found: Found) -> str:
    text = next((each.value for each in found.subject.description), "")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _events(found: Found) -> str:
    years = sorted(found.happened.years)
    if not years:
        return ""
    first, last = (date(f"{each:04}") for each in (years[0], years[-1]))
    span = first if first == last else f"{first} to {last}"
    return f"{many(found.happened.total, 'event')}, {span}"


def _services(held: Services) -> str:
    spans = [each for each in held.spans if each.other]
    if not spans or not spans[0].other:
        return ""
    latest = f"{spans[0].other.label}{', ' + spans[0].when if spans[0].when else ''}"
    rest = len(spans) - 1
    if held.of_office:
        return f"Latest {held.other}: {latest}" + (f"; {rest} before." if rest else ".")
    return latest + (f"; and {rest} other {held.other}{'s' if rest > 1 else ''}." if rest else ".")


def _or(labels: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))


def _and(labels: Sequence[str]) -> str:
    shown = [*labels[:4], f"{len(labels) - 4} others"] if len(labels) > 5 else list(labels)
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
