"""Rows of a file: states that ended, with their time, territory and successors; plain labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.model.facts import Date, Ref
from kg.model.nodes import Node, NodeReader
from kg.registers.us_state.corrections import read_date

_KEYS = ("label", "names", "from", "until", "territory", "successors", "ids")


@dataclass(frozen=True, slots=True)
class FormerState:
    """A state that ended; None is an unknown day.

    `territory` are places of today, `ids` the registers' identifiers of the time.
    """

    label: str
    names: tuple[str, ...]
    since: Date | None
    until: Date | None
    territory: tuple[Ref, ...]
    successors: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class States:
    """The file; docs/places.md explains each part."""

    labels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former: Mapping[str, FormerState] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> States:
        """Read the file; no file says nothing.

        Raises:
            DataError: with every fault of the file.
        """
        if path is None or not path.exists():
            return cls()
        reader = NodeReader(path.name)
        root = reader.members(reader.load(path), ("labels", "names", "states"))
        labels = {
            state: reader.text(node) or ""
            for state, node in reader.mapping(root.get("labels")).items()
        }
        names = {
            state: tuple(text for each in reader.items(node) if (text := reader.text(each)))
            for state, node in reader.mapping(root.get("names")).items()
        }
        former = {
            state: _former(reader, node)
            for state, node in reader.mapping(root.get("states")).items()
        }
        reader.refuse()
        labels |= {state: each.label for state, each in former.items() if each.label}
        return cls(labels, names, former)

    @cached_property
    def by_id(self) -> Mapping[str, str]:
        """The state that an identifier of the time names."""
        return {raw: state for state, each in self.former.items() for raw in each.ids}


def _former(reader: NodeReader, node: Node) -> FormerState:
    parts = reader.members(node, _KEYS, ("until", "successors"))
    names, territory, successors, ids = (
        tuple(reader.text(each) or "" for each in reader.items(parts.get(key)))
        for key in ("names", "territory", "successors", "ids")
    )
    return FormerState(
        reader.text(parts.get("label")) or "",
        names,
        read_date(reader, parts.get("from")),
        read_date(reader, parts.get("until")),
        tuple(Ref(f"place/{each}") for each in territory),
        successors,
        ids,
    )
