"""Visits to the United States by foreign leaders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.model.facts import Entity, Fact, Field, Record, Statement, Text, Url, Value
from kg.model.sources import Issue, Known, Review
from kg.registers.us_state import unsure
from kg.registers.us_state.all_rows import visit_files
from kg.registers.us_state.dates import span
from kg.registers.us_state.findings import NOTHING, Finding
from kg.registers.us_state.hsg_rows import Row, read_visits
from kg.registers.us_state.nations import US
from kg.registers.us_state.stops import CREDITS, Stops, dataset, merge_sheet, with_folder
from kg.registers.us_state.survey import RegisterSurvey, RowSurvey
from kg.registers.us_state.xml_rows import Report

TITLE = "Visits to the United States by Foreign Leaders"
SHORT = "State Department register of visits"
HOME = "https://history.state.gov/departmenthistory/visits"

# In which column of a row a property's value stands.
COLUMNS = (
    ("start", "start-date"),
    ("end", "end-date"),
    ("participant", "from-id"),
    ("participant", "description"),
)
PLACED = (*COLUMNS, ("place", "description"))


class Visits:
    """Partitions are the files, one a decade; the folder itself stands for what they share."""

    credits = CREDITS

    def __init__(self, path: Path, known: Known) -> None:
        self._path = path
        self.survey = RowSurvey(known)

    def partitions(self) -> Sequence[Path]:
        files = [path for path, _ in visit_files(self._path)]
        return with_folder("visits", self._path, files, "data/*.xml")

    def read(self, partition: Path, found: RegisterSurvey) -> Iterator[Fact | Issue | Review]:
        calls = _Calls(found)
        if partition == self._path:
            yield from calls.shared()
        else:
            name = f"visits/{partition.relative_to(self._path).as_posix()}"
            yield from calls.read(partition, name)


class _Calls:
    """Makes facts of rows by what the survey found."""

    def __init__(self, survey: RegisterSurvey) -> None:
        self._survey = survey
        self._stops = Stops(survey)

    def shared(self) -> Iterator[Fact]:
        yield from dataset("visits", TITLE, SHORT, HOME, self._survey.known)
        yield from self._stops.countries()
        yield from self._stops.people()
        yield from self._survey.towns

    def read(self, path: Path, name: str) -> Iterator[Fact | Issue | Review]:
        report = Report(name, self._survey.known.leave_out)
        before = self._survey.before.get(path, {})
        found = self._survey.findings(path)
        corrections = self._survey.corrections
        for row in read_visits(path, name, report, corrections, before=before):
            finding = found.get(row.ref, NOTHING)
            yield from self._visit(row, finding)
            yield from unsure.mentions(row.ref, finding.unresolved)
        yield from report.all()

    def _visit(self, row: Row, found: Finding) -> Iterator[Fact]:
        survey = self._survey
        gazetteer = survey.gazetteer
        about = survey.event(found.repeats or row.ref)
        origin = gazetteer.spoken(row.country)
        label = Text(f"{row.name} of {origin} in the United States, {span(row.start, row.end)}")
        towns = dict.fromkeys(each.names for each in found.towns if each.names)
        told: list[tuple[str, Value]] = [
            ("host", gazetteer.state(US)),
            *(("place", place) for place in towns or (gazetteer.place(US),)),
            *(() if found.repeats else (("start", row.start), ("end", row.end))),
        ]
        if gazetteer.is_state(row.country):
            told.append(("participant", gazetteer.state(row.country)))
        statements = [Statement(about, name, value) for name, value in told]
        described, involved = self._stops.involved(found, row.ref, about)
        yield from described
        statements += involved
        prose = {True: ("visitor", row.name), False: ("description", row.note)}
        record = Record(
            ref=row.ref,
            label=label,
            about=about,
            statements=tuple(statements),
            fields=_fields(row),
            columns=PLACED if towns else COLUMNS,
            mentions=(*self._stops.mentions(found.parts, prose), *found.towns),
            words=Text(row.note) if row.note else None,
            page=Url(f"{HOME}/{row.country}"),
            repeats=found.repeats,
        )
        if found.repeats:
            yield Entity.replaced(survey.event(row.ref), about)
        elif about not in survey.known.entities:
            yield Entity(ref=about, label=label)
        yield merge_sheet(record, survey.known)


def _fields(row: Row) -> tuple[Field, ...]:
    """The row's own values, by the names of its elements and attributes."""
    fields: tuple[Field, ...] = (
        ("visitor", row.name),
        ("from", row.country_name),
        ("from-id", row.country),
        ("start-date", row.start),
        ("end-date", row.end),
        ("description", row.note),
    )
    return tuple((name, value) for name, value in fields if value)
