"""Files of records are read safely, and every fault has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model.errors import DataError
from kg.registers.us_state.elements import Table
from kg.registers.us_state.xml_rows import Report, XmlFile, date

BOMB = """<?xml version="1.0"?>
<!DOCTYPE trips [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<trips>&b;</trips>
"""


def read(tmp_path: Path, data: bytes) -> XmlFile:
    path = tmp_path / "rows.xml"
    path.write_bytes(data)
    return XmlFile.read(path, "rows.xml", Report("rows.xml"), ["trips", "trip"])


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [
        (BOMB.encode(), 2, "a DOCTYPE"),
        (b"<trips>\n<trip>\n</trips>\n", 3, "mismatched tag"),
        (b"<trips>\n<trip>", 2, "no element found"),
        (b"<trips>\n  \xff\n</trips>", 2, "byte 0xff"),
        (b"", 1, "no element found"),
        ("<trips/>".encode("utf-16"), 1, "byte 0xff"),
        (b"<trips>\n&nbsp;</trips>", 2, "undefined entity"),
    ],
)
def test_refuses_what_cannot_be_read(tmp_path: Path, data: bytes, line: int, found: str) -> None:
    """A bomb, a truncated file, another encoding: each is refused by line and cause."""
    with pytest.raises(DataError) as caught:
        read(tmp_path, data)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.found) == ("rows.xml", line, found)


def test_takes_a_byte_order_mark(tmp_path: Path) -> None:
    """A file that begins with a byte order mark is read like any other."""
    assert read(tmp_path, b"\xef\xbb\xbf<trips/>").root.tag == "trips"


def test_accounts_for_every_name(tmp_path: Path) -> None:
    """An element or attribute that nobody knows is reported by name, line and value."""
    file = read(tmp_path, b"<trip who='x'>\n<id>1</id>\n<mood>merry</mood>\n<by>me</by>\n</trip>")
    file.account(file.root, Table.of("id 1 id"), {"by": "clerical"})
    found = [(each.line, each.field, each.found, each.reason) for each in file.partition.all()]
    assert found == [
        (1, "@who", "x", "unknown attribute"),
        (3, "mood", "merry", "unknown element"),
        (0, "by", "1 values", "ignored: clerical"),
    ]


def test_reports_a_date_that_does_not_exist(tmp_path: Path) -> None:
    """The thirtieth of February is an issue with its line, and no date."""
    file = read(tmp_path, b"<trip>\n\n<start-date>1815-02-30</start-date></trip>")
    file.account(file.root, Table.of("start-date 1 date"), {})
    assert date(file.root.find("start-date")) is None
    (issue,) = file.partition.issues
    assert (issue.line, issue.field, issue.found) == (3, "start-date", "1815-02-30")
