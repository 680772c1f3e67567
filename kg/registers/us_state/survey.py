"""What only shows when all rows of travels and visits are seen together: who is who, which
places there are, which stops make a journey. Made once a build; partitions then share nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

from kg.model.decisions import Naming
from kg.model.facts import Entity, Mention, Ref
from kg.model.sources import Issue, Known, Review
from kg.registers.us_state import unsure
from kg.registers.us_state.all_rows import country_labels, read_rows
from kg.registers.us_state.attested import Served, served
from kg.registers.us_state.authority import (
    decided_names,
    known_people,
    merge_people,
    name_people,
    person_ref,
)
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.findings import NOTHING, Finding, Part, Portrait, pack, unpack
from kg.registers.us_state.former import read_former
from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.hsg_rows import Row, Term
from kg.registers.us_state.journeys import Journey, find_journeys
from kg.registers.us_state.matching import Stay, propose
from kg.registers.us_state.nations import US
from kg.registers.us_state.people import Sighting
from kg.registers.us_state.places import Places
from kg.registers.us_state.resolving import GUESS, Resolution, resolve
from kg.registers.us_state.sightings import Sitting, sightings
from kg.registers.us_state.states import States
from kg.registers.us_state.twice import event_of, repeated


@dataclass(frozen=True, slots=True)
class RegisterSurvey:
    """The shared knowledge of the travels and visits of one build.

    `countries` are those that rows, people and places belong to; `travellers` the raw identifier
    and name of each; `people` everybody, `posts` the nation and title of each post that somebody
    holds. `about` gives the event that a row records, where the sheets know it; `packed` what else
    was found of the rows of each file; `before` which of its rows another file had before it;
    `former` what references of earlier releases lead on to; `towns` are the American places that
    descriptions name.
    """

    known: Known
    corrections: Corrections
    gazetteer: Gazetteer
    countries: frozenset[str]
    travellers: Mapping[Ref, tuple[str, str]]
    terms: tuple[Term, ...]
    people: Mapping[Ref, Portrait]
    posts: frozenset[tuple[str, str]]
    about: Mapping[Ref, Ref]
    packed: Mapping[Path, bytes]
    before: Mapping[Path, Mapping[Ref, str]]
    issues: tuple[Issue, ...]
    reviews: tuple[Review, ...]
    former: Mapping[Ref, Ref | None]
    towns: tuple[Entity, ...]

    def findings(self, file: Path) -> Mapping[Ref, Finding]:
        """What was found of the rows of a file, where there is something."""
        return unpack(self.packed[file])

    def event(self, record: Ref) -> Ref:
        """What a row is about."""
        return self.about.get(record) or event_of(record)

    def traveller(self, who: str, role: str) -> Ref:
        """Whom the raw identifier of a traveller names."""
        return person_ref(self.known, self.corrections, who, role == "president")


@dataclass(frozen=True, slots=True)
class RowSurvey:
    """The survey that travels and visits share, over what one build knows."""

    known: Known

    def take(self) -> RegisterSurvey:
        return take_survey(self.known)


def take_survey(known: Known) -> RegisterSurvey:
    """Look at all rows together.

    Raises:
        DataError: a file cannot be parsed at all.
    """
    corrections = Corrections.load(known.corrections)
    rows = read_rows(known, corrections)
    places, former = Places.load(beside(known, "places")), States.load(beside(known, "states"))
    gazetteer = Gazetteer(known, corrections, country_labels(known, rows), places, former)
    cities = gazetteer.cities()
    gazetteer.locate(rows.locales, cities)
    terms, stops, sitting = rows.terms, rows.stops, Sitting(rows.terms)
    seen = [sighting for row in rows.all for sighting in sightings(row, gazetteer, sitting)]
    resolution = resolve(seen, known_people(known, corrections, terms, stops))
    name_people(resolution.people, known)
    led = merge_people(resolution.people, known)
    parts = _parts(seen, resolution, gazetteer, decided_names(known, rows.all))
    towns = gazetteer.towns(cities)
    found = {row.ref: tuple(towns.mentions(row.note)) for row in rows.visits}
    stays = {
        row.ref: _stay(row, parts.get(row.ref, ()), known, corrections, gazetteer)
        for row in rows.all
    }
    repeats = repeated(rows.all, lambda row: stays[row.ref].whose(row.name))
    once = [row for row in stops if row.ref not in repeats]
    journeys = find_journeys(once, gazetteer.point_of, corrections.journeys)
    first = (stay for record, stay in stays.items() if record not in repeats)
    about, proposals = _match(known, first, gazetteer)
    tenures = tuple(served(rows.all, parts))
    of_person: dict[Ref, list[Served]] = defaultdict(list)
    for tenure in tenures:
        of_person[tenure.person].append(tenure)
    named = {part.person for each in parts.values() for part in each}
    people = {
        person.ref: Portrait.of(person, person.ref in named, of_person[person.ref])
        for person in resolution.people
        if person.ref and person.ref not in led
    }
    posts = frozenset(post for each in parts.values() for part in each for post in part.posts)
    met = {nation for nation, _ in posts} | {each.nation for each in people.values()}
    states = {nation for nation in met if nation and "/" not in nation}
    return RegisterSurvey(
        known=known,
        corrections=corrections,
        gazetteer=gazetteer,
        countries=frozenset(rows.labels()) | states | gazetteer.regions(rows.locales),
        travellers=_travellers(stops, known, corrections),
        terms=terms,
        people=people,
        posts=posts,
        about=about,
        packed=dict(
            _packed(
                rows.by_file,
                parts,
                tenures,
                _unresolved(resolution),
                journeys.all,
                towns=found,
                repeats=repeats,
            )
        ),
        before=rows.before,
        issues=tuple(rows.report.all()),
        former={**read_former(known.corrections), **led},
        reviews=(
            *proposals,
            *unsure.merges(each for each in resolution.people if each.ref in named),
            *starmap(unsure.gap, journeys.unsure),
        ),
        towns=tuple(towns.entities()),
    )


def beside(known: Known, name: str) -> Path | None:
    """Another file of rows, beside the corrections."""
    return known.corrections and known.corrections.with_name(f"{name}.yaml")


def _parts(
    seen: list[Sighting],
    resolution: Resolution,
    gazetteer: Gazetteer,
    decided: Mapping[tuple[Ref, int], Naming],
) -> dict[Ref, list[Part]]:
    """Whom each row names, in its order."""
    parts: dict[Ref, list[Part]] = defaultdict(list)
    for sighting in seen:
        person = resolution.who.get(sighting.key)
        sure = resolution.sure.get(sighting.key, GUESS)
        part = Part.of(person, sighting, sure, gazetteer)
        if naming := decided.get((sighting.key[0], sighting.span.end)):
            same = part.posts if naming.names == part.person else ()
            part = part._replace(person=naming.names, posts=same, decision=naming.ref)
        parts[sighting.key[0]].append(part)
    return parts


def _packed(
    files: Mapping[Path, list[Row]],
    parts: Mapping[Ref, list[Part]],
    tenures: tuple[Served, ...],
    unresolved: Mapping[Ref, tuple[str, ...]],
    journeys: tuple[Journey, ...],
    *,
    towns: Mapping[Ref, tuple[Mention, ...]],
    repeats: Mapping[Ref, Ref],
) -> Iterator[tuple[Path, bytes]]:
    """The findings of each file."""
    journey_of = {stop.ref: journey.ref for journey in journeys for stop in journey.stops}
    begun = {journey.stops[0].ref: journey for journey in journeys}
    closing = {max(each.stops, key=lambda stop: stop.end.iso).ref for each in journeys}
    tenures_of: dict[Ref, list[Served]] = defaultdict(list)
    for tenure in tenures:
        for record in tenure.records:
            tenures_of[record].append(tenure)
    for path, rows in files.items():
        found = {
            row.ref: Finding(
                tuple(parts.get(row.ref, ())),
                unresolved.get(row.ref, ()),
                journey_of.get(row.ref),
                begun.get(row.ref),
                row.ref in closing,
                tuple(tenures_of.get(row.ref, ())),
                towns.get(row.ref, ()),
                repeats.get(row.ref),
            )
            for row in rows
        }
        yield path, pack({ref: each for ref, each in found.items() if each != NOTHING})


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
    parts: Iterable[Part],
    known: Known,
    corrections: Corrections,
    gazetteer: Gazetteer,
) -> Stay:
    if row.who:
        who = [person_ref(known, corrections, row.who, row.role == "president")]
        places = gazetteer.locales(row.country, row.locale)
    else:
        who = [each.person for each in parts if each.visitor and each.person]
        places = (gazetteer.place(US),)
    return Stay(row.ref, tuple(who), row.start, row.end, places)


def _match(
    known: Known, stays: Iterable[Stay], gazetteer: Gazetteer
) -> tuple[dict[Ref, Ref], tuple[Review, ...]]:
    """Which event each row is about: as the sheets say, else as a sure proposal does."""
    about = {
        Ref(f"record/{dataset}/{raw}"): ref
        for (dataset, raw), ref in known.ids.items()
        if dataset in {"travels", "visits"}
    }
    about |= known.about
    about |= {record: event for event, records in known.matches.items() for record in records}
    decided = {*about.values(), *known.matches}
    free = (stay for stay in stays if stay.record not in about)
    open_ = [claim for claim in known.claims if claim.statement.subject not in decided]
    matches = []
    for each in propose(open_, known.published, free, gazetteer.around):
        if each.taken:
            about[each.record] = each.event
        matches.append(unsure.match(each))
    return about, tuple(matches)


def _unresolved(resolution: Resolution) -> dict[Ref, tuple[str, ...]]:
    found: dict[Ref, tuple[str, ...]] = defaultdict(tuple)
    for (ref, _), reason in sorted(resolution.unresolved.items()):
        found[ref] += (reason,)
    return dict(found)
