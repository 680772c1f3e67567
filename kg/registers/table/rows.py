"""The rows of a file, and the parts that it is read in, none of which is held as a whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from kg.model.errors import ChanceryError, DataError, Problem
from kg.model.nodes import choice
from kg.registers.table.mapping import Dialect, Table

_BLOCK = 4 << 20  # bytes of a part, whose lines of the graph take some twenty times as many
_BATCH = 10_000  # rows of a Parquet file that are held at once

Cell = str | Sequence[str] | None


class Row(NamedTuple):
    """A row: the line it begins on (in Parquet, its number), and its cells by the file's titles.

    `found` and `allowed` say what is wrong with it as a whole.
    """

    line: int
    cells: Mapping[str, Cell]
    found: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a file: its bytes from `start` to `end`, after `line` lines; or row groups."""

    path: Path
    titles: tuple[str, ...]
    start: int
    end: int
    line: int
    first: bool = False

    @property
    def size(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.path}, from line {self.line + 1}"


def parts_of(table: Table) -> Sequence[Part]:
    """The parts of a table's file, whose rows are whole.

    Raises:
        DataError: its header is not what the mapping says, or the file cannot be read to its end.
    """
    match table.format:
        case "parquet":
            found = _row_groups(table)
        case "jsonl":
            found = _cut(table, iter, ())
        case _:
            found = _cut(table, _reader(table.dialect), None)
    return found


def rows_of(table: Table, part: Part) -> Iterator[Row]:
    """The rows of a part, in order."""
    if table.format == "parquet":
        yield from _parquet_rows(part)
        return
    with part.path.open("rb") as file:
        lines = _Lines(file, table, part.start, part.end, part.line)
        if table.format == "jsonl":
            yield from _json_rows(lines)
        else:
            yield from _separated_rows(lines, table.dialect, part.titles)


class _Lines(Iterator[str]):
    """The lines of a file from one byte to another; knows where it is."""

    def __init__(self, file: BinaryIO, table: Table, start: int, end: int, number: int) -> None:
        self._table, self._end = table, end
        self._read: Callable[[], str | bytes]
        self.offset, self.number = start, number
        encoding = table.dialect.encoding.lower().replace("_", "-")
        # Of these a byte 10 is not always the end of a line, so the file is read from its start.
        self.whole = encoding.startswith(("utf-16", "utf-32"))
        if self.whole:
            self._read = io.TextIOWrapper(file, encoding, newline="").readline
            for _ in range(number):
                self._read()
        else:
            file.seek(start)
            self._read = file.readline

    def __next__(self) -> str:
        while self.offset < self._end or self.whole:
            line = self._read()
            if not line:
                break
            self.offset += len(line)
            self.number += 1
            text = line if isinstance(line, str) else self._decoded(line)
            if self.number == 1:
                text = text.removeprefix("\ufeff")
            if not (comment := self._table.dialect.comment) or not text.startswith(comment):
                return text
        raise StopIteration

    def _decoded(self, line: bytes) -> str:
        encoding = self._table.dialect.encoding
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            found = f"byte 0x{line[error.start]:02x}"
            raise self.problem(self.number, found, f"{encoding}; dialect: encoding") from None

    def problem(self, line: int, found: str, allowed: str) -> DataError:
        return DataError([Problem(self._table.data.name, line, "", found, allowed)])


def _reader(dialect: Dialect) -> Any:
    def read(lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)

    return read


