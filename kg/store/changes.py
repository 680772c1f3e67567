"""`changes.jsonl`: what a release says otherwise than the one before it, a change a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from kg.model.rdf import Iri, Quad
from kg.store.release import Release
from kg.store.solutions import parse

# A thing is added, withdrawn or changed; a fact is accepted, or dropped; a disagreement contested
# when it opens, settled when something settles it, resolved when nobody differs any more.
Kind = Literal[
    "added", "withdrawn", "changed", "accepted", "dropped", "contested", "settled", "resolved"
]
What = Literal["claim", "document", "record", "entity", "term", "fact", "disagreement"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `iri` is what changed; of a fact its subject, with `property` and `value`, as N-Triples write
    it; a disagreement is `about` a subject and a `property`, and settled `by` records or decisions.
    `source` is the document or data set that states it, where one does. `before` holds what is no
    longer said of it, `after` what is new, as N-Quads: all of it where it is withdrawn, or added.
    What is withdrawn may have a `successor` and a `reason`.
    """

    kind: Kind
    what: What
    iri: Iri
    source: Iri = ""
    about: Iri = ""
    property: Iri = ""
    value: str = ""
    by: tuple[Iri, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    successor: Iri = ""
    reason: str = ""

    def line(self) -> str:
        """As it stands in the file, without its newline: members that are empty are left out."""
        told = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def parse(cls, line: str | bytes) -> Change:
        """Read what `line` wrote.

        Raises:
            ValueError: it is no change.
        """
        told = json.loads(line)
        if not isinstance(told, dict) or not {"kind", "what", "iri"} <= told.keys() <= _NAMES:
            raise ValueError(f"no change: {str(told)[:80]}")
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        return cls(**given)


def said(lines: Iterable[str]) -> Iterator[Quad]:
    """What `before` and `after` of a change say."""
    for each in lines:
        subject, predicate, rest = each.split(" ", 2)
        value, _, graph = rest.removesuffix("> .").rpartition(" <")
        yield Quad(subject[1:-1], predicate[1:-1], parse(value), graph)


_NAMES = {each.name for each in fields(Change)}


def changes(release: Release) -> Iterator[Change]:
    """What a release changed, in the order of its file; nothing where it is the first."""
    if release.changes.exists():
        with release.changes.open("rb") as lines:
            yield from map(Change.parse, lines)
