"""The people of POCOM: a file each, in folders by letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from kg.facts import Entity, Fact, Record, Ref, Statement, Text
from kg.sources.hsg_rows import IGNORED
from kg.sources.survey import Survey, person_ref
from kg.sources.xml_rows import Report, XmlFile, words

_PERSON = """
    id old-ids old-ids/old-id persName persName/surname persName/forename persName/genName
    persName/altname birth death career-type residence residence/state-id"""
PERSON = frozenset(_PERSON.split())


def read_people(folder: Path, report: Report, survey: Survey) -> Iterator[Fact]:
    """A person and the record about them, for each file."""
    for path in sorted(folder.glob("*.xml")):
        file = XmlFile.read(path, f"{report.name}/{path.name}", report)
        root = file.root
        file.account(root, PERSON, IGNORED)
        raw, name = words(root.find("id")), full_name(root.find("persName"))
        if not raw or not name:
            file.report(root, raw or path.stem, "left out: no usable id or name")
            continue
        ref = person_ref(survey.known, survey.corrections, raw, president=False)
        sheet = survey.known.entities.get(ref)
        label = sheet.label.value if sheet else name
        others = {name, *(words(each) for each in root.iterfind("persName/altname"))} - {label, ""}
        yield Entity(
            ref=ref,
            label=Text(label),
            alt_labels=tuple(Text(each) for each in sorted(others)),
        )
        dates = (
            ("schema:birthDate", file.date(root.find("birth"))),
            ("schema:deathDate", file.date(root.find("death"))),
        )
        yield Record(
            ref=Ref(f"record/pocom/{raw}"),
            label=Text(f"{name}, in the register of officers"),
            about=ref,
            statements=tuple(Statement(ref, each, date) for each, date in dates if date),
            fields=_fields(root),
        )


def pocom_name(root: Path | None, raw: str) -> str:
    """What POCOM below `root` calls somebody; "" where it has no such file."""
    if root is None or not raw:
        return ""
    path = root / "people" / raw[0] / f"{raw}.xml"
    if not path.exists():
        return ""
    return full_name(XmlFile.read(path, path.name, Report(path.name)).root.find("persName"))


def full_name(element: Element | None) -> str:
    """The name in the order in which it is spoken."""
    if element is None:
        return ""
    parts = [words(element.find(tag)) for tag in ("forename", "surname", "genName")]
    return " ".join(part for part in parts if part)


def _fields(root: Element) -> tuple[tuple[str, str], ...]:
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
    found = [(name, words(each)) for name, path in named for each in root.iterfind(path)]
    return (("kind", "person"), *((name, value) for name, value in found if value))
