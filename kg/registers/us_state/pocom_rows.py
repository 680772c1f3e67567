"""Rows of POCOM as plain values: appointments, and those held concurrently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from kg.model import limits
from kg.model.dates import bounds, ordinal
from kg.model.facts import Date, Field, Record, Ref, Statement, Text
from kg.model.files import read_file
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.elements import CONCURRENT, EVENTS, IGNORED
from kg.registers.us_state.xml_rows import Report, XmlFile, date, first, identifier, words

_PARTS = (
    "contemporary-territory-id",
    *(f"{event}/{part}" for event in EVENTS for part in ("date", "note")),
    "note",
)
# So no two files have one id, which would make one thing of them.
MISNAMED = "left out: a file is named by its id"
GROUPS = {"chiefs", "principals", "other-nominees", "other-appointees"}
# Nominees and appointees who never served follow those who did.
_OTHERS = re.compile(rb"<other-(?:nominees|appointees)")
# What stands in comments is no row.
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
# Appointments that were never taken up: whatever the dates say, and where no day in office is told.
_NEVER = re.compile(r"\bbefore (?:\w+ )?proceed(?:ed|ing) to post\b")
_UNSERVED = re.compile(
    r"\b(?:[Nn]ot commissioned|declined (?:the )?appointment|did not (?:take oath|serve|proceed)"
    r"|not acted upon|nomination withdrawn|Did not (?:take oath|serve))"
)
# "Dec 1986", where the day is not known.
_MONTH = re.compile(r"(?P<month>[A-Z][a-z]{2})[a-z]*\.? (?P<year>\d{4})")
_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: f"{at:02}" for at, name in enumerate(_NAMES.split(), 1)}
_ID = re.compile(rb"<(?:chief|principal)\b[^>]*>\s*<id>\s*([A-Za-z0-9][\w.-]*)\s*</id>")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ids of all appointments: those that were served, and those that were given before.

    The second row of an id in the order of the files becomes `ID.2`: both rows stay, apart.
    `first` names the file in which an id stands first.
    """

    served: frozenset[str]
    before: Mapping[tuple[str, str], int]
    first: Mapping[str, str]

    @classmethod
    def find(cls, root: Path) -> Numbers:
        """Count the ids of all files, in order."""
        seen: Counter[str] = Counter()
        served: set[str] = set()
        before: dict[tuple[str, str], int] = {}
        first: dict[str, str] = {}
        for path in (
            *sorted(root.glob("missions-*/*.xml")),
            *sorted(root.glob("positions-principals/*.xml")),
        ):
            data = _COMMENT.sub(b"", read_file(path, limits.REGISTER_BYTES))
            others = _OTHERS.search(data)
            for match in _ID.finditer(data):
                raw = match[1].decode("utf-8", "replace")
                before.setdefault((path.stem, raw), seen[raw])
                first.setdefault(raw, path.name)
                seen[raw] += 1
                if others is None or match.start() < others.start():
                    served.add(raw if seen[raw] == 1 else f"{raw}.{seen[raw]}")
        repeated = {key: count for key, count in before.items() if seen[key[1]] > 1}
        return cls(frozenset(served), repeated, {raw: first[raw] for _, raw in repeated})


@dataclass(frozen=True, slots=True)
class Appointment:
    """One row. `kind` is chief, principal or nominee; `start` is the first day in office."""

    id: str
    kind: str
    person: str
    role: str
    start: Date | None
    end: Date | None
    took_office: bool
    contemporary: str
    values: tuple[Field, ...]

    def fields(self, territory: str) -> tuple[Field, ...]:
        """The row's own values, by the names of its elements."""
        where = (("territory-id", territory),) if territory else ()
        return (("kind", self.kind), *where, *self.values)


def read_appointment(
    file: XmlFile, element: Element, group: str, numbers: Numbers, corrections: Corrections
) -> Appointment | None:
    """Read a chief or a principal; a row without id, person or role is reported and left out.

    Somebody is in office from the day of `started`, or failing that of `arrived`, or `appointed`.
    Whoever stands among other nominees or appointees without a start never was; nor was whoever a
    note says declined, or was never commissioned.
    """
    raw, person, role = (
        identifier(element.find(tag)) for tag in ("id", "person-id", "role-title-id")
    )
    if not (raw and person and role):
        file.report(element, raw or "a row", "left out: no usable id, person-id or role-title-id")
        return None
    parts = {path: first(element, path) for path in _PARTS}
    dates = {event: _dated(file, parts, f"pocom/{raw}", event, corrections) for event in EVENTS}
    nominee = group in {"other-nominees", "other-appointees"}
    took_office = _took_office(words(parts["note"]), nominee, dates["started"])
    start = dates["started"] or dates["arrived"] or dates["appointed"]
    appointed, end = dates["appointed"], dates["ended"]
    if element.tag == "chief" and start and appointed and _long_before(start, appointed):
        # Nobody presents credentials months before the commission that they are of.
        both = f"{start.iso} before {appointed.iso}"
        file.report(element, both, "starts before it is appointed: starts when appointed")
        start = appointed
    if start and end and end.iso[: len(start.iso)] < start.iso[: len(end.iso)]:
        file.report(
            element, f"{start.iso} to {end.iso}", "ends before it starts: the end is not stated"
        )
        end = None
    values: list[Field] = [("person-id", person), ("role-title-id", role)]
    for path, found in parts.items():
        event, _, part = path.partition("/")
        if value := words(found):
            day = dates[event] if part == "date" else None
            values.append((event if day else path.removesuffix("/date"), day or value))
    if consecutive := element.get("treatAsConsecutive"):
        values.append(("treatAsConsecutive", consecutive))
    return Appointment(
        id=_number(file, element, raw, numbers),
        kind=_kind(element, nominee),
        person=person,
        role=role,
        start=start,
        end=end,
        took_office=took_office,
        contemporary=words(parts["contemporary-territory-id"]),
        values=tuple(values),
    )


