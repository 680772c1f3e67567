"""Servers as processes: started on a free port of loopback, waited for, ended by their id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Server:
    """A running server: a URL, and the process whose family it is."""

    name: str
    url: str
    pid: int


@contextmanager
def running(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a program until the block ends; its output goes to a log in `folder`."""
    program = Path(command[0])
    with (folder / f"{program.name}.log").open("wb") as log:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT if str(program) == sys.executable else folder,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ready(server: Server, path: str = "?query=ASK%7B%7D", seconds: float = 600) -> Server:
    """Wait until the server answers at all.

    Raises:
        OSError: it has not done so in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(server.url + path, timeout=5).read()
        except urllib.error.HTTPError:
            return server
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return server


def free() -> int:
    """A port that no program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
