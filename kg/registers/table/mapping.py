"""What a mapping says, as values: which file, which columns, and what each of its rows states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from kg.model.facts import Ref, Url
from kg.ontology.terms import Kind
from kg.registers.table.cells import Datatype
from kg.registers.table.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a file of separated values is written (CSVW §5.9). An empty quote character: none."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True
    skip_rows: int = 0
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, and the statement that a cell of it makes.

    `title` is its name in the file. `about` is the subject of the statement, else the row's;
    `value` the reference that it states, else the cell's own value, which `kind`, that of the
    property, makes a concept or a text where it is one; `concepts` are those of its scheme. A
    virtual column has no cell. A bad cell leaves out its row, or itself alone where `lenient`.
    """

    name: str
    title: str
    datatype: Datatype
    required: bool = False
    null: frozenset[str] = frozenset({""})
    default: str = ""
    separator: str = ""
    language: str = ""
    property: str = ""
    about: Template | None = None
    value: Template | None = None
    kind: Kind = "any"
    concepts: Sequence[str] = ()
    virtual: bool = False
    lenient: bool = False
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An entity that each row describes, where the columns of both templates have values."""

    about: Template
    label: Template
    language: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A mapping. `file` is what messages call it, `data` the file of rows, of `format`.

    `short` is what pages call it, `page` the address at which its publisher shows a row, `words`
    the column with a row's own sentence. `key` are the columns that identify a row; at most the
    share `bad` of the rows may be left out.
    """

    file: str
    data: Path
    format: str
    dialect: Dialect
    title: str
    publisher: Ref | None
    licence: Url | None
    homepage: Url | None
    language: str
    short: str
    page: Template | None
    words: str
    key: tuple[str, ...]
    about: Template
    label: Template
    columns: tuple[Column, ...]
    entities: tuple[Described, ...]
    bad: Decimal

    @cached_property
    def cells(self) -> tuple[Column, ...]:
        """The columns that the file has."""
        return tuple(each for each in self.columns if not each.virtual)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """The columns whose values go into IRIs as they are."""
        tokens = {each.name for each in self.cells if each.datatype.base == "NMTOKEN"}
        return frozenset({*self.key, *tokens})
