"""What the things of an event were called when it was, and in which state they lay then."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.dates import Day, bounds, read_date
from kg.model.rdf import Iri, Term, value_of
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.subject import Subject

_KEPT = 50_000  # things of which it is kept


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something had another name, or lay in a state that ended."""

    name: str
    since: Day | None
    until: Day | None

    def has(self, day: Day) -> bool:
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


@dataclass(frozen=True, slots=True)
class Spells:
    """All of one thing, names before states."""

    of: tuple[Spell, ...] = ()


def called_then(site: Site, subject: Subject) -> dict[Iri, str]:
    """`in 1972: Kiev, Soviet Union`, by what is called otherwise today; of an event alone."""
    if "Occurrence" not in subject.roles or not site.ontology.playing("Naming", "Territory"):
        return {}
    day = _day(subject.start)
    things = {each for of in subject.facts.values() for each in of if isinstance(each, str)}
    known = _known(site, things) if day else {}
    then = {each: [s.name for s in known[each].of if day and s.has(day)] for each in known}
    return {
        each: f"in {subject.start[:4]}: {', '.join(dict.fromkeys(names))}"
        for each, names in then.items()
        if names
    }


def _known(site: Site, things: set[Iri]) -> dict[Iri, Spells]:
    """The spells of `things`; those of things met before are kept."""
    kept = site.memory(Spells, _KEPT).of(site.graph.release.id)
    unmet = sorted(things.difference(kept))
    found: dict[Iri, list[Spell]] = {each: [] for each in unmet}
    query = ask("web.entities", "then", site.ontology, values=unmet)
    for row in sorted(rows(site.graph, query) if unmet else [], key=lambda row: "around" in row):
        name = value_of(row.get("then") or row.get("around"))
        spell = Spell(name, _bound(row.get("since")), _bound(row.get("until")))
        found[str(row["known"])].append(spell)
    kept.update({each: Spells(tuple(spells)) for each, spells in found.items()})
    return {each: kept[each] for each in things}


def _bound(term: Term | None) -> Day | None:
    return _day(value_of(term)) if term else None


def _day(text: str) -> Day | None:
    """The first day that a date may mean."""
    try:
        return bounds(read_date(text))[0] if text else None
    except ValueError:
        return None
