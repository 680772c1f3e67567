"""Corrections to public records: rows of a file, never conditions in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.model.dates import bounds
from kg.model.facts import Date, Ref
from kg.model.nodes import Node, NodeReader

PARTS = (
    "aliases",
    "territories",
    "iso",
    "names",
    "called",
    "values",
    "persons",
    "people",
    "journeys",
)


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name that a state bore for a time; None is an open end."""

    name: str
    since: Date | None
    until: Date | None


@dataclass(frozen=True, slots=True)
class Officeholder:
    """A person told apart from others of the name by office and years.

    `also` are further states or organizations that they act for, `called` other names that rows
    use, `id` their slug, where it is another than nation and name (that of POCOM, or one that
    earlier releases gave), `died` the day of their death where rows name them later. A person has
    a row for each office.
    """

    name: str
    nation: str
    office: str
    since: str
    until: str
    also: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    id: str = ""
    died: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What one file corrects; docs/sources.md explains each part."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    territories: frozenset[str] = frozenset()
    iso: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[DatedName, ...]] = field(default_factory=dict)
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Officeholder, ...] = ()
    journeys: Mapping[tuple[Ref, Ref], bool] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> Corrections:
        """Read the file; no file corrects nothing.

        Raises:
            DataError: with every fault of the file.
        """
        if path is None or not path.exists():
            return cls()
        reader = NodeReader(path.name)
        root = reader.members(reader.load(path), PARTS)
        names = {
            state: tuple(dated_name(reader, item) for item in reader.items(node))
            for state, node in reader.mapping(root.get("names")).items()
        }
        pairs = {
            key: reader.members(node, ("found", "read"), ("read",))
            for key, node in reader.mapping(root.get("values")).items()
        }
        people = [_officeholder(reader, item) for item in reader.items(root.get("people"))]
        loaded = cls(
            aliases=_texts(reader, root.get("aliases")),
            territories=frozenset(
                filter(None, map(reader.text, reader.items(root.get("territories"))))
            ),
            iso=_texts(reader, root.get("iso")),
            names=names,
            called={
                state: tuple(filter(None, map(reader.text, reader.items(node))))
                for state, node in reader.mapping(root.get("called")).items()
            },
            values={
                key: (
                    reader.text(pair["found"]) or "" if "found" in pair else "",
                    reader.text(pair.get("read")) or "",
                )
                for key, pair in pairs.items()
            },
            persons=_texts(reader, root.get("persons")),
            people=tuple(people),
            journeys=dict(_gap(reader, each) for each in reader.items(root.get("journeys"))),
        )
        reader.refuse()
        return loaded

    def state(self, raw: str) -> str:
        """The one identifier of the state that `raw` names."""
        return self.aliases.get(raw, raw)

    def value(self, key: str, found: str) -> str:
        """What to read for the value `found` of `visits/427/visitor`."""
        wrong, right = self.values.get(key, (found, found))
        return right if wrong == found else found


def _texts(reader: NodeReader, node: Node | None) -> dict[str, str]:
    return {key: reader.text(child) or "" for key, child in reader.mapping(node).items()}


def _list(reader: NodeReader, node: Node | None) -> tuple[str, ...]:
    return tuple(filter(None, map(reader.text, reader.items(node))))


def read_date(reader: NodeReader, node: Node | None) -> Date | None:
    """A date, where there is one."""
    words = reader.text(node)
    if words is None or node is None:
        return None
    try:
        return Date(words)
    except ValueError as error:
        reader.fault(node, "a date that exists", str(error))
        return None


def dated_name(reader: NodeReader, node: Node) -> DatedName:
    """A name with the days from which and until which it was borne."""
    parts = reader.members(node, ("name", "from", "until"), ("name",))
    return DatedName(
        reader.text(parts.get("name")) or "",
        read_date(reader, parts.get("from")),
        read_date(reader, parts.get("until")),
    )


def _officeholder(reader: NodeReader, node: Node) -> Officeholder:
    needed = ("name", "nation", "office", "from")
    parts = reader.members(
        node, (*needed, "until", "also", "called", "id", "died", "reason"), needed
    )
    since, until = read_date(reader, parts.get("from")), read_date(reader, parts.get("until"))
    died = read_date(reader, parts.get("died"))
    return Officeholder(
        reader.text(parts.get("name")) or "",
        reader.text(parts.get("nation")) or "",
        reader.text(parts.get("office")) or "",
        str(bounds(since)[0]) if since else "0001-01-01",
        str(bounds(until)[1]) if until else "9999-12-31",
        _list(reader, parts.get("also")),
        _list(reader, parts.get("called")),
        reader.text(parts.get("id")) or "",
        died.iso if died else "",
    )


def _gap(reader: NodeReader, node: Node) -> tuple[tuple[Ref, Ref], bool]:
    """Two stops, and whether they are of one journey."""
    keys = ("before", "after", "one", "because")
    parts = reader.members(node, keys, keys)
    before, after = (Ref(f"record/{reader.text(parts.get(each)) or ''}") for each in keys[:2])
    told = reader.text(parts.get("one"))
    if told not in {"true", "false"}:
        reader.fault(parts.get("one", node), "true or false")
    reader.text(parts.get("because"))
    return (before, after), told == "true"
