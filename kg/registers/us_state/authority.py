"""Who is known beforehand, and what everybody is called by reference: one authority of persons over
all registers, the sheets and the corrections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kg.model.decisions import Merge, Naming
from kg.model.facts import Ref
from kg.model.iris import slugify
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections, Officeholder
from kg.registers.us_state.hsg_rows import Row, Term
from kg.registers.us_state.names import fold, tokens
from kg.registers.us_state.nations import US
from kg.registers.us_state.people import Person, Sighting
from kg.registers.us_state.sightings import day_of


def person_ref(known: Known, corrections: Corrections, raw: str, president: bool) -> Ref:
    """The reference of somebody whom POCOM or the list of presidents identifies."""
    # A president who is not the one whom POCOM's file of that name is about has a row of his own.
    ours = corrections.persons.get(f"president/{raw}") if president else None
    pocom = ours or corrections.persons.get(raw, raw)
    keys = (("president", raw), ("pocom", pocom)) if president else (("pocom", pocom),)
    return next((known.ids[key] for key in keys if key in known.ids), Ref(f"person/{pocom}"))


def known_people(
    known: Known, corrections: Corrections, terms: tuple[Term, ...], trips: list[Row]
) -> Iterator[Person]:
    """Presidents, travelling secretaries, the people of the corrections and of the sheets."""
    by_ref: dict[Ref, Person] = {}
    for term in terms:
        ref = person_ref(known, corrections, term.id, president=True)
        person = by_ref.setdefault(ref, _person(ref, term.name, US))
        person.born = day_of(f"{term.birth.iso[:4]}-01-01") if term.birth else None
        person.died = day_of(f"{term.death.iso[:4]}-12-31") if term.death else None
        until = term.end.iso if term.end else "9999-12-31"
        person.terms["state"].append((day_of(term.start.iso), day_of(until)))
    for row in trips:
        if row.role == "secretary":
            ref = person_ref(known, corrections, row.who, president=False)
            person = by_ref.setdefault(ref, _person(ref, row.name, US))
            day = day_of(row.start.iso)
            title = "Secretary of State"
            person.take(Sighting((row.ref, -1), row.name, title, "foreign", US, True, day))
    yield from by_ref.values()
    yield from _officeholders(corrections, _of_sheets(known))
    for ref, entity in known.entities.items():
        if ref.type == "person" and ref not in by_ref:
            person = Person(ref)
            for text in (entity.label, *entity.alt_labels):
                if len(tokens(text.value)) > 1:
                    person.call(text.value)
            if person.spellings:
                yield person


def _of_sheets(known: Known) -> Mapping[str, Ref]:
    """The people of the sheets, by their names."""
    return {
        fold(text.value): ref
        for ref, entity in known.entities.items()
        if ref.type == "person"
        for text in (entity.label, *entity.alt_labels)
    }


def _officeholders(corrections: Corrections, sheets: Mapping[str, Ref]) -> Iterator[Person]:
    """The people of the corrections: one for all rows of a name and a nation."""
    rows: dict[tuple[str, str], list[Officeholder]] = defaultdict(list)
    for row in corrections.people:
        rows[row.name, row.nation].append(row)
    for (name, _), held in rows.items():
        person = Person(called=name)
        for row in held:
            own = Ref(f"person/{row.id}") if row.id else None
            person.ref = sheets.get(fold(name)) or own or person.ref
            person.died = day_of(row.died) if row.died else person.died
            for nation in (row.nation, *row.also):
                person.nations[nation] += 4 if nation == row.nation else 3
                person.offices[row.office, nation] += (
                    4 if nation in row.also and "/" in nation else 3
                )
            person.terms[row.office].append((day_of(row.since), day_of(row.until)))
            for each in (name, *row.called):
                person.call(each)
        person.given = min(map(len, person.spellings)) == 1 and "state" in person.terms
        yield person


def _person(ref: Ref | None, name: str, nation: str) -> Person:
    person = Person(ref)
    person.call(name)
    person.nations[nation] += 3
    return person


def name_people(people: list[Person], known: Known) -> None:
    """Give everybody a reference: a sheet's where the name is its own, else nation and name."""
    sheet = _of_sheets(known)
    taken = {person.ref for person in people if person.ref}
    for person in people:
        if person.ref is None:
            titled = [f"{title} {name}" for title in person.titles for name in person.names]
            found = [sheet[fold(name)] for name in (*person.names, *titled) if fold(name) in sheet]
            nation = person.nation.rpartition("/")[2] or "unknown"
            base = Ref(f"person/{nation}/{slugify(person.called or person.common) or 'unnamed'}")
            person.ref = next((ref for ref in found if ref not in taken), base)
            count = 1
            while person.ref in taken:
                count += 1
                person.ref = Ref(f"{base}-{count}")
            taken.add(person.ref)


def merge_people(people: Iterable[Person], known: Known) -> Mapping[Ref, Ref]:
    """Take those who are one by decision for one; which reference leads on to which."""
    by_ref = {person.ref: person for person in people}
    led: dict[Ref, Ref] = {}
    for merge in known.rulings:
        if isinstance(merge, Merge) and (kept := by_ref.get(merge.things[0])):
            for ref in merge.things[1:]:
                if other := by_ref.get(ref):
                    kept.absorb(other)
                    other.ref = kept.ref
                    led[ref] = merge.things[0]
    return led


def decided_names(known: Known, rows: Iterable[Row]) -> Mapping[tuple[Ref, int], Naming]:
    """What people decided of words of a record, by the record and where they end in its prose."""
    decided = [each for each in known.rulings if isinstance(each, Naming)]
    notes = {row.ref: row.note for row in rows} if decided else {}
    return {
        (each.record, notes[each.record].index(each.words) + len(each.words)): each
        for each in decided
        if each.words in notes.get(each.record, "")
    }
