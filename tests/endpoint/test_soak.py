"""Good requests among killers: none fails, none waits long, nothing is left behind."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from kg.store.release import Release
from tests.conftest import ROOT
from tests.endpoint.test_server import _children, _pid, wait_until

MEMORY, PROCESSES, BASE = 256, 12, 600  # megabytes of a query; queries at once; megabytes at rest


def family(pid: int) -> list[int]:
    return [pid, *(each for child in _children(pid) for each in family(child))]


def megabytes(pid: int) -> float:
    """Memory of a process and its descendants, shared pages counted once (PSS)."""
    total = 0
    for each in family(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(x.split()[1]) for x in rollup.splitlines() if x.startswith("Pss:"))
    return total / 1024


def zombies(pid: int) -> list[int]:
    states = {each: Path(f"/proc/{each}/stat").read_text() for each in family(pid)}
    return [each for each, state in states.items() if state.rpartition(")")[2].split()[0] == "Z"]


@pytest.mark.parametrize(
    ("requests", "slowest"),
    [
        pytest.param(300, 2.0, id="short"),
        pytest.param(10_000, 0.25, id="full", marks=pytest.mark.soak),
    ],
)
def test_good_requests_among_killers(
    serving: Callable[..., str], release: Release, project: Path, requests: int, slowest: float
) -> None:
    """With eight killers at work, good requests are answered fast, and memory stays capped."""
    server = serving(
        project,
        KG_QUERY_TIMEOUT="5",
        KG_QUERY_MEMORY=str(MEMORY),
        KG_QUERY_PROCESSES=str(PROCESSES),
    )
    pid = _pid(server)
    killers = subprocess.Popen(
        [sys.executable, "-m", "tests.endpoint.killers", server, str(max(8, requests / 40))],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    peaks = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            peaks.append(megabytes(pid))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        time.sleep(1.5)
        took, statuses = good(server, requests)
    finally:
        killers.kill() if requests > 300 else killers.wait()
        done.set()
        watching.join()
        killers.communicate()
    assert statuses == {200}
    p99 = sorted(took)[len(took) * 99 // 100]
    print(f"{requests} requests: p99 {1000 * p99:.0f} ms, peak {max(peaks):.0f} MB")  # noqa: T201 - with -s, the figures
    assert p99 < slowest
    assert max(peaks) < BASE + PROCESSES * MEMORY
    wait_until(lambda: not zombies(pid), 10)
    wait_until(lambda: len(family(pid)) <= 2 + 2 * 8, 10)


def good(server: str, requests: int) -> tuple[list[float], set[int]]:
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    took, statuses = [], set()
    for number in range(requests):
        start = time.perf_counter()
        query = quote(f"SELECT ?label {{ ?v a dip:Visit ; rdfs:label ?label }} # {number}")
        connection.request("GET", f"/sparql?query={query}")
        response = connection.getresponse()
        response.read()
        took.append(time.perf_counter() - start)
        statuses.add(response.status)
    connection.close()
    return took, statuses
