"""Entities of a sheet: names and identifiers, never what a source claims of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.model.facts import Entity, Ref, Statement, Value
from kg.model.nodes import Node, NodeReader
from kg.sheets.values import Values

KEYS = (
    "label",
    "alt",
    "sort",
    "within",
    "lat",
    "long",
    "same_as",
    "ids",
    "note",
    "deprecated",
    "replaced_by",
    "reason",
)


@dataclass(frozen=True, slots=True)
class DescribedEntity:
    """An entity with its place in a file, and its identifiers in other data sets."""

    entity: Entity
    node: Node
    file: str
    within: Ref | None
    ids: tuple[tuple[str, str], ...]


def read_entities(reader: NodeReader, values: Values, node: Node | None) -> list[DescribedEntity]:
    """The entities of a mapping from references to descriptions."""
    if node is None:
        return []
    if not isinstance(node.value, dict):
        reader.fault(node, "a mapping from references to descriptions")
        return []
    read = (_entity(reader, values, key, child) for key, child in node.value.items())
    return [each for each in read if each is not None]


def _entity(reader: NodeReader, values: Values, key: str, node: Node) -> DescribedEntity | None:
    ref = values.ref(Node(node.line, node.path, key))
    members = reader.members(node, KEYS, required=("label",))
    label = values.tagged(members.get("label"))
    alternatives = [values.tagged(item) for item in reader.items(members.get("alt"))]
    within, around = values.ref(members.get("within")), values.ontology.playing("Surroundings")
    if within and not around:
        reader.fault(members["within"], "it where a property of the vocabulary is clm:Surroundings")
    ids = _ids(reader, members.get("ids"))
    if ref is None or label is None:
        return None
    described: list[tuple[str, Value | None]] = [
        *((each.name, within) for each in around[:1]),
        ("wgs84:lat", values.decimal(members.get("lat"), -90, 90)),
        ("wgs84:long", values.decimal(members.get("long"), -180, 180)),
        ("skos:hiddenLabel", values.tagged(members.get("sort"))),
        ("skos:note", values.prose(members.get("note"))),
        *(("skos:exactMatch", values.url(item)) for item in reader.items(members.get("same_as"))),
        *(("dcterms:identifier", f"{dataset}:{raw}") for dataset, raw in ids),
    ]
    outdated = _outdated(reader, values, ref, members)
    entity = Entity(
        ref=ref,
        label=label,
        alt_labels=tuple(each for each in alternatives if each is not None),
        description=tuple(
            Statement(ref, name, value)
            for name, value in outdated or described
            if value is not None
        ),
        deprecated=bool(outdated),
    )
    return DescribedEntity(entity, node, reader.file, within, ids)


def _outdated(
    reader: NodeReader, values: Values, ref: Ref, members: Mapping[str, Node]
) -> list[tuple[str, Value | None]]:
    """All that is said of an entity that is no longer in use; nothing where it is."""
    successor = values.ref(members.get("replaced_by"))
    if successor == ref:
        reader.fault(members["replaced_by"], "another entity than the one that is replaced")
    reason = values.prose(members.get("reason"))
    if values.boolean(members.get("deprecated"), default=False) or successor is not None:
        return [
            ("owl:deprecated", True),
            ("dcterms:isReplacedBy", successor),
            ("skos:changeNote", reason),
        ]
    if reason is not None:
        reader.fault(members["reason"], "'deprecated: true' or 'replaced_by' beside it")
    return []


def read_withdrawn(
    reader: NodeReader, values: Values, node: Node | None, document: Ref
) -> Iterator[DescribedEntity]:
    """`withdrawn: [{id: 9, reason: …, replaced_by: 12}]`: claims that a document's sheet had, why
    it has not, and the claim that stands in their place, if one does.
    """
    for item in reader.items(node):
        members = reader.members(item, ("id", "reason", "replaced_by"), required=("id", "reason"))
        gone, successor = (
            values.claim(members.get(key), document) for key in ("id", "replaced_by")
        )
        reason = values.prose(members.get("reason"))
        if gone is not None and reason is not None:
            entity = Entity.replaced(gone, successor, reason)
            yield DescribedEntity(entity, item, reader.file, None, ())


def _ids(reader: NodeReader, node: Node | None) -> tuple[tuple[str, str], ...]:
    """Identifiers that other data sets use for the entity: `ids: {pocom: kerry-john-forbes}`."""
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        reader.fault(node, "a mapping from data sets to identifiers")
        return ()
    found = []
    for dataset, child in node.value.items():
        many = child.value if isinstance(child.value, tuple) else (child,)
        found += [(dataset, raw) for item in many if (raw := reader.text(item))]
    return tuple(found)
