"""What the processes of a server take of the machine, as far as Linux tells."""

from __future__ import annotations

import resource
from collections.abc import Iterable
from pathlib import Path


def memory(nursery: int, children: Iterable[int]) -> int:
    """Bytes of a nursery and its children; 0 for one that has ended.

    A child begins with all pages of its nursery and shares them, so what counts of it is what it
    has beyond. Pages that it has changed, some megabytes, do not. What each maps exactly
    (`smaps_rollup`) is not to be read of a process that guards itself against others.
    """
    resident, shared = _pages(nursery)
    beyond = sum(max(0, own - file - (resident - shared)) for own, file in map(_pages, children))
    return (resident + beyond) * resource.getpagesize()


def descriptors() -> int:
    """How many files and sockets this process has open."""
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir()) - 1  # that of the listing itself
    except OSError:
        return 0


def _pages(process: int) -> tuple[int, int]:
    """Those that are resident, and those of them that belong to files (proc_pid_statm(5))."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text().split()
    except (OSError, ValueError):
        return 0, 0
    return int(resident), int(shared)
