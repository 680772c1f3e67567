"""The tables of a release, as their schema describes them (CSV on the Web)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kg.model.settings import Settings
from kg.store.release import SCHEMA, SPREADSHEET, Release
from web.site import Site
from web.site.files import Published, published

_SAMPLE = 200  # rows among which an example of each column is looked for
_TYPES = {
    "anyURI": "IRI", "boolean": "true or false", "date": "day", "decimal": "number",
    "integer": "whole number", "string": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One table with its files: CSV, CSV for spreadsheets, Parquet."""

    name: str
    title: str
    description: str
    href: str
    rows: int
    files: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class TablesPage:
    """All that the list shows: the kinds of things, and the registers; `address` is that of one
    file on the web.
    """

    release: str
    built: str
    schema: str
    kinds: tuple[Listed, ...]
    registers: tuple[Listed, ...]
    address: str


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column; `type` in words, `example` of the first row that has one."""

    name: str
    title: str
    description: str
    type: str
    several: bool
    example: str
    href: str


@dataclass(frozen=True, slots=True)
class TablePage:
    """One table, with all its columns."""

    title: str
    table: Listed
    columns: tuple[ShownColumn, ...]
    address: str
    schema: str


def schema(release: Release) -> Mapping[str, Any]:
    """What describes the tables; a release of an earlier version has none."""
    path = release.tables / SCHEMA
    found: Mapping[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
    return found


def files(release: Release, root: str) -> dict[str, Published]:
    """The files of tables by name. `root` is the path under which this server is mounted."""
    found = (each for each in release.manifest.files if each.name.startswith("tables/"))
    return {each.name.partition("/")[2]: published(each, f"{root}/") for each in found}


def tables_page(site: Site, root: str) -> TablesPage:
    """The claims first, then all kinds of things by name, then the registers."""
    release = site.graph.release
    known = files(release, root)
    found = [_listed(each, known, root) for each in schema(release).get("tables", ())]
    found.sort(key=lambda each: (each.name != "claims", each.name))
    return TablesPage(
        release=release.id,
        built=release.manifest.day,
        schema=f"{root}/tables/{SCHEMA}",
        kinds=tuple(each for each in found if not each.name.startswith("records-")),
        registers=tuple(each for each in found if each.name.startswith("records-")),
        address=_address(site.settings, found[0].name) if found else "",
    )


def table_page(site: Site, name: str, root: str) -> TablePage | None:
    """One table; None where the release has none of that name."""
    release = site.graph.release
    for each in schema(release).get("tables", ()):
        if each["url"] == f"{name}.csv":
            table = _listed(each, files(release, root), root)
            examples = _examples(release, name)
            base = site.settings.base
            return TablePage(
                title=table.title,
                table=table,
                columns=tuple(
                    _column(one, examples, base, root) for one in each["tableSchema"]["columns"]
                ),
                address=_address(site.settings, name),
                schema=f"{root}/tables/{SCHEMA}",
            )
    return None


def _listed(table: Mapping[str, Any], known: Mapping[str, Published], root: str) -> Listed:
    name = table["url"].removesuffix(".csv")
    ends = (".csv", SPREADSHEET, ".parquet")
    return Listed(
        name=name,
        title=table["dc:title"],
        description=table["dc:description"],
        href=f"{root}/tables/{name}",
        rows=table["void:entities"],
        files=tuple(known[f"{name}{each}"] for each in ends),
    )


def _column(
    column: Mapping[str, Any], examples: Mapping[str, str], base: str, root: str
) -> ShownColumn:
    example = examples.get(column["name"], "")
    own = example.startswith(f"{base}id/") and "separator" not in column
    return ShownColumn(
        name=column["name"],
        title=column["dc:title"],
        description=column["dc:description"],
        type=_TYPES[column["datatype"]],
        several="separator" in column,
        example=example,
        href=f"{root}/{example.removeprefix(base)}" if own else "",
    )


def _examples(release: Release, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with (release.tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in islice(csv.DictReader(file), _SAMPLE):
            for column, cell in row.items():
                if cell:
                    found.setdefault(column, cell)
    return found


def _address(settings: Settings, name: str) -> str:
    return f"{settings.base}tables/{name}.parquet"
