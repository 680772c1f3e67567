"""The people of POCOM: a file each, in folders by letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from kg.model.facts import Date, Entity, Fact, Field, Record, Ref, Statement, Text
from kg.model.sources import Known
from kg.registers.us_state.authority import person_ref
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.dates import date_or_words
from kg.registers.us_state.elements import IGNORED, PERSON
from kg.registers.us_state.pocom_rows import MISNAMED
from kg.registers.us_state.xml_rows import Report, below, date, identifier, words

_DATED = ("birth", "death")


class PersonNames:
    """What the POCOM below `root` calls people. A file that was read before is not read again."""

    def __init__(self, root: Path | None, leave_out: bool) -> None:
        self._root = root
        self._leave_out = leave_out
        self._found: dict[str, str] = {}

    def learn(self, path: Path, name: str) -> None:
        """Take note of the name in the file at `path`."""
        self._found[f"{path.parent.name}/{path.stem}"] = name

    def of(self, raw: str) -> str:
        """The name of somebody; "" where no file is theirs."""
        key = f"{raw[:1]}/{raw}"
        if key not in self._found:
            self._found[key] = self._read(key) if raw else ""
        return self._found[key]

    def _read(self, key: str) -> str:
        path = self._root / "people" / f"{key}.xml" if self._root else None
        if path is None or not path.exists():
            return ""
        name = f"pocom/people/{key}.xml"
        file = Report(name, self._leave_out).file(path, name, ["person"])
        if file is None:
            return ""
        root = file.root
        return full_name(root.find("persName")) if words(root.find("id")) == path.stem else ""


def read_people(
    folder: Path, report: Report, known: Known, corrections: Corrections, names: PersonNames
) -> Iterator[Fact]:
    """A person and the record about them, for each file, whose names `names` learns."""
    for path in sorted(folder.glob("*.xml")):
        file = report.file(path, f"{report.name}/{path.name}", ["person"])
        if file is None:
            names.learn(path, "")
            continue
        root = file.root
        sound = file.account(root, PERSON, IGNORED)
        raw, name = identifier(root.find("id")), full_name(root.find("persName"))
        named_by_id = raw == path.stem and raw[:1] == folder.name
        names.learn(path, name if named_by_id else "")
        if not (sound and raw and name):
            file.report(root, raw or path.stem, "left out: no usable id or name")
            continue
        if not named_by_id:
            file.report(root, raw, MISNAMED, "id")
            continue
        ref = person_ref(known, corrections, raw, president=False)
        sheet = known.entities.get(ref)
        label = sheet.label.value if sheet else name
        others = {name, *(words(each) for each in below(root, "persName/altname"))} - {label, ""}
        yield Entity(
            ref=ref,
            label=Text(label),
            alt_labels=tuple(Text(each) for each in sorted(others)),
            description=(Statement(ref, "skos:hiddenLabel", Text(sort_name(root, name))),),
        )
        dates = (*((f"schema:{each}Date", _day(root, raw, each, corrections)) for each in _DATED),)
        yield Record(
            ref=Ref(f"record/pocom/{raw}"),
            label=Text(f"{name}, in the register of officers"),
            about=ref,
            statements=tuple(Statement(ref, each, day) for each, day in dates if day),
            fields=_fields(root),
        )


def full_name(element: Element | None) -> str:
    """The name in the order in which it is spoken."""
    if element is None:
        return ""
    parts = [words(element.find(tag)) for tag in ("forename", "surname", "genName")]
    return " ".join(part for part in parts if part)


def _day(root: Element, raw: str, tag: str, corrections: Corrections) -> Date | None:
    """A day of somebody's life, as a correction reads it where there is one: maybe as unknown."""
    found = root.find(tag)
    right = corrections.value(f"pocom/{raw}/{tag}", words(found))
    if right == words(found):
        return date(found)
    return None if right == "unknown" else Date(right)


def sort_name(root: Element, name: str) -> str:
    """The name by which lists order a person: the family's first."""
    element = root.find("persName")
    parts = (
        [words(element.find(tag)) for tag in ("surname", "forename", "genName")]
        if element is not None
        else []
    )
    return ", ".join(part for part in parts if part) or name


def _fields(root: Element) -> tuple[Field, ...]:
    named = (
        ("surname", "persName/surname"),
        ("forename", "persName/forename"),
        ("genName", "persName/genName"),
        ("altname", "persName/altname"),
        ("birth", "birth"),
        ("death", "death"),
        ("career-type", "career-type"),
        ("state-id", "residence/state-id"),
        ("old-id", "old-ids/old-id"),
    )
    found = [(name, words(each)) for name, path in named for each in below(root, path)]
    typed = ((name, date_or_words(value) if name in _DATED else value) for name, value in found)
    return (("kind", "person"), *(each for each in typed if each[1]))
