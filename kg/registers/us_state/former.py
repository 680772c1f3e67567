"""Addresses of earlier releases that lead on: rows of former.yaml, beside corrections.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kg.model.facts import Entity, Ref
from kg.model.iris import is_ref
from kg.model.nodes import NodeReader


def read_former(corrections: Path | None) -> Mapping[Ref, Ref | None]:
    """What each former reference leads on to; nothing, where nobody was meant.

    Raises:
        DataError: with every fault of the file.
    """
    path = corrections and corrections.with_name("former.yaml")
    if path is None or not path.exists():
        return {}
    reader = NodeReader(path.name)
    found: dict[Ref, Ref | None] = {}
    for key, node in reader.mapping(reader.load(path)).items():
        led = reader.text(node) if node.value else ""
        for each in (key, led or key):
            if not is_ref(each):
                reader.fault(node, "TYPE/SLUG: TYPE/SLUG", repr(each))
        found[Ref(key)] = Ref(led) if led else None
    reader.refuse()
    return found


def former(rows: Mapping[Ref, Ref | None], live: Collection[Ref]) -> Iterator[Entity]:
    """A deprecated entity for each former reference that names nobody now."""
    for ref, led in sorted(rows.items()):
        if ref not in live:
            yield Entity.replaced(ref, led if led in live else None)
