"""What people decided, in `seeds/decisions.yaml`: a row each, with reason, author and date.

A row names what it decides by its one key beside those: `dispute`, where sources disagree; `merge`,
of things that are one; `mention`, whom words of a record name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.model.decisions import Decision, Merge, Naming
from kg.model.facts import Date
from kg.model.nodes import Node, NodeReader
from kg.ontology import Ontology
from kg.sheets.values import Values

FILE = "decisions.yaml"
ALL = ("reason", "author", "date")
ROW = ("dispute", "merge", "mention", *ALL)
MENTION = ("record", "words", "names")
DISPUTE = ("subject", "property", "object", "value", "polarity")


def read_decisions(
    reader: NodeReader, ontology: Ontology, path: Path
) -> tuple[Decision | Merge | Naming, ...]:
    """The decisions of a project; none where it has no such file."""
    root = reader.load(path) if path.exists() else None
    found: dict[object, Decision | Merge | Naming] = {}
    lines: dict[object, int] = {}
    for node in reader.items(root):
        for each in _decision(reader, Values(reader, ontology), node):
            if found.setdefault(each.ref, each) is not each:
                allowed = f"one decision on each; it stands at line {lines[each.ref]}"
                reader.fault(node, allowed, repr(each.ref))
            lines.setdefault(each.ref, node.line)
    return tuple(found.values())


def _decision(
    reader: NodeReader, values: Values, node: Node
) -> Iterator[Decision | Merge | Naming]:
    members = reader.members(node, ROW, required=ALL)
    reason, author = values.prose(members.get("reason")), reader.text(members.get("author"))
    date = values.date(members.get("date"))
    if date is not None and not isinstance(date, Date):
        reader.fault(members["date"], "the day of the decision, as YYYY-MM-DD")
        return
    if not (reason and author and date):
        return
    why: Mapping[str, Any] = {"reason": reason, "author": author, "date": date}
    if merge := members.get("merge"):
        things = tuple(filter(None, map(values.ref, reader.items(merge))))
        if len(things) > 1:
            yield Merge(things=things, **why)
        else:
            reader.fault(merge, "two references or more, the one that stays first")
    elif mention := members.get("mention"):
        parts = reader.members(mention, MENTION, required=("record", "words"))
        record, words = values.ref(parts.get("record")), reader.text(parts.get("words"))
        names = values.ref(parts.get("names")) if "names" in parts else None
        if record and words:
            yield Naming(record=record, words=words, names=names, **why)
    else:
        yield from _dispute(values, node, members, why)


def _dispute(
    values: Values, node: Node, members: Mapping[str, Node], why: Mapping[str, Any]
) -> Iterator[Decision]:
    reader = values.reader
    about = members.get("dispute")
    if about is None:
        reader.fault(node, "one of dispute, merge, mention")
    dispute = reader.members(about, DISPUTE, required=("subject", "property"))
    subject = values.ref(dispute.get("subject"))
    statement = values.statement(about, dict(dispute), subject) if about and subject else None
    if statement:
        holds = values.boolean(dispute.get("polarity"), default=True)
        yield Decision(statement=statement, holds=holds, file=reader.file, line=node.line, **why)