def _cut(table: Table, records: Any, titles: tuple[str, ...] | None) -> Sequence[Part]:
    """Read a file once, to cut it where a record ends."""
    size = table.data.stat().st_size
    with table.data.open("rb") as file:
        lines = _Lines(file, table, 0, size, 0)
        for _ in range(table.dialect.skip_rows):
            next(lines, None)
        reader = records(lines)
        if titles is None:
            titles = _titles(table, next(reader, []), lines) if table.dialect.header else ()
            titles = titles or tuple(each.title for each in table.cells)
        cuts = [(lines.offset, lines.number)]
        at = lines.number
        while True:
            try:
                at = lines.number
                next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if "end of data" in str(error):
                    raise lines.problem(
                        at + 1, "a quotation mark that is never closed",
                        "one in pairs (RFC 4180 §2); dialect: quoteChar",
                    ) from None  # fmt: skip
            if lines.offset - cuts[-1][0] >= _BLOCK and not lines.whole:
                cuts.append((lines.offset, lines.number))
    cuts.append((max(size, lines.offset), lines.number))
    return [
        Part(table.data, titles, start, end, line, first=number == 0)
        for number, ((start, line), (end, _)) in enumerate(pairwise(cuts))
    ]


def _titles(table: Table, found: Sequence[str], lines: _Lines) -> tuple[str, ...]:
    titles = tuple(each.strip() for each in found)
    if len({*titles}) < len(titles):
        twice = next(each for each in titles if titles.count(each) > 1)
        raise lines.problem(lines.number, f"the title {twice!r} twice", "each once")
    check_titles(table, titles, lines.number)
    return titles


def check_titles(table: Table, titles: Sequence[str], line: int) -> None:
    """Refuse a file that lacks a column of the mapping.

    Raises:
        DataError: with each that it lacks.
    """
    problems = [
        Problem(
            table.file, 0, f"the column {each.name!r}",
            f"no {each.title!r} in {table.data.name}:{line}", choice(each.title, titles),
        )
        for each in table.cells
        if each.title not in titles
    ]  # fmt: skip
    if problems:
        raise DataError(problems)


def _separated_rows(lines: _Lines, dialect: Dialect, titles: Sequence[str]) -> Iterator[Row]:
    reader = _reader(dialect)(lines)
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, {}, str(error), "separated values (RFC 4180 §2)")
            continue
        if not cells:
            continue
        if len(cells) != len(titles):
            yield Row(line, {}, f"{len(cells)} cells", f"{len(titles)}, as the header has")
        else:
            yield Row(line, dict(zip(titles, cells, strict=True)))


def _json_rows(lines: _Lines) -> Iterator[Row]:
    for text in lines:
        if not text.strip():
            continue
        try:
            found = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield Row(lines.number, {key: _plain(value) for key, value in found.items()})
        else:
            yield Row(lines.number, {}, text.strip()[:80], "an object in JSON")


def _plain(value: object) -> Cell:
    """A native value as the text of a cell; a list as the texts of several."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return [each for each in map(_plain, value) if isinstance(each, str)]
        case _ if hasattr(value, "isoformat"):
            return str(value.isoformat())
        case _:
            return str(value)


def _parquet() -> Any:
    try:
        import pyarrow.parquet as module  # noqa: PLC0415 - an optional package of 40 MB
    except ModuleNotFoundError:
        raise ChanceryError(
            "a Parquet file needs the package pyarrow; pip install 'chancery-kg[parquet]'"
        ) from None
    return module


def _row_groups(table: Table) -> Sequence[Part]:
    module = _parquet()
    try:
        with module.ParquetFile(table.data) as file:
            titles = tuple(file.schema_arrow.names)
            counts = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    except (OSError, ValueError) as error:
        raise DataError([Problem(table.data.name, 0, "", str(error), "Parquet")]) from None
    check_titles(table, titles, 0)
    return [
        Part(table.data, titles, at, at + 1, sum(counts[:at]), first=at == 0)
        for at in range(len(counts))
    ]


def _parquet_rows(part: Part) -> Iterator[Row]:
    with _parquet().ParquetFile(part.path) as file:
        number = part.line
        for batch in file.iter_batches(_BATCH, row_groups=range(part.start, part.end)):
            for found in batch.to_pylist():
                number += 1
                yield Row(number, {key: _plain(value) for key, value in found.items()})
