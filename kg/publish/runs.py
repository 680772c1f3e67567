"""Sorting a graph that may not fit in memory: sorted runs on disk, then one merge.

The merged stream is the canonical form of a release: its lines in code point order, each once.
Everything else (store, dumps, identifier) is made from it, so the same input gives the same bytes.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import IO, Self

RUN_LINES = 200_000  # about 60 MB of lines


class SortedRuns:
    """Takes lines in any order and gives them back sorted, without repetitions."""

    def __init__(self, folder: Path, limit: int = RUN_LINES) -> None:
        self.folder = folder
        self._limit = limit
        self._lines: set[str] = set()
        self._stack = ExitStack()
        self._runs: list[IO[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        self._lines.clear()

    def add(self, lines: Iterable[str]) -> None:
        self._lines.update(lines)
        if len(self._lines) >= self._limit:
            self._spill()

    def add_sorted(self, path: Path) -> None:
        """Take in a file whose lines are sorted already, each once."""
        run = path.open(encoding="utf-8", newline="\n")
        self._stack.callback(run.close)
        self._runs.append(run)

    def merged(self) -> Iterator[str]:
        """All lines, sorted, each once. Ends the taking of lines."""
        if not self._runs:
            yield from sorted(self._lines)
            return
        self._spill()
        for run in self._runs:
            run.seek(0)
        streams = ((line.removesuffix("\n") for line in run) for run in self._runs)
        yield from (line for line, _ in groupby(heapq.merge(*streams)))

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(  # noqa: SIM115 - closed by the stack
            "w+", encoding="utf-8", newline="\n", dir=self.folder
        )
        self._stack.callback(run.close)
        run.writelines(f"{line}\n" for line in sorted(self._lines))
        self._runs.append(run)
        self._lines.clear()
