"""What a worker cannot do, held by the kernel and not by our reading of the query.

A worker reaches no network (`SERVICE` would, loopback included), starts no program, and has caps
on memory and on the size of its answer. It dies with the fork server. Linux is the home; elsewhere
the cap on file descriptors stands in for the system call filter: no socket without a number.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
from dataclasses import dataclass

from kg.store.embedded import seccomp

LINUX = sys.platform == "linux"
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of one worker, in bytes. `filtered`: the system call filter is to be used."""

    memory: int
    answer: int
    filtered: bool = LINUX

    @property
    def spooled(self) -> bool:
        return self.filtered


def shortfall() -> str:
    """What of this the machine cannot give, in a sentence; empty where it gives all."""
    if not LINUX:
        return (
            "this is not Linux, so a query's memory has no cap, and a cap on file descriptors "
            "stands in for the system call filter"
        )
    if not seccomp.supported():
        return (
            f"there is no system call filter for {platform.machine()} here, so a cap on file "
            "descriptors stands in for it"
        )
    return ""


def drop_network() -> bool:
    """Leave the network for an empty namespace; false where that is not allowed."""
    return LINUX and seccomp.unshare_network()


def die_with_parent() -> None:
    """Have the kernel end this process as soon as the one that forked it has ended."""
    if LINUX:
        seccomp.die_with_parent()


def name(process: str) -> None:
    """What `ps -e` calls this process."""
    if LINUX:
        seccomp.rename(process)


def apply(limits: Limits, words: int | None) -> None:
    """Confine this process, for good. What its engine writes to standard error goes to `words`."""
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_STACK, 64 * _MEGABYTE)  # the parser of the engine is recursive
    _cap(resource.RLIMIT_FSIZE, limits.answer)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)  # Python's own still reaches the server's
    if words is None:
        words = os.open(os.devnull, os.O_WRONLY)
    os.dup2(words, 2)  # an engine out of memory prints pages of backtrace
    die_with_parent()
    if LINUX:
        _volunteer()
        # RLIMIT_AS would count the address space that allocators reserve and never touch.
        _cap(resource.RLIMIT_DATA, _data_bytes() + limits.memory)
    if limits.filtered:
        seccomp.deny()
    else:
        _cap(resource.RLIMIT_NOFILE, 0)


def _cap(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(kind, (amount, amount))


def _volunteer() -> None:
    """Where the machine itself runs out of memory, the kernel is to end a query first."""
    with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - a path object costs more
        file.write("1000")


def _data_bytes() -> int:
    with open("/proc/self/status") as file:  # noqa: PTH123 - as above
        for line in file:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0
