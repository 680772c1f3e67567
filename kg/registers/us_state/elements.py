"""What a file of each register may hold: its elements and attributes, how often, of what type.

In a table, a line is a path below the row (or below the root, of a file that is one row), how
often it stands in what is around it, as in a DTD (1, ?, + or *), and its type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

# What the types stand for. Nothing but `id` and `name` must have text where it stands.
TYPES = {
    "id": "an identifier, which an IRI can hold",
    "name": "words",
    "date": "a date, as exact as is known",
    "words": "words, or none",
    "parts": "elements that the table names",
    "rows": "rows, which have a table of their own",
}


class Element(NamedTuple):
    """An element or an attribute: of what type, and whether it must and may stand again."""

    type: str
    required: bool
    repeatable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The elements by path; `required` are the paths that must stand below each path."""

    elements: Mapping[str, Element]
    required: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, text: str) -> Table:
        """Read a table from its lines."""
        elements: dict[str, Element] = {}
        required: dict[str, list[str]] = defaultdict(list)
        for path, often, kind in map(str.split, filter(str.strip, text.splitlines())):
            elements[path] = Element(kind, often in "1+", often in "+*")
            if often in "1+":
                required[path.rpartition("/")[0]].append(path)
        return cls(elements, {path: tuple(below) for path, below in required.items()})


TRIP = Table.of("""
    @role       1 words
    @who        1 id
    id          1 id
    role        1 words
    name        1 name
    start-date  1 date
    end-date    1 date
    country     1 name
    country/@id 1 id
    locale      1 words
    remarks     1 words
""")

VISIT = Table.of("""
    id             1 id
    start-date     1 date
    end-date       1 date
    visitor        1 name
    from           1 name
    from/@id       1 id
    description    1 words
    description/em * words
""")

PRESIDENT = Table.of("""
    @n                                1 id
    id                                1 id
    name                              1 name
    birth-year                        1 date
    death-year                        1 date
    death-year/@still-alive           ? words
    took-office-date                  1 date
    left-office-date                  1 date
    left-office-date/@still-in-office ? words
""")

PERSON = Table.of("""
    id                 1 id
    old-ids            ? parts
    old-ids/old-id     + words
    persName           1 parts
    persName/surname   1 words
    persName/forename  1 words
    persName/genName   ? words
    persName/altname   * words
    birth              1 date
    death              1 date
    career-type        1 words
    residence          1 parts
    residence/state-id + words
""")

_EVENT = """
    {0}                 {1} parts
    {0}/date            1 date
    {0}/date/@certainty ? words
    {0}/note            ? words
    {0}/note/hi         * words
    {0}/note/hi/@rend   ? words
"""

EVENTS = ("appointed", "arrived", "started", "ended")

APPOINTMENT = Table.of(
    """
    @treatAsConsecutive       ? words
    id                        1 id
    person-id                 1 id
    role-title-id             1 id
    contemporary-territory-id ? id
    note                      1 words
    note/@type                ? words
    """
    + "".join(_EVENT.format(each, "?" if each == "arrived" else "1") for each in EVENTS)
)

COUNTRY_MISSION = Table.of("""
    territory-id   1 id
    chiefs         1 rows
    other-nominees 1 rows
""")

_POST = """
    id                       1 id
    category                 1 words
    names                    1 parts
    names/singular           1 name
    names/plural             1 words
    names/alternate          * words
    description              1 parts
    description/div          1 parts
    description/div/p        * words
    description/div/p/hi     * words
    old-ids                  ? parts
    old-ids/old-id           + words
    other-appointees         1 rows
"""

ORG_MISSION = Table.of(_POST + "chiefs 1 rows")

# A post that ended and was made again has several starts.
POSITION = Table.of(
    _POST
    + """
    class      1 words
    start      * words
    end        * words
    ongoing    * words
    is-dirty   1 words
    principals 1 rows
    """
)

ROLE = Table.of("""
    @mode           ? words
    id              1 id
    class           1 words
    category        1 words
    names           1 parts
    names/singular  1 name
    names/plural    1 words
    names/alternate * words
""")

CONCURRENT = Table.of("""
    id                                    1 id
    person-id                             1 id
    resident-at                           1 parts
    resident-at/locale-id                 1 words
    resident-at/contemporary-territory-id 1 words
    chief-id                              + id
""")

# The files of a folder by the element that is their root.
MISSIONS: Mapping[str, Table] = {
    "country-mission": COUNTRY_MISSION,
    "org-mission": ORG_MISSION,
    "principal-position": POSITION,
}

_CLERICAL = "who edited the row and when, not what it records"
IGNORED: Mapping[str, str] = {
    "created-by": _CLERICAL,
    "created-datetime": _CLERICAL,
    "created-date": _CLERICAL,
    "last-modified-by": _CLERICAL,
    "last-modified-datetime": _CLERICAL,
    "last-modified-date": _CLERICAL,
}
