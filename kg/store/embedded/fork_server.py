"""The process that opens a release and forks workers from it.

Run as `python -P -m kg.store.embedded.fork_server DESCRIPTOR`, which is its end of a socket pair.
It has one thread and does nothing else, so that a fork of it is safe and a worker is there within
milliseconds, sharing the release's pages in memory. A worker answers queries, or it runs the
program that the server names. The process ends when its socket closes, and its workers end with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import pickle
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from pyoxigraph import Store

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine, evaluator, opening
from kg.store.embedded.endings import OUT_OF_MEMORY
from kg.store.embedded.in_process import InProcess
from kg.store.embedded.messages import Message, receive, send
from kg.store.release import Release
from kg.store.served import Handler, Program

_PATIENCE = 1.0  # seconds that an idle worker has to end, once its socket is closed
_KILLED = 10.0  # seconds in which the kernel ends a process that is killed
_FIRST = 2000  # bytes, of what a worker's engine wrote to standard error
_DAMAGE = ("Corruption", "No such file", "does not exist")  # as RocksDB says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the server tells its fork server: the release, and what the workers may use."""

    release: Path
    in_memory: bool
    prefixes: Mapping[str, str]
    limits: confine.Limits
    settings: Settings
    program: Program | None = None

    @property
    def store(self) -> Path:
        return self.release / "store"


# By a worker's id, the file that its engine's standard error goes to.
Words = dict[int, int | None]


class Prepared(NamedTuple):
    """A program that is ready to run, but for the store of its graph."""

    graph: InProcess
    handle: Handler

    def respond(self, request: Message) -> Message:
        return evaluator.packed({}, self.handle(request.body))


class Opened(NamedTuple):
    """What the workers share. Without a store in memory, each opens its own."""

    config: Config
    memory: Store | None
    program: Prepared | None


def main() -> None:
    confine.name("kg-store")
    control = socket.socket(fileno=int(sys.argv[1]))
    request = receive(control)
    if request is None:
        return
    try:
        with _ending_with(control):
            opened = _open(pickle.loads(request.body))  # noqa: S301 - it comes from the server
    except ChanceryError as error:
        send(control, Message({"error": str(error)}))
    except Exception as error:  # which the server tells who runs it
        traceback.print_exc()
        why = f"the process beside the store could not start: {type(error).__name__}: {error}"
        send(control, Message({"error": why}))
    else:
        _serve(control, opened)


def _serve(control: socket.socket, opened: Opened) -> None:
    """Fork and reap workers, as the server asks for."""
    send(control, Message({"network": confine.drop_network()}))
    words: Words = {}
    while (request := receive(control)) is not None:
        if request.descriptor is not None:
            reply = _fork(opened, control, request, words)
        else:
            reply = _end(request.fields["end"], request.fields["kill"], words)
        send(control, reply)
    _wait_for_workers(_PATIENCE)


@contextmanager
def _ending_with(control: socket.socket) -> Iterator[None]:
    """End, while the block runs, as soon as the server does.

    It sends nothing meanwhile, so a signal of its socket (fcntl(2), O_ASYNC) says that it has gone;
    SIGIO ends a process.
    """
    flags = fcntl.fcntl(control, fcntl.F_GETFL)
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(control, fcntl.F_SETFL, flags)


def _open(config: Config) -> Opened:
    """Open the release.

    Raises:
        ChanceryError: it cannot be.
    """
    memory = program = None
    try:
        if config.in_memory:
            memory = opening.load(config.store)
        else:
            opening.probe(config.store)
    except OSError as error:
        raise ChanceryError(f"the store in {config.store} could not be opened: {error}"
            f"{_advice(config.release, str(error))}") from error  # fmt: skip
    if config.program:
        graph = InProcess(Release.open(config.release), config.settings)
        program = Prepared(graph, config.program(config.settings, graph))
    gc.freeze()  # the collector must not write to pages that workers share
    opening.compact()
    return Opened(config, memory, program)


def _advice(release: Path, error: str) -> str:
    if not any(each in error for each in _DAMAGE):
        return ""
    return f"; it is damaged: delete {release} and run 'kg build'"


def _wait_for_workers(seconds: float) -> None:
    """Let idle workers end by themselves; the others end with this process."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)


def _fork(opened: Opened, control: socket.socket, request: Message, words: Words) -> Message:
    """Fork a worker, whose socket is the message's descriptor."""
    assert request.descriptor is not None  # noqa: S101 - as the caller has seen
    server = os.getpid()
    written = os.memfd_create("words", os.MFD_CLOEXEC) if confine.LINUX else None
    pid = os.fork()
    if pid == 0:
        control.close()
        channel = socket.socket(fileno=request.descriptor)
        _work(opened, channel, server, written, program=request.fields["program"])
    os.close(request.descriptor)
    words[pid] = written
    return Message({"pid": pid})


def _work(
    opened: Opened, channel: socket.socket, server: int, words: int | None, *, program: bool
) -> NoReturn:
    """In a worker: answer what comes over `channel`, until it closes."""
    code = 1
    try:
        # A handler of Python's would wait until the engine's code returns.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        config = opened.config
        confine.name("kg-page" if program else "kg-query")
        store = opened.memory or Store.read_only(str(config.store))
        confine.apply(config.limits, words, [config.release, *confine.libraries()])
        if os.getppid() != server:  # which ended before its end could be this process's
            os._exit(0)
        engine = evaluator.Evaluator(store, config.prefixes, spooled=True)
        respond = engine.evaluate
        if program and opened.program:
            opened.program.graph.open(engine.evaluate)
            respond = opened.program.respond
        evaluator.serve(channel, respond)
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    except BrokenPipeError:  # the server has gone
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _end(pid: int, kill: bool, words: Words) -> Message:
    """Reap a worker; kill it where its work is not wanted any more, or it does not end by itself.

    It may be gone already: unreaped until now, its id names no other process.
    """
    status = _reap(pid, 0.0 if kill else _PATIENCE)
    if status is None:
        os.kill(pid, signal.SIGKILL)
        status = _reap(pid, _KILLED)
    written = words.pop(pid)
    said = ""
    if written is not None:
        if status:
            said = os.pread(written, _FIRST, 0).decode(errors="replace")
        os.close(written)
    return Message({"status": -signal.SIGKILL if status is None else status, "words": said})


def _reap(pid: int, seconds: float) -> int | None:
    """The exit code of a worker that ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.001)


if __name__ == "__main__":
    main()
