"""What can go wrong, said so that the reader can mend it.

Exit codes of the commands follow the two families: the data is at fault (1) or the call is (2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class ChanceryError(Exception):
    """Anything Chancery raises on purpose; its text is meant for a user."""

    exit_code = 2


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in what the system refuses, as reads and writes of an open one do not."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in an input: where it is, what was found, what is allowed instead.

    `line` counts from 1; 0 stands for the file as a whole.
    """

    file: str
    line: int
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} found {self.found}; allowed: {self.allowed}"


class DataError(ChanceryError):
    """Inputs are at fault; carries every problem of the run, not the first alone."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} found; nothing was released."
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type[DataError], tuple[tuple[Problem, ...]]]:
        """Pickled with its problems, as it may be raised in another process."""
        return DataError, (self.problems,)


class ReleaseRefused(ChanceryError):
    """A built graph failed validation or a count assertion, so the last good one stays."""

    exit_code = 1
