"""What the registers leave open, for `review.jsonl`: what was found, and what would settle it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.model.facts import Entity, Ref
from kg.model.sources import Review
from kg.registers.us_state.hsg_rows import Row
from kg.registers.us_state.matching import Proposal
from kg.registers.us_state.people import Person

_MENTION = "A source that tells whom the row means."
_MERGE = "A merge: row in decisions.yaml, if they are one; a row of people: in corrections.yaml."
_MATCH = "A match: line in a sheet, with the event's records, or none."
_GAP = "Where the traveller was between the two stops: a row of journeys: in corrections.yaml."
_PLACE = "A place of the sheets with this name and its coordinates."


def mentions(record: Ref, names: Iterable[str]) -> Iterator[Review]:
    """Names of a row that could be several people's: nobody is taken."""
    for name in names:
        yield Review("mention", record, f"A name that could be several people's: {name}.", _MENTION)


def match(proposal: Proposal) -> Review:
    """A row that may record an event, taken or not."""
    verdict = "taken as the record of the event" if proposal.taken else "may record the event"
    found = f"{proposal}: {verdict}."
    return Review("match", proposal.event, found, _MATCH, (proposal.record,))


def gap(before: Row, after: Row) -> Review:
    """Two stops of which nothing tells whether they are of one journey: they are kept apart."""
    found = (
        f"{before.name} was in {before.locale or before.country_name} until {before.end.iso}, "
        f"and in {after.locale or after.country_name} from {after.start.iso}."
    )
    return Review("journey", after.ref, found, _GAP, (before.ref,))


def location(place: Entity) -> Iterator[Review]:
    """A place that no city of GeoNames surely is, so that no map shows it. What sheets describe
    comes without a description here, and a country has no one point.
    """
    told = {name for _, name, _ in place.description}
    if told and not place.deprecated and "/" in place.ref.slug and "wgs84:lat" not in told:
        found = f"No one city of its country is surely the one called {place.label.value}."
        yield Review("place", place.ref, found, _PLACE)


def merges(people: Iterable[Person]) -> Iterator[Review]:
    """People of one state of whom one goes by a surname that another bears: maybe they are one."""
    of_nation: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        of_nation[person.nation].append(person)
    for all_of_them in of_nation.values():
        for person in all_of_them:
            if person.ref is None or person.called or max(map(len, person.spellings)) > 1:
                continue
            bearers = [
                each.ref
                for each in all_of_them
                if each is not person and each.ref and each.given == person.given
                if any(each.bears(words, family=True) for words in person.spellings)
            ]
            if bearers:
                found = f"{person.label} of {person.nation} goes by a name that others there bear."
                yield Review("merge", person.ref, found, _MERGE, tuple(sorted(bearers)))
