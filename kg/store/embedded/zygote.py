"""The process that opens a release and forks children from it.

Run as `python -m kg.store.embedded.zygote CONFIG`. It has one thread and
does nothing else, so that a fork of it is safe and a child is there within milliseconds, sharing
the release's pages in memory.
A child answers queries, or it runs the program that the server names: one that asks so many of its
own that it had better stand beside the store.
It ends when its control socket closes, and its children end with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from kg.model.settings import Settings
from kg.store.embedded import confine, resident, worker
from kg.store.embedded.beside import Beside
from kg.store.embedded.frames import Frame, receive, send
from kg.store.release import Release

_PATIENCE = 1.0  # seconds that an idle child has to end, once its socket is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the server tells the zygote: where the release is, and what its children may use.

    `program` is the name of a module with `prepare(settings, graph)`, which gives what answers
    the requests of a child; empty: there is none.
    """

    release: Path
    control: int
    in_memory: bool
    prefixes: Mapping[str, str]
    limits: confine.Limits
    settings: Settings
    program: str = ""

    @property
    def store(self) -> Path:
        return self.release / "store"

    def dumps(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def loads(cls, text: str) -> Config:
        fields = json.loads(text)
        settings = fields["settings"]
        made = {
            "release": Path(fields["release"]),
            "limits": confine.Limits(**fields["limits"]),
            "settings": Settings(**{**settings, "directory": Path(settings["directory"])}),
        }
        return cls(**{**fields, **made})


class Program(NamedTuple):
    """A program that is ready to run, but for the store of its graph."""

    graph: Beside
    respond: Callable[[Frame], Frame]

    @classmethod
    def prepare(cls, config: Config) -> Program:
        graph = Beside(Release.open(config.release), config.settings)
        module = importlib.import_module(config.program)
        return cls(graph, module.prepare(config.settings, graph))


def main(config: Config) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server, which closes us
    control = socket.socket(fileno=config.control)
    start = time.perf_counter()
    memory = resident.load(config.store) if config.in_memory else None
    program = Program.prepare(config) if config.program else None
    gc.freeze()  # the collector must not write to pages that children share
    resident.settle()
    network = confine.drop_network()
    send(control, Frame({"seconds": time.perf_counter() - start, "network": network}))
    while (request := receive(control)) is not None:
        if request.descriptor is not None:
            wanted = program if request.fields["program"] else None
            _fork(config, control, memory, request.descriptor, wanted)
        else:
            _end(control, request.fields["end"], request.fields["kill"])
    _wait_for_children(_PATIENCE)


def _wait_for_children(seconds: float) -> None:
    """Let idle children end by themselves; the others end with this process."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)


def _fork(
    config: Config,
    control: socket.socket,
    memory: Store | None,
    descriptor: int,
    program: Program | None,
) -> None:
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        _child(config, memory, socket.socket(fileno=descriptor), zygote, program)
    os.close(descriptor)
    send(control, Frame({"pid": pid}))


def _child(
    config: Config,
    memory: Store | None,
    channel: socket.socket,
    zygote: int,
    program: Program | None,
) -> None:
    try:
        store = memory or Store.read_only(str(config.store))
        confine.child(config.limits, quiet=program is None)
        if os.getppid() != zygote:  # which ended before its end could be this process's
            return
        desk = worker.Desk(store, config.prefixes, spooled=config.limits.spooled)
        if program:
            program.graph.open(desk.answer)
        worker.serve(channel, program.respond if program else desk.answer)
    finally:
        os._exit(0)


def _end(control: socket.socket, pid: int, kill: bool) -> None:
    """Reap a child; kill it where its work is not wanted any more, or it does not end by itself.

    It may be gone already: unreaped until now, its id names no other process.
    """
    deadline = time.monotonic() + (0.0 if kill else _PATIENCE)
    ended, status = os.waitpid(pid, os.WNOHANG)
    while not ended and time.monotonic() < deadline:
        time.sleep(0.001)
        ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
    send(control, Frame({"status": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main(Config.loads(sys.argv[1]))
