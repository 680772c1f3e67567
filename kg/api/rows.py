"""The answer to a SELECT query: rows of Python's values, and the data frames made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, overload

from kg.api.values import Value

if TYPE_CHECKING:
    import pandas
    import polars

Row = dict[str, Value | None]


class Rows(Sequence[Row]):
    """Rows by name: what is unbound is None. `columns` are the variables in their order.

    >>> found = graph.rows("SELECT ?x ?y { VALUES (?x ?y) { (1 'one') (2 UNDEF) } }")
    >>> found.columns
    ('x', 'y')
    >>> list(found)
    [{'x': 1, 'y': 'one'}, {'x': 2, 'y': None}]
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Row]) -> None:
        self.columns = tuple(columns)
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self._rows[index]

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def column(self, name: str) -> list[Value | None]:
        """The values of one variable.

        >>> graph.rows("SELECT ?x { VALUES ?x { 1 2 } }").column("x")
        [1, 2]
        """
        return [row[name] for row in self._rows]

    def to_pandas(self) -> pandas.DataFrame:
        """A frame of pandas, which has to be installed; decimal numbers are floats there."""
        import pandas as module  # noqa: PLC0415 - no dependency of ours

        return module.DataFrame(self._plain(), columns=list(self.columns))

    def to_polars(self) -> polars.DataFrame:
        """The same of polars."""
        import polars as module  # noqa: PLC0415 - no dependency of ours

        return module.DataFrame(self._plain(), infer_schema_length=None, strict=False)

    def _plain(self) -> dict[str, list[Any]]:
        return {name: [_plain(row[name]) for row in self._rows] for name in self.columns}


def _plain(value: Value | None) -> object:
    """As frames know it: IRIs and words are no more than a str."""
    if isinstance(value, str):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value
