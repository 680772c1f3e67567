"""The processes that a build takes help from, none of which outlives it."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import (
    active_children,
    forkserver,
    get_context,
    parent_process,
    resource_tracker,
)
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, cast

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


@contextmanager
def both_cores() -> Iterator[Executor]:
    """Processes that may use Oxigraph; what is left of a failed run is not waited for.

    Raises:
        HelperDied: one of them was killed.
    """
    others, started = active_children(), list[BaseProcess]()
    start = os.fstat(_said().fileno()).st_size
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
        # The second where the server that forks them has died.
        if isinstance(error, (BrokenProcessPool, EOFError, ConnectionError)):
            how = ended(died[0]) if died else "ended"
            raise HelperDied(
                f"a process of the build {how}{_last_word(start)}; nothing was released"
            ) from None
        raise
    finally:
        with suppress(RuntimeError):  # which it raises where none of its threads could start
            pool.shutdown(wait=False, cancel_futures=True)
        _wait_for(started)


def _wait_for(processes: Sequence[BaseProcess]) -> None:
    """Let them end by themselves; kill those that do not, as where they were not told to."""
    deadline = time.monotonic() + _PATIENCE
    left = {each.sentinel: each for each in processes}
    while left and (seconds := deadline - time.monotonic()) > 0:
        for each in wait(list(left), seconds):
            del left[int(cast("int", each))]
    for process in left.values():
        process.kill()


def helpers() -> ForkServerContext:
    """Where processes for Oxigraph come from.

    Never forked from here: its threads, once they ran in this process, are not in a fork, which
    then waits for them without end. A server that has read our modules, and no more, forks them.
    """
    context = get_context("forkserver")
    # Each process imports the main program again, as a rule the command.
    context.set_forkserver_preload(["kg.build.assemble", "kg.build.publish.questions", "kg.cli"])
    with _isolated(), _apart():
        forkserver.ensure_running()
    return context


def dismiss() -> None:
    """End the server that forks helpers, and what tracks their semaphores, where this process goes
    on without a build. There is no other way to: the module has none that is public.
    """
    forkserver._forkserver._stop()  # type: ignore[attr-defined] # not public, as said above
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined] # likewise


@contextmanager
def without_collector() -> Iterator[None]:
    """Facts, survey and lines hold no cycles; to look for some takes a tenth of the time.

    A process that is forked inside has no collector either.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
def _apart() -> Iterator[None]:
    """What is started meanwhile neither hears of Ctrl-C nor speaks to the user.

    Ctrl-C reaches every process of the terminal, and is for the first one, which ends the rest:
    they inherit that the signal is blocked. What they say on standard error, as Python and
    libraries do of what goes wrong, is kept: the first one tells it in a line.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    shown = os.dup(2)
    try:
        os.dup2(_said().fileno(), 2)
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which that unblocks
        yield
    finally:
        os.dup2(shown, 2)
        os.close(shown)
        # Last: a Ctrl-C that came meanwhile is raised here, and is told on standard error.
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache  # as there is one server of processes, which holds it open
def _said() -> IO[bytes]:
    said = TemporaryFile(buffering=0)  # noqa: SIM115 - it is open to the end
    atexit.register(said.close)
    return said


def _last_word(start: int) -> str:
    """The last line that a helper said since the position `start`."""
    lines = os.pread(_said().fileno(), 1 << 16, start).decode("utf-8", "replace").split("\n")
    return next((f": {each.strip()}" for each in reversed(lines) if each.strip()), "")


def die_with_parent() -> None:
    """In a spawned process: end when the process that spawned it has ended, even by SIGKILL."""
    confine.name("kg-build")
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
