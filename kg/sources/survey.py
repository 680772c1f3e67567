"""What only shows when all rows of travels and visits are seen together: who is who, which
places there are, which stops make a journey. Made once a build; partitions then share nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from kg.facts import Ref
from kg.iris import slugify
from kg.sources import Issue, Known
from kg.sources.corrections import Corrections
from kg.sources.gazetteer import Gazetteer
from kg.sources.hsg_rows import Row, Term, read_presidents, read_trips, read_visits
from kg.sources.journeys import Journey, find_journeys
from kg.sources.matching import Stay, propose
from kg.sources.mentions import Mention, find_mentions
from kg.sources.names import fold, tokens
from kg.sources.people import Person, Resolution, Sighting, resolve
from kg.sources.xml_rows import Report

US = "united-states"


@dataclass(frozen=True, slots=True)
class Named:
    """A person as one row names them; `visitor` where it is they who came."""

    person: Person
    mention: Mention
    nation: str
    visitor: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """The shared knowledge of the travels and visits of one build.

    `locales` are pairs of a country and a locale field; `travellers` the raw identifier and name
    of each. `named` gives the people who took part, by row; `unresolved` the names that nobody
    could be sure of; `journey_of` the journey of a stop; `about` the event that a row records,
    where the sheets know it.
    """

    known: Known
    corrections: Corrections
    gazetteer: Gazetteer
    countries: frozenset[str]
    locales: tuple[tuple[str, str], ...]
    travellers: Mapping[Ref, tuple[str, str]]
    terms: tuple[Term, ...]
    named: Mapping[Ref, tuple[Named, ...]]
    unresolved: Mapping[Ref, tuple[str, ...]]
    journeys: tuple[Journey, ...]
    journey_of: Mapping[Ref, Ref]
    about: Mapping[Ref, Ref]
    people: tuple[Person, ...]
    issues: tuple[Issue, ...]

    def traveller(self, who: str, role: str) -> Ref:
        """Whom the raw identifier of a traveller names."""
        return person_ref(self.known, self.corrections, who, role == "president")


@lru_cache(maxsize=1)
def take_survey(known: Known) -> Survey:
    """Read the travels and visits that are configured; one survey serves all sources of a build.

    Raises:
        DataError: a file cannot be parsed at all.
    """
    corrections = Corrections.load(known.corrections)
    report = Report("survey")
    travels, visits = known.paths.get("travels"), known.paths.get("visits")
    trips = [
        row
        for path in trip_files(travels)
        for row in read_trips(path, path.name, Report(path.name))
    ]
    calls = [
        row
        for path in visit_files(visits)
        for row in read_visits(path, path.name, Report(path.name), corrections)
    ]
    terms: tuple[Term, ...] = ()
    if travels and (listed := travels / "presidents" / "presidents.xml").exists():
        terms = tuple(read_presidents(listed, listed.name, report))
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for row in (*trips, *calls):
        labels[row.country][row.country_name] += 1
    if pocom := known.paths.get("pocom"):
        for path in pocom.glob("missions-countries/*.xml"):
            labels.setdefault(path.stem, Counter())
    gazetteer = Gazetteer(known, corrections, labels)
    locales = tuple(sorted({(row.country, row.locale) for row in trips}))
    gazetteer.locate(locales)
    mentions = {row.ref: tuple(_mentions(row, gazetteer.nations)) for row in (*trips, *calls)}
    sitting = _Sitting(terms)
    sightings = [
        sighting
        for row in (*trips, *calls)
        for sighting in _sightings(row, mentions[row.ref], gazetteer, sitting)
    ]
    resolution = resolve(sightings, _known_people(known, corrections, terms, trips))
    name_people(resolution.people, known)
    # Most of a row is its remarks, which have been read; the survey goes to every process.
    journeys = tuple(find_journeys(replace(row, note="") for row in trips))
    named = {
        row.ref: tuple(_named(row, mentions[row.ref], resolution, gazetteer))
        for row in (*trips, *calls)
    }
    stays = [_stay(row, named[row.ref], known, corrections, gazetteer) for row in (*trips, *calls)]
    about, proposals = _match(known, stays, gazetteer)
    return Survey(
        known=known,
        corrections=corrections,
        gazetteer=gazetteer,
        countries=frozenset(row.country for row in (*trips, *calls)),
        locales=locales,
        travellers=_travellers(trips, known, corrections),
        terms=terms,
        named=named,
        unresolved=_unresolved(resolution),
        journeys=journeys,
        journey_of={stop.ref: journey.ref for journey in journeys for stop in journey.stops},
        about=about,
        people=tuple(resolution.people),
        issues=(*report.all(), *proposals),
    )


def _travellers(
    trips: list[Row], known: Known, corrections: Corrections
) -> dict[Ref, tuple[str, str]]:
    found: dict[Ref, tuple[str, str]] = {}
    for row in trips:
        ref = person_ref(known, corrections, row.who, row.role == "president")
        found.setdefault(ref, (row.who, row.name))
    return found


def _stay(
    row: Row,
    named: tuple[Named, ...],
    known: Known,
    corrections: Corrections,
    gazetteer: Gazetteer,
) -> Stay:
    if row.who:
        who = [person_ref(known, corrections, row.who, row.role == "president")]
        places = gazetteer.locales(row.country, row.locale)
    else:
        who = [each.person.ref for each in named if each.visitor and each.person.ref]
        places = (gazetteer.place(US),)
    return Stay(row.ref, tuple(who), row.start, row.end, places)


def _match(
    known: Known, stays: list[Stay], gazetteer: Gazetteer
) -> tuple[dict[Ref, Ref], tuple[Issue, ...]]:
    """Which event each row is about: as the sheets say, else as a sure proposal does."""
    about = {
        Ref(f"record/{dataset}/{raw}"): ref
        for (dataset, raw), ref in known.ids.items()
        if dataset in {"travels", "visits"}
    }
    about |= known.about
    about |= {record: event for event, records in known.matches.items() for record in records}
    decided = {*about.values(), *known.matches}
    free = [stay for stay in stays if stay.record not in about]
    open_ = [claim for claim in known.claims if claim.statement.subject not in decided]
    issues = []
    for each in propose(open_, known.published, free, gazetteer.around):
        if each.taken:
            about[each.record] = each.event
        reason = "taken as the record of the event" if each.taken else "may record the event"
        issues.append(Issue("seeds", 0, each.event, str(each), f"{reason}; a match: line decides"))
    return about, tuple(issues)


def trip_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("*-travels/*.xml"))


def visit_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("data/*.xml"))


def person_ref(known: Known, corrections: Corrections, raw: str, president: bool) -> Ref:
    """The reference of somebody whom POCOM or the list of presidents identifies."""
    pocom = corrections.persons.get(raw, raw)
    keys = (("president", raw), ("pocom", pocom)) if president else (("pocom", pocom),)
    return next((known.ids[key] for key in keys if key in known.ids), Ref(f"person/{pocom}"))


def _mentions(row: Row, nations: Mapping[str, str]) -> Iterator[tuple[Mention, bool]]:
    """The titled names of a row, each with whether it is the visitor's."""
    if row.ref.slug.startswith("visits/"):
        for mention in find_mentions(row.name, nations):
            yield mention, True
    for mention in find_mentions(row.note, nations):
        if not mention.absent:
            yield mention, False


