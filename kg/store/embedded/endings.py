"""How a process ended, and the error that it makes of the query which it was to answer."""

from __future__ import annotations

import signal
from typing import NamedTuple

from kg.store.errors import (
    EngineFailed,
    EngineLost,
    MemoryLimit,
    QueryError,
    QueryTimeout,
    QueryTooComplex,
)

OUT_OF_MEMORY = 12  # the exit code of a worker for which Python itself found no memory
# Signals that a process brings upon itself.
_FAULTS = {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSYS}
# How Rust and C++ say that there is none, before they abort.
_NO_MEMORY = ("memory allocation of", "bad_alloc")


class Exit(NamedTuple):
    """How a worker ended: its exit code, negative for a signal, and the last it wrote to standard
    error.
    """

    status: int
    words: str = ""


def told(status: int) -> str:
    """An exit code in words, a signal by its name."""
    if status >= 0:
        return f"ended with exit code {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def overdue(timeout: float) -> QueryError:
    """The error of a query that was ended at its deadline."""
    return QueryTimeout(
        f"The query ran for {timeout:g} s, which is its limit. "
        "Narrow it, or add a LIMIT to a subquery."
    )


def ended(how: Exit, memory: int) -> QueryError:
    """The error of a query whose worker has ended; `memory` is its limit in MB."""
    what = f"The process that ran it {told(how.status)}"
    if how.status == OUT_OF_MEMORY or (
        how.status == -signal.SIGABRT and any(each in how.words for each in _NO_MEMORY)
    ):
        return MemoryLimit(
            f"The query needed more than {memory} MB, which is its limit. Sort or group fewer rows."
        )
    if how.status == -signal.SIGSEGV:
        return QueryTooComplex(f"{what}, as where a query nests or chains too much for the engine.")
    if how.status >= 0 or -how.status in _FAULTS:
        return EngineFailed(f"{what}.")
    who = ", or by a machine out of memory" if how.status == -signal.SIGKILL else ""
    return EngineLost(f"{what}, from outside{who}. Try again soon.")
