"""Travels abroad of Secretaries of State and Presidents: a row is a stop in one country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.model.facts import Entity, Fact, Field, Record, Ref, Statement, Text, Url, Value
from kg.model.sources import Issue, Known, Review
from kg.registers.us_state import unsure
from kg.registers.us_state.all_rows import trip_files
from kg.registers.us_state.dates import in_words, span
from kg.registers.us_state.findings import NOTHING, Finding
from kg.registers.us_state.hsg_rows import Row, Term, read_trips
from kg.registers.us_state.journeys import Journey
from kg.registers.us_state.nations import US
from kg.registers.us_state.stops import CREDITS, Stops, dataset, merge_sheet, with_folder
from kg.registers.us_state.survey import RegisterSurvey, RowSurvey
from kg.registers.us_state.xml_rows import Report

TITLE = "Travels Abroad of Secretaries of State and Presidents"
SHORT = "State Department travel register"
HOME = "https://history.state.gov/departmenthistory/travels"
ROLES = ("president", "secretary")  # whose pages stand there, traveller by traveller

# In which column of a row a property's value stands.
COLUMNS = (
    ("traveller", "who"),
    ("place", "locale"),
    ("host", "country-id"),
    ("start", "start-date"),
    ("end", "end-date"),
    ("participant", "remarks"),
)


class Travels:
    """Partitions are the files, one a traveller; the folder itself stands for what they share."""

    credits = CREDITS

    def __init__(self, path: Path, known: Known) -> None:
        self._path = path
        self.survey = RowSurvey(known)

    def partitions(self) -> Sequence[Path]:
        files = [path for path, _ in trip_files(self._path)]
        return with_folder("travels", self._path, files, "*-travels/*.xml")

    def read(self, partition: Path, found: RegisterSurvey) -> Iterator[Fact | Issue | Review]:
        trips = _Trips(found)
        if partition == self._path:
            yield from trips.shared()
        else:
            name = f"travels/{partition.relative_to(self._path).as_posix()}"
            yield from trips.read(partition, name)


class _Trips:
    """Makes facts of rows by what the survey found."""

    def __init__(self, survey: RegisterSurvey) -> None:
        self._survey = survey
        self._stops = Stops(survey)

    def read(self, path: Path, name: str) -> Iterator[Fact | Issue | Review]:
        report = Report(name, self._survey.known.leave_out)
        before = self._survey.before.get(path, {})
        found = self._survey.findings(path)
        for row in read_trips(path, name, report, before=before):
            finding = found.get(row.ref, NOTHING)
            yield from self._stop(row, finding)
            yield from unsure.mentions(row.ref, finding.unresolved)
        yield from report.all()

    def shared(self) -> Iterator[Fact | Issue | Review]:
        """The data sets, the places, the people and the terms of presidents."""
        yield from dataset("travels", TITLE, SHORT, HOME, self._survey.known)
        yield from self._stops.countries()
        yield from self._stops.people()
        for place in self._survey.gazetteer.place_entities():
            yield place
            yield from unsure.location(place)
        for ref, (raw, name) in sorted(self._survey.travellers.items()):
            yield from self._stops.official(ref, raw, name)
        if self._survey.terms:
            title, short = "Presidents of the United States", "State Department list of Presidents"
            yield from dataset("presidents", title, short, HOME, self._survey.known)
        for term in self._survey.terms:
            yield from self._term(term)
        yield from self._survey.issues
        yield from self._survey.reviews

    def _stop(self, row: Row, found: Finding) -> Iterator[Fact]:
        survey = self._survey
        about = survey.event(found.repeats or row.ref)
        traveller = survey.traveller(row.who, row.role)
        country = survey.gazetteer.name(row.country)
        where = ", ".join(dict.fromkeys(part for part in (row.locale, country) if part))
        label = f"{self._stops.label(traveller, row.name)} in {where}, {span(row.start, row.end)}"
        told: list[tuple[str, Value]] = [
            ("traveller", traveller),
            *(("place", place) for place in survey.gazetteer.locales(row.country, row.locale)),
            *(() if found.repeats else (("start", row.start), ("end", row.end))),
        ]
        if survey.gazetteer.is_state(row.country):
            told.append(("host", survey.gazetteer.state(row.country)))
        if found.journey:
            told.append(("partOf", found.journey))
        statements = [Statement(about, name, value) for name, value in told]
        described, involved = self._stops.involved(found, row.ref, about, without=traveller)
        yield from described
        statements += involved
        if found.journey:
            statements.append(Statement(found.journey, "prov:wasDerivedFrom", row.ref))
        if journey := found.begun:
            yield self._journey(journey)
            statements += [
                Statement(journey.ref, "traveller", traveller),
                Statement(journey.ref, "start", journey.start),
            ]
        if found.journey and found.closes:
            statements.append(Statement(found.journey, "end", row.end))
        record = Record(
            ref=row.ref,
            label=Text(label),
            about=about,
            statements=tuple(statements),
            fields=_fields(row),
            columns=COLUMNS,
            mentions=tuple(self._stops.mentions(found.parts, {False: ("remarks", row.note)})),
            words=Text(row.note) if row.note else None,
            page=Url(f"{HOME}/{row.role}/{row.who}") if row.role in ROLES else None,
            repeats=found.repeats,
        )
        if found.repeats:
            yield Entity.replaced(survey.event(row.ref), about)
        elif about not in survey.known.entities:
            yield Entity(ref=about, label=Text(label))
        yield merge_sheet(record, survey.known)

    def _journey(self, journey: Journey) -> Entity:
        countries = list(
            dict.fromkeys(self._survey.gazetteer.name(stop.country) for stop in journey.stops)
        )
        shown = ", ".join(countries[:3])
        if len(countries) > 3:
            shown += f" and {len(countries) - 3} more"
        first = journey.stops[0]
        name = self._stops.label(self._survey.traveller(first.who, first.role), first.name)
        label = f"{name}’s journey to {shown}, {span(journey.start, journey.end)}"
        return Entity(ref=journey.ref, label=Text(label))

    def _term(self, term: Term) -> Iterator[Fact]:
        """A president's term is a tenure; the row of presidents.xml is its record."""
        survey = self._survey
        person = survey.traveller(term.id, "president")
        tenure, post = Ref(f"tenure/president-{term.number}"), self._stops.post(US, "President")
        name = self._stops.label(person, term.name)
        until = in_words(term.end) if term.end else ""
        label = Text(
            f"{name} as President of the United States, {in_words(term.start)} – {until}".rstrip()
        )
        known: list[tuple[Ref, str, Value | None]] = [
            (tenure, "holder", person),
            (tenure, "post", post),
            (tenure, "start", term.start),
            (tenure, "end", term.end),
            (person, "schema:birthDate", term.birth),
            (person, "schema:deathDate", term.death),
        ]
        yield from self._stops.official(person, term.id, term.name)
        yield from self._stops.post_entity(US, "President")
        yield Entity(ref=tenure, label=label)
        yield Record(
            ref=Ref(f"record/presidents/{term.number}"),
            label=label,
            about=tenure,
            statements=tuple(
                Statement(subject, name, value)
                for subject, name, value in known
                if value is not None
            ),
            fields=(
                ("id", term.id),
                ("name", term.name),
                *(
                    (column, value)
                    for column, value in (
                        ("birth-year", term.birth),
                        ("death-year", term.death),
                        ("took-office-date", term.start),
                        ("left-office-date", term.end),
                    )
                    if value is not None
                ),
            ),
        )


def _fields(row: Row) -> tuple[Field, ...]:
    """The row's own values, by the names of its elements and attributes."""
    fields: tuple[Field, ...] = (
        ("who", row.who),
        ("role", row.role),
        ("name", row.name),
        ("start-date", row.start),
        ("end-date", row.end),
        ("country", row.country_name),
        ("country-id", row.country),
        ("locale", row.locale),
        ("remarks", row.note),
    )
    return tuple((name, value) for name, value in fields if value)
