"""Writes the tables of a release: CSV, the same for spreadsheets, Parquet, and their schema.

The rows of a table are read once and kept aside, as only the last one tells which columns there
are; no more than a block of them is in memory at a time. The same graph gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import marshal
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from arro3.core import DataType, Field, Schema
from arro3.io import read_csv, write_parquet

from kg.build.lines.words import LABEL
from kg.build.processes import without_collector
from kg.build.publish.publication import Publication
from kg.build.publish.tables.columns import Column, Columns, Kept, Type
from kg.build.publish.tables.rows import register_of, tables_of
from kg.build.publish.tables.schema import Written, write_schema
from kg.build.publish.tables.subjects import Subject, Subjects
from kg.model.iris import Minter
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.store.release import SPREADSHEET
from kg.store.tables import connect

_BLOCK = 2_000  # rows that are held at once
_HELD = 8  # blocks that are kept aside in memory, some 40 MB
_LABELS = 1 << 16
_GROUP = 50_000  # rows of a row group, of which Parquet's writer holds one
_LONGEST = 32_767  # characters of a cell that a spreadsheet takes
# How a cell begins that a spreadsheet takes for a formula (OWASP, "CSV Injection"), and whether a
# block of cells may have one.
_SIGNS = r"=+\-@\t\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"[{_SIGNS}\r\n]")
_MAYBE = re.compile(rf'[,\n]"?[{_SIGNS}]|[,\n]"[\r\n]')
Cells = Sequence[str | None]
_STORED: Mapping[Type, str] = {
    "boolean": "bool", "date": "date32", "decimal": "float64", "integer": "int64"
}  # fmt: skip


class Labels:
    """What things are called: in English where they have such a name, else the first by language.

    Records, claims and their evidence go by their IRIs.
    """

    def __init__(self, heard: sqlite3.Connection, ontology: Ontology, minter: Minter) -> None:
        self._heard, self._ontology, self._own = heard, ontology, minter.entity("")
        self._silent = tuple(minter.entity(each) for each in ("record/", "evidence/", "claim/"))
        self.of = lru_cache(_LABELS)(self._of)

    def _of(self, iri: Iri) -> str:
        if not iri.startswith(self._own) or iri.startswith(self._silent):
            term = self._ontology.find(iri)
            return term.label if term else ""
        found = self._heard.execute(
            "SELECT words FROM said WHERE iri = ? AND role = ? "
            "ORDER BY language <> 'en', language, words LIMIT 1",
            [iri, LABEL],
        ).fetchone()
        return str(found[0]) if found else ""


class Aside:
    """Keeps blocks of rows until all are known: the first in memory, more of them on disk."""

    def __init__(self, file: IO[bytes]) -> None:
        self.rows = 0
        self._held: list[list[Kept]] = []
        self._sizes: list[int] = []
        self._file = file

    def keep(self, block: list[Kept]) -> None:
        self.rows += len(block)
        if len(self._held) < _HELD:
            self._held.append(block)
        else:
            self._sizes.append(self._file.write(marshal.dumps(block)))

    def taken_up(self) -> Iterator[list[Kept]]:
        """The blocks, in their order."""
        yield from self._held
        self._file.seek(0)
        for size in self._sizes:
            yield marshal.loads(self._file.read(size))  # noqa: S302 - what we wrote


def write_tables(
    whole: Path,
    heard: Path,
    folder: Path,
    publication: Publication,
    datasets: Sequence[str],
) -> None:
    """Write every table that has rows to `folder`, from the sorted lines in `whole` and the labels
    that `Words` has heard; `datasets` are the registers.
    """
    ontology, minter = publication.ontology, publication.minter
    folder.mkdir()
    with (
        whole.open("rb") as lines,
        whole.open("rb") as others,
        closing(connect(heard)) as words,
        without_collector(),
    ):
        labels, looked_up = Labels(words, ontology, minter), Subjects(others)
        tables = [
            *tables_of(ontology, minter, looked_up),
            *(register_of(each, ontology, minter) for each in datasets),
        ]
        written = []
        for table in sorted(tables, key=lambda each: each.name):
            columns = Columns(ontology, labels.of)
            with TemporaryFile(dir=folder) as file:
                aside = Aside(file)
                for block in _blocks(table.rows(Subjects(lines))):
                    aside.keep([*map(columns.take, block)])
                if aside.rows:
                    made = columns.made(table.first, table.titles)
                    _write(folder / table.name, made, aside.taken_up())
                    written.append(Written(table, made, aside.rows))
    write_schema(folder, written, publication)


def _blocks(rows: Iterator[Subject]) -> Iterator[list[Subject]]:
    while block := [*islice(rows, _BLOCK)]:
        yield block


def _write(path: Path, columns: Sequence[Column], rows: Iterator[list[Kept]]) -> None:
    """The three files of a table."""
    plain, safe = path.with_name(f"{path.name}.csv"), path.with_name(f"{path.name}{SPREADSHEET}")
    with (
        plain.open("w", encoding="utf-8", newline="") as output,
        safe.open("w", encoding="utf-8-sig", newline="") as guarded,
    ):
        head = _separated([[each.name for each in columns]])
        output.write(head)
        guarded.write(head)
        keys = [each.cell for each in columns]
        for block in rows:
            cells = [[*map(each.get, keys)] for each in block]
            text = _separated(cells)
            output.write(text)
            careful = _MAYBE.search(f"\n{text}") or max(map(len, text.split("\n"))) > _LONGEST
            guarded.write(_separated(_guarded(cells, columns)) if careful else text)
    stored = [
        Field(each.name, getattr(DataType, _STORED.get(each.type, "utf8"))()) for each in columns
    ]
    write_parquet(
        read_csv(plain, Schema(stored), has_header=True, batch_size=_BLOCK),
        path.with_name(f"{path.name}.parquet"),
        compression="zstd(3)",
        max_row_group_size=_GROUP,
    )


def _separated(rows: Iterable[Cells]) -> str:
    """RFC 4180."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _guarded(rows: Iterable[Cells], columns: Sequence[Column]) -> Iterator[Cells]:
    """The same cells, of which none is a formula and none longer than a spreadsheet takes: one that
    begins as a formula does has an apostrophe before it, which spreadsheets do not show.
    """
    words = [each.type == "string" for each in columns]
    for row in rows:
        yield [
            cell and (f"'{cell}" if text and _FORMULA.match(cell) else cell)[:_LONGEST]
            for cell, text in zip(row, words, strict=True)
        ]
