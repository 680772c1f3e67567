"""What happens, in tables: one SQLite file of a release, by which pages list, count and draw it.

A happening is a thing of a class with dates: an event, an agreement, a service. Its values are what
it is chosen by (`kg.ontology.facets`). Simple triples are read by property; what follows from
several of them (the places around a place, the office held on the day) is joined here, in time that
grows with the number of happenings.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from rdflib.namespace import SKOS

from kg.build.lines.by_property import ByProperty
from kg.build.lines.words import LABEL, fresh
from kg.build.publish.said import Account
from kg.model.dates import Date, bounds
from kg.model.iris import Minter
from kg.model.namespaces import CLM, WGS84
from kg.ontology import Ontology
from kg.ontology.facets import explored, explorers
from kg.store.happenings import SCHEMA
from kg.store.search import fold
from kg.store.selection import Selection, day_number, where

# What the store says, by numbers: `said` has a property's triples under its role.
_SAID = """
CREATE TEMP TABLE said (name TEXT, facet INTEGER, subject INTEGER, object INTEGER);
CREATE TEMP TABLE dated (
    thing INTEGER PRIMARY KEY,
    start_earliest INTEGER, start_latest INTEGER, end_earliest INTEGER, end_latest INTEGER
);
"""
_BOUNDS = (CLM.startEarliest, CLM.startLatest, CLM.endEarliest, CLM.endLatest)
_ACTORS, _OFFICES, _PLACES = (
    f"(SELECT id FROM facet WHERE role = '{role}')" for role in ("Actor", "Office", "Location")
)

# In their order: each may rest on those before.
_FOLLOWS = (
    "CREATE INDEX temp.said_by_subject ON said (name, subject, object)",
    "CREATE INDEX temp.said_by_object ON said (name, object, subject)",
    "INSERT INTO land SELECT DISTINCT object, subject FROM said LEFT JOIN dated ON thing = subject "
    "WHERE name = 'Territory' AND end_latest IS NULL ORDER BY 1, 2",
    "CREATE TEMP TABLE replaced AS WITH RECURSIVE before (state, former) AS ("
    "SELECT subject, object FROM said WHERE name = 'replaces' UNION "
    "SELECT before.state, said.object FROM before JOIN said "
    "ON name = 'replaces' AND subject = before.former) SELECT * FROM before",
    # what each is part of, and what is the sum of parts of its own kind
    "UPDATE happening AS h SET whole = (SELECT min(w.id) FROM said "
    "JOIN happening AS w ON w.thing = object WHERE name = 'Whole' AND subject = h.thing)",
    "UPDATE happening AS h SET sums = 1 WHERE EXISTS (SELECT 1 FROM said JOIN happening AS p "
    "ON p.thing = subject WHERE name = 'Whole' AND object = h.thing AND p.kind = h.kind)",
    # what is said of happenings themselves
    "INSERT OR IGNORE INTO value SELECT happening.id, facet, object, 1 FROM said "
    "JOIN happening ON thing = subject WHERE facet",
    # the places around a place; UNION ends where they go round in a circle
    "INSERT INTO around WITH RECURSIVE wider (inner, outer) AS ("
    "SELECT subject, object FROM said WHERE name = 'Surroundings' UNION "
    "SELECT wider.inner, said.object FROM wider JOIN said "
    "ON name = 'Surroundings' AND subject = wider.outer) SELECT * FROM wider ORDER BY 1, 2",
    "INSERT OR IGNORE INTO value SELECT happening, facet, outer, 0 FROM value "
    f"JOIN around ON inner = thing WHERE facet IN {_PLACES}",
    # the offices that who acts held then: surely begun, and not surely over
    "INSERT OR IGNORE INTO value "
    "SELECT h.id, (SELECT min(id) FROM facet WHERE role = 'Office'), office.object, 0 "
    "FROM value JOIN happening AS h ON h.id = happening "
    "JOIN said AS held ON held.name = 'Holder' AND held.object = value.thing "
    "JOIN happening AS s ON s.thing = held.subject "
    "JOIN said AS office ON office.name = 'Office' AND office.subject = held.subject "
    f"WHERE value.facet IN {_ACTORS} AND s.start_latest <= h.end_latest "
    "AND h.start_earliest NOT NULL "
    "AND coalesce(s.end_latest >= h.start_earliest, s.start_earliest NOT NULL "
    "OR s.end_earliest >= h.start_earliest)",
    # in whose name who acts is there
    "INSERT OR IGNORE INTO value "
    "SELECT happening, (SELECT min(id) FROM facet WHERE role = 'Principal'), object, 0 FROM value "
    f"JOIN said ON name = 'Principal' AND subject = thing WHERE value.facet IN {_OFFICES}",
    # whom they met, also in a part of it: neither they themselves nor whom they stand for
    "INSERT OR IGNORE INTO value SELECT id, counterpart, thing, stated FROM ("
    "SELECT happening AS id, thing, 1 AS stated FROM value JOIN facet ON facet.id = facet "
    "WHERE role = 'Partner' UNION "
    "SELECT whole, value.thing, 0 FROM value JOIN facet ON facet.id = facet "
    "JOIN happening AS part ON part.id = happening WHERE role = 'Partner' AND whole NOT NULL) AS m "
    "JOIN (SELECT id AS counterpart FROM facet WHERE role = 'Counterpart') "
    "WHERE NOT EXISTS (SELECT 1 FROM value AS v JOIN facet ON facet.id = v.facet "
    "WHERE v.happening = m.id AND v.thing = m.thing AND role IN ('Actor', 'Principal'))",
    # the states that a place lay in on the day: a successor where none before it still held it
    "INSERT OR IGNORE INTO value "
    "SELECT h.id, (SELECT min(id) FROM facet WHERE role = 'Recipient'), land.subject, 0 "
    "FROM value JOIN happening AS h ON h.id = happening "
    "JOIN said AS land ON land.name = 'Territory' AND land.object = value.thing "
    f"LEFT JOIN dated AS d ON d.thing = land.subject WHERE value.facet IN {_PLACES} "
    "AND coalesce(d.start_earliest, h.end_latest) <= h.end_latest "
    "AND coalesce(d.end_latest, h.start_earliest) >= h.start_earliest AND NOT EXISTS ("
    "SELECT 1 FROM replaced JOIN dated AS former ON former.thing = replaced.former "
    "JOIN said AS held ON held.name = 'Territory' AND held.subject = former.thing "
    "JOIN value AS there ON there.happening = h.id AND there.thing = held.object "
    "WHERE replaced.state = land.subject AND former.end_latest >= h.start_earliest "
    f"AND there.facet IN {_PLACES})",
)
# All that a facet can have, whatever has it, as values of a number that no happening has.
_EVERY = (
    "INSERT OR IGNORE INTO value SELECT DISTINCT 0, facet, thing, 1 FROM value "
    "UNION SELECT 0, facet, object, 1 FROM said WHERE facet ORDER BY 2, 3"
)
_TOTAL = (
    "INSERT INTO total SELECT ?, facet, value.thing, count(*) FROM ({chosen}) AS chosen "
    "JOIN value ON happening = chosen.id GROUP BY facet, value.thing"
)


def build_happenings(
    triples: ByProperty, heard: Path, path: Path, minter: Minter, ontology: Ontology
) -> int:
    """Write the tables to `path`, from the triples and the labels that `Words` has heard.

    The same graph gives the same bytes.

    Returns:
        How many happenings they hold.
    """
    account = Account(triples, ontology)
    said = set(account.said())
    with closing(fresh(path, SCHEMA + _SAID)) as tables:
        tables.execute("ATTACH ? AS heard", [str(heard)])
        tables.execute("BEGIN")
        tables.executemany(
            "INSERT INTO facet VALUES (?, ?, ?)",
            [(at, each.name, each.role) for at, each in enumerate(account.relations, 1)],
        )
        things = {*account.kinds, *(end for each in said for end in each[2:])}
        numbers = _name(tables, triples, things, minter, ontology)
        tables.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?)",
            sorted((name, at, numbers[one], numbers[other]) for name, at, one, other in said),
        )
        _date(tables, triples, numbers)
        _list(tables, account, numbers, minter.entity(""))
        for statement in _FOLLOWS:
            tables.execute(statement)
        tables.execute(_EVERY)
        for explorer in explorers(ontology):
            kinds = tuple(each.segment for each in explored(ontology, explorer) if each.segment)
            chosen, given = where(Selection(kinds, joined=True))
            tables.execute(_TOTAL.format(chosen=chosen), [" ".join(kinds), *given])
        tables.execute("COMMIT")
        (count,) = tables.execute("SELECT count(*) FROM happening").fetchone()
    return int(count)


def _name(
    tables: sqlite3.Connection,
    triples: ByProperty,
    things: set[str],
    minter: Minter,
    ontology: Ontology,
) -> dict[str, int]:
    """Number the things in the order of their names; in English where they have such a one."""
    labels: dict[str, tuple[str, str]] = {}
    for iri, language, words in tables.execute(
        "SELECT iri, language, words FROM heard.said WHERE role = ? "
        "ORDER BY iri, language <> 'en', language, words",
        [LABEL],
    ):
        if iri in things:
            labels.setdefault(iri, (words, language))
    for each in things:
        if each not in labels:
            term = ontology.find(each)
            labels[each] = (term.label, "en") if term else (re.split("[/#]", each)[-1], "")
    sorting = triples.grouped(SKOS.hiddenLabel)
    latitude, longitude = triples.grouped(WGS84.lat), triples.grouped(WGS84.long)
    ordered = sorted(things, key=lambda each: (fold(sorting.get(each, [labels[each][0]])[0]), each))
    tables.executemany(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                number,
                _ref(each, minter, ontology),
                each if ":" in each else "",
                *labels[each],
                *((float(of[each][0]) if each in of else None) for of in (latitude, longitude)),
            )
            for number, each in enumerate(ordered, 1)
        ),
    )
    return {each: number for number, each in enumerate(ordered, 1)}


def _ref(iri: str, minter: Minter, ontology: Ontology) -> str:
    """What stands for a thing in an address: `person/john-kerry`, `visit`, `did-not-occur`."""
    if iri.startswith(minter.entity("")):
        return iri.removeprefix(minter.entity(""))
    term = ontology.find(iri)
    name = getattr(term, "segment", "") or (term.name if term else iri)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() if term else iri


def _date(tables: sqlite3.Connection, triples: ByProperty, numbers: Mapping[str, int]) -> None:
    """The bounds of everything that has some."""
    columns = [dict(triples.pairs(each)) for each in _BOUNDS]
    dated = sorted({numbers[each] for column in columns for each in column if each in numbers})
    names = {numbers[each]: each for column in columns for each in column if each in numbers}
    tables.executemany(
        "INSERT INTO dated VALUES (?, ?, ?, ?, ?)",
        ((each, *(_day(column.get(names[each])) for column in columns)) for each in dated),
    )


def _day(text: str | None) -> int | None:
    day = bounds(Date(text))[0] if text else None
    return day_number(day) if day else None


def _list(
    tables: sqlite3.Connection, account: Account, numbers: Mapping[str, int], own: str
) -> None:
    """The happenings in the order of time, with their dates as they are stated."""
    begins, falls, ends = map(account.stated, ("Begins", "Falls", "Ends"))
    dated = {row[0]: row[1:] for row in tables.execute("SELECT * FROM dated")}
    undated = (None,) * len(_BOUNDS)
    bounded = [(dated.get(numbers[each], undated), each) for each in account.kinds]
    bounded.sort(key=lambda each: (_first(each[0]) is None, _first(each[0]) or 0, each[1]))
    tables.executemany(
        "INSERT INTO happening VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)",
        (
            (
                at,
                numbers[iri],
                numbers[account.kinds[iri]],
                numbers.get(account.status.get(iri, [""])[0]),
                *days,
                " ".join(begins.get(iri) or falls.get(iri) or ()),
                " ".join(ends.get(iri, ())),
                iri in begins,
                " ".join(each.removeprefix(own) for each in account.records.get(iri, ())),
            )
            for at, (days, iri) in enumerate(bounded, 1)
        ),
    )


def _first(days: tuple[int | None, ...]) -> int | None:
    return days[0] if days[0] is not None else days[1]
