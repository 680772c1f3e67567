"""Runs a function in a fork that is confined as a child that serves is."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kg.store.embedded import confine

MEGABYTE = 1 << 20


class Ended(NamedTuple):
    """What the function returned, or the error that it raised; the exit status, and what the
    process wrote to standard error.
    """

    result: Any
    status: int
    words: str


def confined(
    work: Callable[[], object],
    *,
    readable: Iterable[Path] = (),
    before: Callable[[], object] = lambda: None,
    filtered: bool = True,
    **limits: int,
) -> Ended:
    """What comes of `work` after `before` and the confinement."""
    given = {"memory": 256 * MEGABYTE, "answer": 256 * MEGABYTE, **limits}
    words = os.memfd_create("words")

    def confined_work() -> object:
        before()
        confine.apply(confine.Limits(**given, filtered=filtered), words, readable)
        return work()

    result, status = forked(confined_work)
    said = os.pread(words, 10_000, 0).decode(errors="replace")
    os.close(words)
    return Ended(result, status, said)


def forked(work: Callable[[], object]) -> tuple[Any, int]:
    """What comes of `work` in a fork of this process, and the fork's exit status."""
    reader, writer = os.pipe()
    pid = _fork()
    if pid == 0:
        faulthandler.disable()  # pytest's
        try:
            try:
                result = work()
            except Exception as error:  # the test judges it
                result = error
            os.write(writer, pickle.dumps(result))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return pickle.loads(content) if content else None, status  # noqa: S301 - our own fork's


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest may have threads
        return os.fork()


@contextmanager
def standing() -> Iterator[int]:
    """The id of a confined child that does nothing, until the block ends."""
    ready, done = os.pipe()
    pid = _fork()
    if pid == 0:
        try:
            os.dup2(done, 3)
            os.closerange(4, 1024)  # what waits for the end of a pipe must not wait for this
            confine.apply(confine.Limits(memory=MEGABYTE, answer=MEGABYTE), None, [])
            os.write(3, b"1")
            os.close(3)
            time.sleep(60)
        finally:
            os._exit(0)
    os.close(done)
    try:
        assert os.read(ready, 1) == b"1"
        yield pid
    finally:
        os.close(ready)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