class _Sitting:
    """Who was president of the United States on a day."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self._terms = [
            (term.start.iso, term.end.iso if term.end else "9999", tokens(term.name)[-1])
            for term in terms
        ]

    def is_president(self, mention: Mention, day: int) -> bool:
        """Whether a bare "President Bush" is the American one, who sits or, if former, sat."""
        words = tokens(mention.name)
        if mention.kind != "state" or "President" not in mention.title or not words:
            return False
        iso = date.fromordinal(day).isoformat()
        return any(
            words[-1] == name and start <= iso and (mention.former or iso <= end)
            for start, end, name in self._terms
        )


def _sightings(
    row: Row,
    mentions: tuple[tuple[Mention, bool], ...],
    gazetteer: Gazetteer,
    sitting: _Sitting,
) -> Iterator[Sighting]:
    for at, (mention, visitor) in enumerate(mentions):
        # The elect take office some weeks later: in the United States, 73 to 79 days.
        day = _day(row.start.iso) + (80 if "-elect" in mention.title else 0)
        nation, stated = gazetteer.country(mention.nation), bool(mention.nation)
        if not stated:
            # Descriptions of visits speak of Americans, remarks on travels of those visited.
            republican = any(
                each in mention.title for each in ("President", "Secretary", "Senator")
            )
            at_home = row.ref.slug.startswith("visits/") and not visitor and republican
            nation = US if at_home else gazetteer.country(row.country)
            stated = visitor
            if not visitor and (_american(mention) or sitting.is_president(mention, day)):
                nation, stated = US, True
        if not tokens(mention.name):
            continue
        yield Sighting(
            key=(row.ref, at),
            name=mention.name,
            title=mention.title,
            kind=mention.kind,
            nation=nation,
            stated=stated,
            day=day,
            former=mention.former,
        )


def _american(mention: Mention) -> bool:
    """Offices that the records give to Americans where they name no nation."""
    return mention.title in {
        "Secretary of State",
        "Secretary of Defense",
        "National Security Advisor",
    }


def _named(
    row: Row,
    mentions: tuple[tuple[Mention, bool], ...],
    resolution: Resolution,
    gazetteer: Gazetteer,
) -> Iterator[Named]:
    for at, (mention, visitor) in enumerate(mentions):
        person = resolution.who.get((row.ref, at))
        if person is not None:
            nation = gazetteer.country(mention.nation)
            if visitor:
                nation = nation or gazetteer.country(row.country)
            yield Named(person, mention, nation or person.nation, visitor)


def _unresolved(resolution: Resolution) -> dict[Ref, tuple[str, ...]]:
    found: dict[Ref, tuple[str, ...]] = defaultdict(tuple)
    for (ref, _), reason in sorted(resolution.unresolved.items()):
        found[ref] += (reason,)
    return dict(found)


def _known_people(
    known: Known, corrections: Corrections, terms: tuple[Term, ...], trips: list[Row]
) -> Iterator[Person]:
    """Presidents, travelling secretaries, the people of the corrections and of the sheets."""
    by_ref: dict[Ref, Person] = {}
    for term in terms:
        ref = person_ref(known, corrections, term.id, president=True)
        person = by_ref.setdefault(ref, _person(ref, term.name, US))
        until = term.end.iso if term.end else "9999-12-31"
        person.terms["state"].append((_day(term.start.iso), _day(until)))
    for row in trips:
        if row.role == "secretary":
            ref = person_ref(known, corrections, row.who, president=False)
            person = by_ref.setdefault(ref, _person(ref, row.name, US))
            day = _day(row.start.iso)
            title = "Secretary of State"
            person.take(Sighting((row.ref, -1), row.name, title, "foreign", US, True, day))
    yield from by_ref.values()
    for holder in corrections.people:
        person = _person(None, holder.name, holder.nation)
        person.terms[holder.office] = [(_day(holder.since), _day(holder.until))]
        yield person
    for ref, entity in known.entities.items():
        if ref.type == "person" and ref not in by_ref:
            person = Person(ref)
            for text in (entity.label, *entity.alt_labels):
                if len(words := tokens(text.value)) > 1:
                    person.names[text.value] += 1
                    person.spellings.add(words)
            if person.spellings:
                yield person


def _person(ref: Ref | None, name: str, nation: str) -> Person:
    person = Person(ref)
    bare = name.removeprefix("King ")
    person.names[name] += 1
    person.spellings.add(tokens(bare))
    person.nations[nation] += 3
    return person


def name_people(people: list[Person], known: Known) -> None:
    """Give everybody a reference: a sheet's where the name is its own, else nation and name."""
    sheet = {
        fold(text.value): ref
        for ref, entity in known.entities.items()
        if ref.type == "person"
        for text in (entity.label, *entity.alt_labels)
    }
    taken = {person.ref for person in people if person.ref}
    for person in people:
        if person.ref is None:
            titled = [f"{title} {name}" for title in person.titles for name in person.names]
            found = [sheet[fold(name)] for name in (*person.names, *titled) if fold(name) in sheet]
            nation = person.nation.rpartition("/")[2] or "unknown"
            base = Ref(f"person/{nation}/{slugify(person.label) or 'unnamed'}")
            person.ref = next((ref for ref in found if ref not in taken), base)
            count = 1
            while person.ref in taken:
                count += 1
                person.ref = Ref(f"{base}-{count}")
            taken.add(person.ref)


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()
