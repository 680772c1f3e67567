"""Principal officers and chiefs of mission of the United States (POCOM): people, posts, tenures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

from kg.model.facts import Date, Entity, Fact, Record, Ref, Statement, Text, Url, Value
from kg.model.sources import Issue, Known
from kg.registers.us_state.all_rows import AllRows, country_labels, read_rows
from kg.registers.us_state.authority import person_ref
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.countries import Countries
from kg.registers.us_state.dates import date_or_words
from kg.registers.us_state.elements import APPOINTMENT, IGNORED, MISSIONS, ROLE
from kg.registers.us_state.nations import US, adjective
from kg.registers.us_state.pocom_people import PersonNames, read_people
from kg.registers.us_state.pocom_rows import (
    GROUPS,
    MISNAMED,
    Numbers,
    read_appointment,
    read_concurrent,
)
from kg.registers.us_state.states import States
from kg.registers.us_state.stops import CREDITS, dataset, merge_sheet, with_folder
from kg.registers.us_state.survey import beside
from kg.registers.us_state.xml_rows import Report, XmlFile, identifier, words

TITLE = "Principal Officers and Chiefs of Mission of the United States"
SHORT = "State Department register of appointments"
HOME = "https://history.state.gov/departmenthistory/people"
ROLES = "roles-country-chiefs"
# Folders whose files are no facts, each with the reason.
LEFT_OUT = {
    "people-pending": "drafts that no appointment refers to yet",
    "code-tables": "explains the codes of other files",
}

# In which column of an appointment's row a property's value stands.
COLUMNS = (
    ("holder", "person-id"),
    ("post", "role-title-id"),
    ("start", "started"),
    ("end", "ended"),
)


@dataclass(slots=True)
class _Mission:
    """What the rows of a file were about so far.

    `moved` are posts that are now those to a state of the time; `served` gives the record and the
    tenure of a person in a post from a day on.
    """

    territory: str
    name: str
    described: set[Ref] = field(default_factory=set)
    moved: dict[Ref, Ref] = field(default_factory=dict)
    served: dict[tuple[Ref, Ref, Date | None], tuple[Ref, Ref]] = field(default_factory=dict)

    def once(self, facts: Iterator[Fact]) -> Iterator[Fact]:
        """The facts, each entity the first time."""
        for fact in facts:
            if not isinstance(fact, Entity) or fact.ref not in self.described:
                yield fact
            if isinstance(fact, Entity):
                self.described.add(fact.ref)


class Pocom:
    """Partitions are the missions and positions, the letters of the people, and the folder itself
    for what they share.
    """

    credits = CREDITS

    def __init__(self, path: Path, known: Known) -> None:
        self._path = path
        self._known = known
        self._corrections = Corrections.load(known.corrections)
        self._names = PersonNames(path, known.leave_out)

    # Found when they are asked for: a process that reads people alone needs none of them.

    @cached_property
    def _rows(self) -> AllRows:
        return read_rows(self._known, self._corrections)

    @cached_property
    def _countries(self) -> Countries:
        labels = country_labels(self._known, self._rows)
        return Countries(self._known, self._corrections, labels, self._states)

    @cached_property
    def _states(self) -> States:
        return States.load(beside(self._known, "states"))

    @cached_property
    def _travellers(self) -> Mapping[str, str]:
        """What the travels call those of whom there is no file here."""
        return {row.who: row.name for row in self._rows.stops}

    @cached_property
    def _organizations(self) -> frozenset[str]:
        return frozenset(path.stem for path in self._path.glob("missions-orgs/*.xml"))

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers.find(self._path)

    @cached_property
    def _roles(self) -> Mapping[str, str]:
        """What each role is called: roles abroad have files, posts at home name themselves."""
        report = Report("pocom/roles", self._known.leave_out)
        found = {}
        for folder in (ROLES, "positions-principals", "missions-orgs"):
            for each in sorted(self._path.glob(f"{folder}/*.xml")):
                file = report.file(each, f"pocom/{folder}/{each.name}", ["role", *MISSIONS])
                if file and words(file.root.find("id")) == each.stem:
                    found[each.stem] = words(file.root.find("names/singular"))
        return found

    def partitions(self) -> Sequence[Path]:
        return with_folder(
            "pocom",
            self._path,
            [*self._missions(), *self._people()],
            "missions-*/*.xml, positions-principals/*.xml or people/*/",
        )

    def _people(self) -> list[Path]:
        return sorted(each for each in self._path.glob("people/*") if each.is_dir())

    def _missions(self) -> list[Path]:
        return [
            *sorted(self._path.glob("missions-*/*.xml")),
            *sorted(self._path.glob("positions-principals/*.xml")),
        ]

    def read(self, partition: Path) -> Iterator[Fact | Issue]:
        name = f"pocom/{partition.relative_to(self._path).as_posix()}".removesuffix("/.")
        report = Report(name, self._known.leave_out)
        if partition == self._path:
            yield from self._shared(report)
        elif partition.is_dir():
            yield from read_people(partition, report, self._known, self._corrections, self._names)
        else:
            yield from self._mission(partition, report)
        yield from report.all()

    def _shared(self, report: Report) -> Iterator[Fact]:
        yield from dataset("pocom", TITLE, SHORT, HOME, self._known)
        for path in sorted(self._path.glob("missions-countries/*.xml")):
            yield from self._countries.country_entities(path.stem)
        yield from self._countries.country_entities(US)
        yield from self._countries.former_entities()
        yield from read_concurrent(self._path, report, self._numbers, self._person)
        for path in sorted(self._path.glob(f"{ROLES}/*.xml")):
            if file := report.file(path, f"pocom/{ROLES}/{path.name}", ["role"]):
                file.account(file.root, ROLE, IGNORED)
                if (raw := words(file.root.find("id"))) != path.stem:
                    file.report(file.root, raw, MISNAMED, "id")
        for folder, reason in LEFT_OUT.items():
            if count := len(list(self._path.glob(f"{folder}/*.xml"))):
                report.ignored[folder, reason] += count

    def _mission(self, path: Path, report: Report) -> Iterator[Fact]:
        """A file of appointments: to a country, an organization, or a post at home."""
        if (file := report.file(path, report.name, MISSIONS)) is None:
            return
        abroad = file.tag == "country-mission"
        raw = identifier(file.root.find("territory-id" if abroad else "id"))
        sound = file.account(file.root, MISSIONS[file.tag], {})
        if not (sound and raw):
            file.report(file.root, raw or path.stem, "left out: no usable id")
        elif raw != path.stem:
            file.report(file.root, raw, MISNAMED, "id")
        else:
            if not abroad:
                yield from self._position(file, raw)
            yield from self._appointments(file, _Mission(raw if abroad else "", raw))

    def _appointments(self, file: XmlFile, mission: _Mission) -> Iterator[Fact]:
        for group in (each for each in file.root if each.tag in GROUPS):
            for element in group:
                if element.tag in {"chief", "principal"}:
                    if file.account(element, APPOINTMENT, IGNORED):
                        facts = self._appointment(file, element, group.tag, mission)
                        yield from mission.once(facts)
                elif element.tag == "mission-note":
                    file.partition.ignored[
                        "mission-note", "on the mission as a whole, not an appointment"
                    ] += 1
                else:
                    file.report(element, words(element), "unknown element")
        for old, new in mission.moved.items():
            if old not in mission.described:
                yield Entity.replaced(old, new)

    def _position(self, file: XmlFile, raw: str) -> Iterator[Fact]:
        """A post at home or at an organization, with what its file says of it."""
        post = self._post(raw, "")
        yield from self._post_entity(raw, "")
        described = [words(each) for each in file.root.iterfind("description/div/p") if words(each)]
        fields = [
            (name, words(element))
            for name in (
                "class",
                "category",
                "names/singular",
                "names/plural",
                "start",
                "end",
                "ongoing",
            )
            for element in file.root.iterfind(name)
        ]
        yield Record(
            ref=Ref(f"record/pocom/{raw}"),
            label=Text(self._title(raw)),
            about=post,
            statements=(Statement(post, "dcterms:description", Text(" ".join(described))),)
            if described
            else (),
            fields=(
                ("kind", "position"),
                *(
                    (name, date_or_words(value) if name in {"start", "end"} else value)
                    for name, value in (*fields, ("description", " ".join(described)))
                    if value
                ),
            ),
        )

    def _appointment(
        self, file: XmlFile, element: Element, group: str, mission: _Mission
    ) -> Iterator[Fact]:
        row = read_appointment(file, element, group, self._numbers, self._corrections)
        if row is None:
            return
        known, person = self._known, self._person(row.person)
        # To the state of the time, where the row names one that was not the file's.
        territory = self._states.by_id.get(row.contemporary, mission.territory)
        if not territory and row.role != mission.name and mission.name in self._organizations:
            # A chargé of nine organizations is nine posts.
            territory = mission.name
        elif territory != mission.territory:
            mission.moved[self._post(row.role, mission.territory)] = self._post(row.role, territory)
        post = self._post(row.role, territory)
        title = self._title(row.role, territory)
        yield from self._post_entity(row.role, territory)
        if not self._named(row.person) and person not in known.entities:
            file.report(element, row.person, "no such person under people/", "person-id")
            yield Entity(ref=person, label=Text(self._name(row.person)))
        record, page = Ref(f"record/pocom/{row.id}"), Url(f"{HOME}/{row.person}")
        if not row.took_office:
            # A nomination that came to nothing is a record about the person, and no tenure.
            yield Record(
                ref=record,
                label=Text(f"{self._name(row.person)}, nominated as {title}"),
                about=person,
                statements=(),
                fields=row.fields(mission.territory),
                page=page,
            )
            return
        tenure = known.ids.get(("pocom", row.id)) or Ref(f"tenure/{row.id}")
        first = mission.served.setdefault((person, post, row.start), (record, tenure))
        if first[0] != record and row.start:
            # A tenure that stands twice is one, and both rows are its records.
            yield Entity.replaced(tenure, first[1])
            tenure = first[1]
        label = Text(f"{self._name(row.person)} as {title}{_years(row.start, row.end)}")
        told: list[tuple[Ref, str, Value | None]] = [
            (tenure, "holder", person),
            (tenure, "post", post),
            (tenure, "start", row.start),
            (tenure, "end", row.end),
        ]
        if tenure not in known.entities:
            yield Entity(ref=tenure, label=label)
        yield merge_sheet(
            Record(
                ref=record,
                label=label,
                about=tenure,
                statements=tuple(
                    Statement(subject, name, value)
                    for subject, name, value in told
                    if value is not None
                ),
                fields=row.fields(mission.territory),
                columns=COLUMNS,
                page=page,
                repeats=first[0] if first[0] != record and row.start else None,
            ),
            known,
        )

    def _person(self, raw: str) -> Ref:
        return person_ref(self._known, self._corrections, raw, president=False)

    def _post(self, role: str, territory: str) -> Ref:
        if not territory:
            return self._known.ids.get(("pocom", role)) or Ref(f"post/{role}")
        key = ("pocom", f"{role}/{territory}")
        country = self._countries.country(territory)
        return self._known.ids.get(key) or Ref(f"post/{role}/{country}")

    def _title(self, role: str, territory: str = "") -> str:
        name = self._roles.get(role, role.replace("-", " ").title())
        if territory in self._organizations:
            return f"{name} ({self._title(territory)})"
        return f"{name} to {self._countries.spoken(territory)}" if territory else name

    def _post_entity(self, role: str, territory: str) -> Iterator[Entity]:
        post = self._post(role, territory)
        if post in self._known.entities:
            return
        countries = self._countries
        described = [Statement(post, "represents", countries.state(US))]
        label, called = self._title(role, territory), ""
        if territory and territory not in self._organizations:
            short = self._title(role).partition(" Extraordinary")[0]
            called = f"{adjective(US)} {short} to {countries.spoken(territory)}"
            label = f"{self._title(role)} of the United States to {countries.spoken(territory)}"
            if countries.is_state(territory):
                described.append(Statement(post, "host", countries.state(territory)))
        yield Entity(
            ref=post,
            label=Text(label),
            alt_labels=(Text(called),) if called else (),
            description=tuple(described),
        )

    def _name(self, person: str) -> str:
        sheet = self._known.entities.get(self._person(person))
        if sheet:
            return sheet.label.value
        name = self._named(person) or self._travellers.get(person, "")
        return name or person.replace("-", " ").title()

    def _named(self, person: str) -> str:
        """The name in the person's file, "" where there is none."""
        return self._names.of(self._corrections.persons.get(person, person))


def _years(start: Date | None, end: Date | None) -> str:
    first, last = (date.iso[:4] if date else "" for date in (start, end))
    return f", {first}–{last}" if first or last else ""
