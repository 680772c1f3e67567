"""The schema of the tables: CSV on the Web (W3C Recommendation, 2015-12-17)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib.namespace import RDF

from kg.build.publish.publication import Publication
from kg.build.publish.tables.columns import SEPARATOR, Column
from kg.build.publish.tables.rows import Table
from kg.store.release import SCHEMA


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written, with its columns and how many rows it has."""

    table: Table
    columns: tuple[Column, ...]
    rows: int


def write_schema(folder: Path, tables: Iterable[Written], publication: Publication) -> None:
    """Describe the tables where CSVW looks for it (Model for Tabular Data §5.3); the rows of each
    are counted as `void:entities`.
    """
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": publication.title,
        "dc:description": publication.description,
        "dc:license": {"@id": publication.licence},
        "tables": [_table(each) for each in tables],
    }
    text = json.dumps(group, ensure_ascii=False, indent=1)
    (folder / SCHEMA).write_text(f"{text}\n", "utf-8")


def _table(written: Written) -> Mapping[str, Any]:
    table = written.table
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "void:entities": written.rows,
        "tableSchema": {
            "columns": [_column(each) for each in written.columns],
            "primaryKey": "iri",
            "aboutUrl": "{+iri}",
        },
    }


def _column(column: Column) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.title,
        "dc:description": column.description,
        "datatype": column.type,
    }
    if not column.key:
        return found | {"required": True, "suppressOutput": True}
    if column.several:
        found["separator"] = SEPARATOR
    if column.links and not column.several:
        found["valueUrl"] = f"{{+{column.name}}}"
    return found | {"propertyUrl": "rdf:type" if column.key == str(RDF.type) else column.key}
