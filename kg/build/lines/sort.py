"""Sorting a graph that may not fit in memory: sorted runs on disk, then one merge.

The merged stream is the canonical form of a release: its lines in code point order, each once.
Everything else (store, dumps, identifier) is made from it, so the same input gives the same bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TextIO

RUN_LINES = 50_000  # about 20 MB of lines
MOST_RUNS = 64  # files open at once
_AT_HAND = 1 << 22  # characters of all of them that are held at once


class SortedRuns:
    """Takes lines in any order and gives them back sorted, without repetitions.

    Runs of about `limit` lines are left in `folder`, by names that begin with `name`.
    """

    def __init__(self, folder: Path, name: str = "run", limit: int = RUN_LINES) -> None:
        self.folder = folder
        self._name = name
        self._limit = limit
        self._lines: set[str] = set()
        # By tier: a run of one is merged of MOST_RUNS of the tier below, so that a line is written
        # again once a tier, however many there are.
        self._tiers: list[list[Path]] = [[]]
        self._numbers = count()

    def add(self, lines: Iterable[str]) -> None:
        self._lines.update(lines)
        if len(self._lines) >= self._limit:
            self.spill()

    def add_sorted(self, path: Path) -> None:
        """Take in a run of another sorter."""
        self._keep(path, 0)

    def handed_over(self) -> Sequence[Path]:
        """The runs so far, which are the caller's from now on."""
        runs = [path for tier in self._tiers for path in tier]
        self._tiers = [[]]
        return runs

    def spill(self) -> None:
        """Write what is in memory as a run."""
        self._keep(self._write([["\n".join([*sorted(self._lines), ""])]]), 0)
        self._lines.clear()

    def files(self) -> Sequence[Path]:
        """The runs: all lines, some more than once. Ends the taking of lines."""
        if self._lines:
            self.spill()
        runs = [path for tier in self._tiers for path in tier]
        while len(runs) > MOST_RUNS:  # the smallest first
            runs = [*runs[MOST_RUNS:], self._merge(runs[:MOST_RUNS])]
        self._tiers = [runs]
        return tuple(runs)

    def merged(self) -> Iterator[list[str]]:
        """All lines, sorted, each once, in blocks, with newlines. Ends the taking of lines."""
        return _merge(self.files())

    def _keep(self, path: Path, tier: int) -> None:
        if tier == len(self._tiers):
            self._tiers.append([])
        runs = self._tiers[tier]
        runs.append(path)
        if len(runs) == MOST_RUNS:
            self._tiers[tier] = []
            self._keep(self._merge(runs), tier + 1)

    def _merge(self, runs: Sequence[Path]) -> Path:
        merged = self._write(_merge(runs))
        for path in runs:
            path.unlink()
        return merged

    def _write(self, blocks: Iterable[list[str]]) -> Path:
        path = self.folder / f"{self._name}-{next(self._numbers)}.nq"
        with path.open("w", encoding="utf-8", newline="\n") as run:
            for block in blocks:
                run.writelines(block)
        return path


def _merge(paths: Sequence[Path]) -> Iterator[list[str]]:
    """All lines of the runs, with their newlines, sorted, each once, in blocks.

    The lines at hand of all runs are complete up to the least of their last ones. So many are
    sorted at once, in C, to which sorted stretches are dear.
    """
    with ExitStack() as stack:
        runs = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths]
        share = _AT_HAND // max(len(runs), 1)
        held: dict[TextIO, list[str]] = {run: [] for run in runs}
        while held := {run: lines for run in held if (lines := held[run] or run.readlines(share))}:
            # A newline sorts before all that a line may go on with, so it does no harm.
            complete = min(lines[-1] for lines in held.values())
            block: list[str] = []
            for lines in held.values():
                end = bisect_right(lines, complete)
                block += lines[:end]
                del lines[:end]
            block.sort()
            yield list(dict.fromkeys(block))
