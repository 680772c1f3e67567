"""All the sheets of a project: read together, checked against one another.

Every fault of every file is collected before anything is refused, so that one run shows
the whole of what there is to mend.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from kg.model.errors import DataError, Problem
from kg.model.facts import Ref
from kg.model.nodes import Node, Reader
from kg.ontology import Ontology
from kg.sheets.checks import Sheets, cross_check
from kg.sheets.document import Sheet, read_document
from kg.sheets.entities import DescribedEntity, read_entities
from kg.sheets.records import RecordSheet, read_records
from kg.sheets.values import Values

# Read for other purposes than facts: corrections of public records, facts left out on purpose.
NOT_SHEETS = ("left-out.yaml", "corrections.yaml")


def load_sheets(folder: Path, ontology: Ontology) -> Sheets:
    """Read every sheet below `folder`.

    Raises:
        DataError: with every fault of every file.
    """
    documents: list[Sheet] = []
    entities: list[DescribedEntity] = []
    records: list[RecordSheet] = []
    readers: list[Reader] = []
    inputs: dict[str, str] = {}
    matches: dict[Ref, tuple[Ref, ...]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        if path.name in NOT_SHEETS:
            continue
        reader = Reader(f"{folder.name}/{path.relative_to(folder).as_posix()}")
        readers.append(reader)
        inputs[reader.file] = hashlib.sha256(path.read_bytes()).hexdigest()
        root = reader.load(path)
        if root is None:
            continue
        values = Values(reader, ontology)
        if isinstance(root.value, dict) and "document" in root.value:
            parts = reader.members(root, ("document", "entities", "claims", "match"))
            matches |= dict(_read_matches(reader, values, parts.get("match")))
            entities += read_entities(reader, values, parts.get("entities"))
            sheet = read_document(reader, values, parts["document"], parts.get("claims"), folder)
            documents += [sheet] if sheet else []
        elif isinstance(root.value, dict) and "records" in root.value:
            rows = read_records(reader, values, root)
            records += [rows] if rows else []
        else:
            entities += read_entities(reader, values, root)
    sheets = Sheets(tuple(documents), tuple(entities), tuple(records), inputs, matches)
    problems = [problem for reader in readers for problem in reader.problems]
    problems += cross_check(sheets)
    problems += _misnamed(folder)
    if not inputs:
        problems.append(Problem(folder.name, 0, "", "no sheet", "at least one .yaml file"))
    if problems:
        raise DataError(problems)
    return sheets


def _misnamed(folder: Path) -> Iterator[Problem]:
    """Files that are meant as sheets and would be passed over."""
    for path in sorted(folder.rglob("*")):
        if path.suffix != ".yaml" and path.suffix.lower() in {".yaml", ".yml"}:
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            yield Problem(name, 0, "", f"the ending {path.suffix}", ".yaml")


def _read_matches(
    reader: Reader, values: Values, node: Node | None
) -> Iterator[tuple[Ref, tuple[Ref, ...]]]:
    """`match: {visit/kerry-russia-2015-05: [record/travels/3568]}`: which rows record an event.

    An empty list says that none does, whatever a rule proposes.
    """
    if node is None:
        return
    if not isinstance(node.value, dict):
        reader.fault(node, "a mapping from events to lists of records")
        return
    for key, child in node.value.items():
        event = values.ref(Node(child.line, child.path, key))
        if event is not None:
            yield event, values.refs(child)
