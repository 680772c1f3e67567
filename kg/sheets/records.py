"""Rows of a public record, copied by hand: the facts of a row and its own values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from kg.model.facts import Entity, Record, Ref, Statement, Text, Url, Value
from kg.model.nodes import Node, NodeReader
from kg.sheets.values import Values

HEAD = (
    "dataset", "title", "alt", "publisher", "licence", "homepage", "page", "words", "columns",
    "records",
)  # fmt: skip
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
    alternatives = (values.tagged(item) for item in reader.items(members.get("alt")))
    dataset = Entity(
        ref=ref,
        label=title,
        alt_labels=tuple(each for each in alternatives if each is not None),
        description=tuple(
            Statement(ref, field, value) for field, value in described if value is not None
        ),
    )
    form = _Form(
        name,
        tuple(_columns(reader, values, members.get("columns"))),
        reader.text(members.get("words")) or "",
        members.get("page"),
    )
    rows = [(_row(reader, values, item, form), item) for item in reader.items(members["records"])]
    return RecordSheet(dataset, root, tuple((row, node) for row, node in rows if row), reader)


@dataclass(frozen=True, slots=True)
class _Form:
    """What all rows of a data set share: in which column the value of a property stands, which one
    has the row's own sentence, and the address of a row with its columns in braces.
    """

    dataset: str
    columns: tuple[tuple[str, str], ...]
    words: str
    page: Node | None

    def address(self, own: Mapping[str, Node], reader: NodeReader, values: Values) -> Url | None:
        """Where the publisher shows a row; None where it lacks a column that this takes."""
        template = reader.text(self.page)
        if template is None or self.page is None:
            return None
        taken = re.findall(r"\{([^{}]*)\}", template)
        if not all(each in own for each in taken):
            return None
        filled = template
        for each in taken:
            filled = filled.replace(f"{{{each}}}", quote(reader.text(own[each]) or ""))
        return values.url(Node(self.page.line, self.page.path, filled))


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
    form: _Form,
) -> Record | None:
    members = reader.members(node, ROW, required=("id", "label", "about", "statements"))
    raw, label = reader.text(members.get("id")), reader.text(members.get("label"))
    about = values.ref(members.get("about"))
    if raw is None or label is None or about is None:
        return None
    ref = values.ref(Node(members["id"].line, members["id"].path, f"record/{form.dataset}/{raw}"))
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
    told = reader.text(own.get(form.words))
    return Record(
        ref=ref,
        label=Text(label),
        about=about,
        statements=tuple(statements),
        fields=tuple((key, words) for key, value in own.items() if (words := reader.text(value))),
        columns=form.columns,
        words=Text(told, values.language) if told else None,
        page=form.address(own, reader, values),
    )
