"""Rows of a public record, copied by hand: the facts of a row and its own values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.model.facts import Entity, Record, Ref, Statement, Text, Value
from kg.model.nodes import Node, NodeReader
from kg.sheets.values import Values

HEAD = ("dataset", "title", "publisher", "licence", "homepage", "columns", "records")
ROW = ("id", "label", "about", "statements", "fields")


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A data set and some of its rows, each with its node."""

    dataset: Entity
    head: Node
    records: tuple[tuple[Record, Node], ...]
    reader: NodeReader


def read_records(reader: NodeReader, values: Values, root: Node) -> RecordSheet | None:
    """Read a sheet of records; None where its head cannot be used."""
    members = reader.members(root, HEAD, required=("dataset", "title", "records"))
    name, title = reader.text(members.get("dataset")), values.tagged(members.get("title"))
    described: list[tuple[str, Value | None]] = [
        ("dcterms:publisher", values.ref(members.get("publisher"))),
        ("dcterms:license", values.url(members.get("licence"))),
        ("foaf:homepage", values.url(members.get("homepage"))),
    ]
    if name is None or title is None:
        return None
    ref = Ref(f"dataset/{name}")
    dataset = Entity(
        ref=ref,
        label=title,
        description=tuple(
            Statement(ref, field, value) for field, value in described if value is not None
        ),
    )
    columns = tuple(_columns(reader, values, members.get("columns")))
    rows = [
        (_row(reader, values, item, name, columns), item)
        for item in reader.items(members["records"])
    ]
    return RecordSheet(dataset, root, tuple((row, node) for row, node in rows if row), reader)


def _columns(reader: NodeReader, values: Values, node: Node | None) -> Iterator[tuple[str, str]]:
    """In which column of a row the value of a property stands."""
    for name, column in reader.mapping(node).items():
        declared = values.property(Node(column.line, column.path, name))
        words = reader.text(column)
        if declared is not None and words is not None:
            yield declared.name, words


def _row(
    reader: NodeReader,
    values: Values,
    node: Node,
    dataset: str,
    columns: tuple[tuple[str, str], ...],
) -> Record | None:
    members = reader.members(node, ROW, required=("id", "label", "about", "statements"))
    raw, label = reader.text(members.get("id")), reader.text(members.get("label"))
    about = values.ref(members.get("about"))
    if raw is None or label is None or about is None:
        return None
    ref = values.ref(Node(members["id"].line, members["id"].path, f"record/{dataset}/{raw}"))
    statements = []
    for item in reader.items(members.get("statements")):
        parts = reader.members(
            item, ("subject", "property", "object", "value", "julian"), ("property",)
        )
        subject = values.ref(parts["subject"]) if "subject" in parts else about
        if subject is not None:
            statement = values.statement(item, dict(parts), subject)
            statements += [statement] if statement else []
    fields = members.get("fields")
    own = dict(fields.value) if fields and isinstance(fields.value, dict) else {}
    if ref is None:
        return None
    return Record(
        ref=ref,
        label=Text(label),
        about=about,
        statements=tuple(statements),
        fields=tuple((key, words) for key, value in own.items() if (words := reader.text(value))),
        columns=columns,
    )
