"""The cells of a row as values, and whether the row can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.model.facts import Concept, Text, Value, as_written
from kg.registers.table.cells import BadCell
from kg.registers.table.mapping import Column, Table
from kg.registers.table.rows import Cell, Row
from kg.registers.table.templates import Values, slug

_LONGEST = 80  # characters of a cell that are shown


class BadRow(Exception):
    """Why a row is left out."""

    def __init__(self, field: str, found: str, allowed: str) -> None:
        self.field, self.found, self.allowed = field, found, allowed
        super().__init__(field, found, allowed)


class Parsed(NamedTuple):
    """A row's id, the values of its columns, and the cells that were left empty for a fault."""

    key: str
    values: Values
    faults: tuple[tuple[str, str, str], ...]


def parse(table: Table, row: Row, first: Mapping[str, int]) -> Parsed:
    """The values of a row. `first` says where an id that stands more than once stands first.

    Raises:
        BadRow: a cell is bad, a value is missing, or the id was given before.
    """
    if row.found:
        raise BadRow("", row.found, row.allowed)
    values: dict[str, Sequence[Value]] = {}
    faults: list[tuple[str, str, str]] = []
    for column in table.cells:
        values[column.name] = ()
        try:
            values[column.name] = tuple(
                column.datatype.value(each, column.language)
                for each in _items(column, row.cells.get(column.title))
            )
        except BadCell as bad:
            found = _shown(row.cells.get(column.title))
            if not column.lenient:
                raise BadRow(column.name, found, str(bad)) from None
            faults.append((column.name, found, f"left empty; allowed: {bad}"))
        if not values[column.name] and (column.required or column.name in table.key):
            raise BadRow(column.name, "an empty cell", "a value")
    key = "-".join(slug(values[name][0], identifier=True) for name in table.key)
    if not key.strip("-"):
        found = ", ".join(as_written(values[name][0]) for name in table.key)
        raise BadRow(", ".join(table.key), found, "letters or digits, for an identifier")
    if (line := first.get(key, row.line)) != row.line:
        raise BadRow(", ".join(table.key), f"{key}, as in line {line}", "each id once")
    return Parsed(key, values, tuple(faults))


def stated(column: Column, value: Value | None, table: Table) -> Value:
    """The value of a column's statement, as its property has it.

    Raises:
        BadRow: the property has none such.
    """
    if value is None:  # a virtual column's
        value = column.datatype.value(column.default, column.language)
    if column.kind == "concept":
        if as_written(value) not in column.concepts:
            allowed = ", ".join(column.concepts)
            raise BadRow(column.name, as_written(value), f"one of {allowed}")
        return Concept(as_written(value))
    if column.kind == "text" and type(value) is str:
        return Text(value, table.language)
    return value


def _items(column: Column, cell: Cell) -> Sequence[str]:
    """The texts of a cell, without those that stand for nothing."""
    if cell is None or isinstance(cell, str):
        text = (cell or "").strip()
        text = column.default if text in column.null else text
        parts: Sequence[str] = text.split(column.separator) if column.separator else [text]
    else:
        parts = cell
    return [text for each in parts if (text := each.strip()) not in column.null]


def _shown(cell: Cell) -> str:
    text = cell if isinstance(cell, str) else ", ".join(cell or ())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
