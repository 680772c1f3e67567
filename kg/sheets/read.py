"""All the sheets of a project: read together, checked against one another.

Every fault of every file is collected before anything is refused, so that one run shows
the whole of what there is to mend.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kg.model.decisions import Decision
from kg.model.errors import DataError, Problem
from kg.model.facts import Ref
from kg.model.nodes import Node, NodeReader
from kg.ontology import Ontology
from kg.sheets import decisions
from kg.sheets.checks import Sheets, cross_check
from kg.sheets.document import Sheet, read_document
from kg.sheets.entities import DescribedEntity, read_entities, read_withdrawn
from kg.sheets.records import RecordSheet, read_records
from kg.sheets.values import Values

# Read for other purposes than facts: corrections of public records, facts left out on purpose.
NOT_SHEETS = (
    "left-out.yaml",
    "corrections.yaml",
    "former.yaml",
    "places.yaml",
    "states.yaml",
    decisions.FILE,
)
_PARTS = ("document", "entities", "claims", "withdrawn", "match")


def load_sheets(
    folder: Path, ontology: Ontology, texts: Mapping[str, str] = MappingProxyType({})
) -> Sheets:
    """Read every sheet below `folder`; quotes find their passages in `texts`, by SHA-256.

    Raises:
        DataError: with every fault of every file.
    """
    documents: list[Sheet] = []
    entities: list[DescribedEntity] = []
    records: list[RecordSheet] = []
    readers: list[NodeReader] = []
    matches: dict[Ref, tuple[Ref, ...]] = {}
    places, problems = find_sheets(folder)
    for path in places:
        reader = NodeReader(f"{folder.name}/{path.relative_to(folder).as_posix()}")
        readers.append(reader)
        root = reader.load(path)
        if root is None:
            continue
        values = Values(reader, ontology)
        if isinstance(root.value, dict) and "document" in root.value:
            values = Values.of_document(reader, ontology, root.value["document"])
            parts = reader.members(root, _PARTS)
            matches |= dict(_read_matches(reader, values, parts.get("match"), matches))
            entities += read_entities(reader, values, parts.get("entities"))
            sheet = read_document(values, parts["document"], parts.get("claims"), folder, texts)
            if sheet:
                documents.append(sheet)
                gone = parts.get("withdrawn")
                entities += read_withdrawn(reader, values, gone, sheet.document.ref)
        elif isinstance(root.value, dict) and "records" in root.value:
            rows = read_records(reader, values, root)
            records += [rows] if rows else []
        else:
            entities += read_entities(reader, values, root)
    known = {each.entity.ref for each in entities}
    implied = {each.entity.ref: each for sheet in documents for each in sheet.implied}
    entities += (each for ref, each in implied.items() if ref not in known)
    readers.append(reader := NodeReader(f"{folder.name}/{decisions.FILE}"))
    decided = decisions.read_decisions(reader, ontology, folder / decisions.FILE)
    sheets = Sheets(
        tuple(documents),
        tuple(entities),
        tuple(records),
        len(places),
        matches,
        tuple(each for each in decided if isinstance(each, Decision)),
        tuple(each for each in decided if not isinstance(each, Decision)),
        tuple(note for reader in readers for note in reader.notes),
    )
    problems += [problem for reader in readers for problem in reader.problems]
    problems += cross_check(sheets)
    if not places:
        problems.append(Problem(folder.name, 0, "", "no sheet", "at least one .yaml file"))
    if problems:
        raise DataError(problems)
    return sheets


def find_sheets(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The sheets below `folder`, in order, and what would be passed over in silence."""
    found: list[Path] = []
    problems: list[Problem] = []
    for place, folders, files in os.walk(folder, onerror=_refuse):
        for name in files:
            path = Path(place, name)
            if path.suffix == ".yaml" and name not in NOT_SHEETS:
                found.append(path)
            elif path.suffix != ".yaml" and path.suffix.lower() in {".yaml", ".yml"}:
                shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                problems.append(Problem(shown, 0, "", f"the ending {path.suffix}", ".yaml"))
        for name in folders:
            path = Path(place, name)
            if path.is_symlink():
                shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                allowed = "the folder itself, for links can lead round in a circle"
                problems.append(Problem(shown, 0, "", "a link to a folder", allowed))
    return sorted(found), problems


def _refuse(error: OSError) -> None:
    """A folder that may not be read is no empty one."""
    if not isinstance(error, FileNotFoundError):
        place = Path(str(error.filename))
        found = str(error.strerror).lower()
        raise DataError([Problem(str(place), 0, "", found, "a folder that this user may read")])


def _read_matches(
    reader: NodeReader, values: Values, node: Node | None, before: Mapping[Ref, tuple[Ref, ...]]
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
        if event in before:
            reader.fault(child, "each event in the match of one sheet", repr(event))
        elif event is not None:
            yield event, values.refs(child)