def _dated(
    file: XmlFile,
    parts: Mapping[str, Element | None],
    row: str,
    event: str,
    corrections: Corrections,
) -> Date | None:
    """The day of an event, as a correction reads it; else the month that its note gives alone."""
    element = parts[f"{event}/date"]
    day = date(element)
    found = day.iso if day else ""
    right = corrections.value(f"{row}/{event}", found)
    if right != found and element is not None:
        file.report(element, f"{found} → {right}", "read as corrections.yaml says", event)
    if right:
        return Date(right)
    month = _MONTH.fullmatch(words(parts[f"{event}/note"]))
    return Date(f"{month['year']}-{_MONTHS[month['month']]}") if month else None


def _took_office(note: str, nominee: bool, started: Date | None) -> bool:
    if _NEVER.search(note):
        return False
    return started is not None or not (nominee or _UNSERVED.search(note))


def _long_before(start: Date, appointed: Date) -> bool:
    """By more than a month: their days may be a few apart by the calendars of two capitals."""
    earliest, latest = bounds(appointed)[0], bounds(start)[1]
    return bool(earliest and latest and ordinal(earliest) - ordinal(latest) > 31)


def _kind(element: Element, nominee: bool) -> str:
    """A chief without a territory is one at an organization."""
    abroad = element.tag == "principal" or element.find("contemporary-territory-id") is not None
    kind = element.tag if abroad else f"organization {element.tag}"
    return f"other {kind}" if nominee else kind


def _number(file: XmlFile, element: Element, raw: str, numbers: Numbers) -> str:
    """The id, with `.2` where it stood in an earlier row."""
    stem = Path(file.name).stem
    if (stem, raw) not in numbers.before:
        return raw
    same = [
        row
        for group in file.root
        if group.tag in GROUPS
        for row in group
        if words(row.find("id")) == raw
    ]
    here = same.index(element)
    count = numbers.before[stem, raw] + here + 1
    if count == 1:
        return raw
    where = f"line {file.line(same[0])}" if here else numbers.first[raw]
    file.report(element, raw, f"given before, in {where}: this row is {raw}.{count}", "id")
    return f"{raw}.{count}"


def read_concurrent(
    root: Path, report: Report, numbers: Numbers, person_of: Callable[[str], Ref]
) -> Iterator[Record]:
    """Who was accredited to several countries at once, and where they lived.

    A record is about the tenures; about the person where no tenure of those ids is known.
    """
    for path in sorted(root.glob("concurrent-appointments/*.xml")):
        name = f"pocom/concurrent-appointments/{path.name}"
        file = report.file(path, name, ["concurrent-appointments"])
        if file is None:
            continue
        sound = file.account(file.root, CONCURRENT, IGNORED)
        raw, person = (identifier(file.root.find(tag)) for tag in ("id", "person-id"))
        if not (sound and raw and person):
            file.report(file.root, raw or path.stem, "left out: no usable id or person-id")
            continue
        if raw != path.stem:
            file.report(file.root, raw, MISNAMED, "id")
            continue
        chiefs = list(file.root.iterfind("chief-id"))
        for chief in chiefs:
            if words(chief) not in numbers.served:
                file.report(chief, words(chief), "no such appointment")
        about = [
            *(Ref(f"tenure/{words(each)}") for each in chiefs if words(each) in numbers.served),
            person_of(person),
        ]
        territory = "resident-at/contemporary-territory-id"
        fields: list[Field] = [
            ("person-id", person),
            ("resident-at", words(file.root.find("resident-at/locale-id"))),
            ("resident-at-territory", words(file.root.find(territory))),
            *(("chief-id", words(each)) for each in chiefs),
        ]
        ref = Ref(f"record/pocom/concurrent-{raw}")
        yield Record(
            ref=ref,
            label=Text(f"Missions of {person} held at once, {raw[:4]}"),
            about=about[0],
            statements=tuple(Statement(each, "prov:wasDerivedFrom", ref) for each in about[1:-1]),
            fields=(("kind", "concurrent"), *((name, value) for name, value in fields if value)),
        )
