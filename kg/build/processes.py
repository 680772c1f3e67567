"""The processes that a build takes help from, none of which outlives it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import (
    active_children,
    forkserver,
    get_context,
    parent_process,
    resource_tracker,
)
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from threading import Thread

from kg.model.errors import ChanceryError
from kg.store.embedded import confine

PROCESSES = 2

_SAFE = "PYTHONSAFEPATH"
_PATIENCE = 10  # seconds for a process to end once it has said its last word


class HelperDied(ChanceryError):
    """A process of the build ended without a word: killed, or out of memory."""


def ended(process: BaseProcess) -> str:
    """How a process that has nothing more to say ended: what killed it, or its status."""
    process.join(_PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        return "did not end and was killed"
    if process.exitcode >= 0:
        return f"ended with status {process.exitcode}"
    name = signal.Signals(-process.exitcode).name
    hint = " (the system does so where memory runs out)" if name == "SIGKILL" else ""
    return f"was killed by {name}{hint}"


def prepare() -> None:
    """Have the processes import what they need on the other core, while this one does the rest."""
    helpers()
    with _isolated(), _interrupts_held_back():
        forkserver.ensure_running()


@contextmanager
def both_cores() -> Iterator[Executor]:
    """Processes that may use Oxigraph; what is left of a failed run is not waited for.

    Raises:
        HelperDied: one of them was killed.
    """
    prepare()
    others, started = active_children(), list[BaseProcess]()
    pool = ProcessPoolExecutor(PROCESSES, helpers(), die_with_parent)
    try:
        for _ in range(PROCESSES):
            pool.submit(os.getpid)  # starts one; else each would start with the work that needs it
        started = [each for each in active_children() if each not in others]
        yield pool
    except BaseException as error:
        died = [each for each in started if each.exitcode not in {None, -signal.SIGTERM}]
        # One that starts while the pool breaks would wait for work, and the pool for it, for good.
        for each in active_children():
            if each not in others:
                each.kill()
        if isinstance(error, BrokenProcessPool):
            how = ended(died[0]) if died else "ended without a word"
            raise HelperDied(f"a process of the build {how}; nothing was released") from None
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def helpers() -> ForkServerContext:
    """Where processes for Oxigraph come from.

    Never forked from here: its threads, once they ran in this process, are not in a fork, which
    then waits for them without end. A server that has read our modules, and no more, forks them.
    """
    context = get_context("forkserver")
    # Each process imports the main program again, as a rule the command.
    context.set_forkserver_preload(["kg.build.assemble", "kg.build.questions", "kg.cli"])
    return context


@contextmanager
def _isolated() -> Iterator[None]:
    """Keep the current directory from the path of what is started meanwhile: a file there would
    stand for a library's module. (`python -c` puts it first; PYTHONSAFEPATH is what -P is.)
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal, and is for the first one, which ends the rest.

    One that is started meanwhile never hears of it: it inherits that the signal is blocked.
    """
    resource_tracker.ensure_running()  # which otherwise is started inside, and unblocks
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent() -> None:
    """In a spawned process: end when the process that spawned it has ended, even by SIGKILL."""
    confine.name("kg-build")
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
