"""Rows of a file: which places are one, what they were called, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.model.facts import Ref
from kg.model.nodes import Node, NodeReader
from kg.registers.us_state.corrections import DatedName, dated_name
from kg.registers.us_state.names import fold

_KEYS = ("label", "merges", "because", "names", "within", "geonames", "at")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What the file says of a place, beyond what the records do: each part may be empty.

    `merges` are the places that lead on to it, `geonames` its identifier there, `at`
    its degrees north and east.
    """

    label: str = ""
    merges: tuple[Ref, ...] = ()
    names: tuple[DatedName, ...] = ()
    within: Ref | None = None
    geonames: int | None = None
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Places:
    """The file; docs/places.md explains each part. `read` gives what to read for a locale,
    `american` the places that descriptions of visits name, by folded name.
    """

    read: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[Ref, PlaceRow] = field(default_factory=dict)
    american: Mapping[str, Ref] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> Places:
        """Read the file; no file says nothing.

        Raises:
            DataError: with every fault of the file.
        """
        if path is None or not path.exists():
            return cls()
        reader = NodeReader(path.name)
        root = reader.members(reader.load(path), ("read", "places", "american"))
        loaded = cls(
            {
                key: reader.text(node) or ""
                for key, node in reader.mapping(root.get("read")).items()
            },
            {
                _place(key): _row(reader, node)
                for key, node in reader.mapping(root.get("places")).items()
            },
            {
                fold(key): _place(reader.text(node) or "")
                for key, node in reader.mapping(root.get("american")).items()
            },
        )
        reader.refuse()
        return loaded

    @cached_property
    def kept(self) -> Mapping[Ref, Ref]:
        """What each merged place leads on to."""
        return {merged: ref for ref, row in self.rows.items() for merged in row.merges}


def _place(slug: str) -> Ref:
    return Ref(f"place/{slug}")


def _row(reader: NodeReader, node: Node) -> PlaceRow:
    parts = reader.members(node, _KEYS)
    if "merges" in parts and "because" not in parts:
        reader.fault(node, "a reason, as because: …", "merges without one")
    merged = [reader.text(each) or "" for each in reader.items(parts.get("merges"))]
    within = reader.text(parts.get("within"))
    return PlaceRow(
        reader.text(parts.get("label")) or "",
        tuple(map(_place, merged)),
        tuple(dated_name(reader, each) for each in reader.items(parts.get("names"))),
        _place(within) if within else None,
        reader.whole(parts.get("geonames")),
        _point(reader, parts.get("at")),
    )


def _point(reader: NodeReader, node: Node | None) -> tuple[float, float] | None:
    if node is None:
        return None
    words = [reader.text(each) or "" for each in reader.items(node)]
    try:
        north, east = map(float, words)
    except ValueError:
        reader.fault(node, "degrees north and east, as at: [18.34, -64.93]")
        return None
    return north, east
