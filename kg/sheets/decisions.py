"""What people decided, in `seeds/decisions.yaml`: a row each, with reason, author and date.

A row names what it decides by its one key beside those: `dispute`, where sources disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.model.decisions import Decision
from kg.model.facts import Date
from kg.model.nodes import Node, NodeReader
from kg.ontology import Ontology
from kg.sheets.values import Values

FILE = "decisions.yaml"
ROW = ("dispute", "reason", "author", "date")
DISPUTE = ("subject", "property", "object", "value", "polarity")


def read_decisions(reader: NodeReader, ontology: Ontology, path: Path) -> tuple[Decision, ...]:
    """The decisions of a project; none where it has no such file."""
    root = reader.load(path) if path.exists() else None
    found: dict[object, Decision] = {}
    for node in reader.items(root):
        for each in _decision(reader, Values(reader, ontology), node):
            first = found.setdefault(each.ref, each)
            if first is not each:
                allowed = f"one decision on a property of a thing; it stands at line {first.line}"
                reader.fault(node, allowed, repr(each.ref))
    return tuple(found.values())


def _decision(reader: NodeReader, values: Values, node: Node) -> Iterator[Decision]:
    members = reader.members(node, ROW, required=ROW)
    reason, author = values.prose(members.get("reason")), reader.text(members.get("author"))
    date = values.date(members.get("date"))
    about = members.get("dispute")
    dispute = reader.members(about, DISPUTE, required=("subject", "property"))
    subject = values.ref(dispute.get("subject"))
    statement = values.statement(about, dict(dispute), subject) if about and subject else None
    if date is not None and not isinstance(date, Date):
        reader.fault(members["date"], "the day of the decision, as YYYY-MM-DD")
    elif reason and author and date and statement:
        holds = values.boolean(dispute.get("polarity"), default=True)
        yield Decision(statement, holds, reason, author, date, reader.file, node.line)
