"""Load: `wrk` for many small requests, one plain connection for few large ones.

wrk (Debian's package of that name) is a C program that answers for less than a tenth of a core at
the rates seen here; it runs in its own process.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.process import Server

LOOKUPS, PAGES = (Path(__file__).with_name(name) for name in ("lookup.lua", "page.lua"))


@dataclass(frozen=True)
class Load:
    """What a server made of a load: requests a second, latencies in milliseconds, failures.

    `cpu` is the processor time of a request in milliseconds, in all processes of the server; it
    depends less on what else the machine does.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    errors: int


def press(
    server: Server, script: Path, *, seconds: float, connections: int, **options: str | int
) -> Load:
    """Send the requests of a wrk script for some seconds over keep-alive connections.

    `options` reach the script as `BENCH_…` variables.
    """
    parts = urlsplit(server.url)
    environment = {f"BENCH_{name.upper()}": str(value) for name, value in options.items()}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s"]
    before = cpu(server.pid)
    done = subprocess.run(
        [*command, "--latency", "-s", script, f"{parts.scheme}://{parts.netloc}{parts.path}"],
        env={**os.environ, "BENCH_PATH": parts.path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.rpartition("RESULT ")[2])
    return Load(
        rate=told["requests"] / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        cpu=1000 * (cpu(server.pid) - before) / max(1, told["requests"]),
        errors=told["errors"],
    )


@dataclass(frozen=True)
class Fetched:
    """One large answer: seconds from the request to its last byte, status, bytes."""

    seconds: float
    status: int
    size: int
    head: bytes


def fetch(url: str, query: str, accept: str, timeout: float) -> Fetched:
    """Ask one query and read the answer to its end, keeping its first bytes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    start = time.perf_counter()
    connection.request("GET", f"{parts.path}?query={quote(query)}", headers={"Accept": accept})
    response = connection.getresponse()
    head, size = b"", 0
    while block := response.read(1 << 20):
        head = head or block[:200]
        size += len(block)
    seconds = time.perf_counter() - start
    connection.close()
    return Fetched(seconds, response.status, size, head)


class Watch:
    """The most memory, in megabytes, that a process and its children held at once."""

    def __init__(self) -> None:
        self.peak = 0.0


@contextmanager
def watching(pid: int) -> Iterator[Watch]:
    """Sample the proportional set size of the family of `pid` twenty times a second."""
    watch, over = Watch(), threading.Event()

    def sample() -> None:
        while not over.wait(0.05):
            watch.peak = max(watch.peak, memory(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def memory(pid: int) -> float:
    """Megabytes that the process and all below it hold; shared pages are counted once."""
    total = 0
    for each in family(pid):
        try:
            text = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def cpu(pid: int) -> float:
    """Seconds of processor time that the process, all below it and those that ended have had."""
    ticks = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for each in found:
        try:
            tasks = list(Path(f"/proc/{each}/task").iterdir())
            children = " ".join((task / "children").read_text() for task in tasks)
        except OSError:
            continue
        found += map(int, children.split())
    return found
