"""`make long`: half an hour of what tests/serving tries in seconds, with full numbers.

python -m tests.serving.long [SHARE]

SHARE, 1 unless given, is the part of the numbers and times that is tried. It prints a row for each
trial, and ends with 1 where a request failed or something was left behind. Times mean something on
a calm machine alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from kg.build import pipeline
from kg.model.settings import Settings
from tests.conftest import copy_of_project
from tests.endpoint.test_server import wait_until
from tests.endpoint.test_soak import family, megabytes
from tests.serving.attackers import attacked
from tests.serving.caller import Caller, Reply, asking
from tests.serving.releases import SAYS, switch, variant
from tests.serving.test_processes import Server, loaded, lost_at_most, mixed, started, told

BESIDE = {"killers": 8, "digits": 8, "dots": 8, "quotes": 8, "backslashes": 8, "spaces": 8,
          "fields": 8, "reconcile": 20, "timeline": 60}  # fmt: skip
HELD = {"silent": 600, "half": 600, "http2": 600, "idle": 2000, "readers": 400}
RELEASES = 20
PATHS = (asking("ASK {} #") + "{}", "/page/place/sochi?x={}", "/search?q=sochi&x={}", "/health",
         asking("SELECT ?label { ?v a dip:Visit ; rdfs:label ?label } #") + "{}",
         asking("ASK {}"), "/page/place/sochi")  # fmt: skip


class Long:
    """The trials, one after the other; `failures` counts what should not have been."""

    def __init__(self, project: Path, folder: Path, share: float) -> None:
        self._project = project
        self._folder = folder
        self._share = share
        self.failures = 0

    def run(self) -> None:
        say("trial", "requests", "failed", "p50 ms", "p99 ms", "longest ms", "memory MB", "and")
        say(*["---"] * 8)
        for kind, connections in BESIDE.items():
            self.beside(kind, connections)
        self.held()
        self.killed()
        self.switched()
        self.soak()

    def count(self, number: int) -> int:
        return max(1, round(number * self._share))

    def row(self, trial: str, taken: list[float], failed: int, server: Server, more: str) -> None:
        self.failures += failed
        ordered = sorted(taken) or [0.0]
        at = (ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1])
        times = [f"{1000 * each:.1f}" for each in at]
        say(trial, len(taken), failed, *times, f"{megabytes(server.process.pid):.0f}", more)

    def beside(self, kind: str, connections: int) -> None:
        """Good requests beside an attack."""
        with started(self._project, self._folder, KG_CLIENT_SECONDS="60") as server:
            taken: list[float] = []
            statuses: Counter[int] = Counter()
            with attacked(server.url, kind, connections) as attack:
                time.sleep(1)
                for reply in good(server.url, self.count(10_000 if kind == "killers" else 2_000)):
                    taken.append(reply.seconds)
                    statuses[reply.status] += 1
            failed = len(taken) - statuses[200]
            self.row(f"beside {connections} × {kind}", taken, failed, server, str(attack.statuses))

    def held(self) -> None:
        """Health, beside connections that only take room."""
        with (
            started(self._project, self._folder, KG_CLIENT_SECONDS="60") as server,
            ExitStack() as stack,
        ):
            before, peak, taken, failed = server.descriptors(), 0.0, [], 0
            for kind, number in HELD.items():
                stack.enter_context(attacked(server.url, kind, self.count(number)))
                for _ in range(20):
                    with Caller(server.url, "127.0.0.2") as caller:
                        reply = caller.ask("/health")
                    taken.append(reply.seconds)
                    failed += reply.status != 200 or reply.seconds > 1
                peak = max(peak, megabytes(server.process.pid))
            most = server.descriptors()
            stack.close()
            time.sleep(5)
            after = server.descriptors()
            failed += after > before + 8
            more = f"descriptors {before}, {most}, {after}; peak {peak:.0f} MB"
            self.row(f"beside {HELD}", taken, failed, server, more)

    def killed(self) -> None:
        """kill -9 of children, and now and then of the nursery, under load."""
        with started(self._project, self._folder) as server:
            before, kills = server.descriptors(), 0
            with loaded(server.url, mixed, lost_at_most) as load:
                until = time.monotonic() + self.count(120)
                while time.monotonic() < until:
                    name = "kg-nursery" if kills % 50 == 49 else "kg-child"
                    if found := server.named(name):
                        os.kill(found[kills % len(found)], signal.SIGKILL)
                        kills += 1
                    time.sleep(0.1)
                time.sleep(5)
            after = server.descriptors()
            failed = len(load.faults) + (after > before + 8) + (server.process.poll() is not None)
            more = f"{kills} killed: {dict(load.outcomes)}; descriptors {before}, {after}"
            self.row("kill -9", load.taken, failed, server, more + "".join(load.faults[:1]))
            failed = self.ended(server)
            self.row("SIGTERM", [], failed, server, "")

    def ended(self, server: Server) -> int:
        """What is wrong with how it ends under load."""
        with loaded(server.url, mixed, lambda _: None) as load:
            time.sleep(1)
            all_ = family(server.process.pid)
            server.process.send_signal(signal.SIGTERM)
            code = server.process.wait(15)
        time.sleep(1)
        return (code != 0) + bool(set(load.outcomes) - {"200", "refused"}) + sum(map(alive, all_))

    def switched(self) -> None:
        """Releases that follow one another under load."""
        tags: dict[tuple[int, str], str] = {}
        seen: set[str] = set()

        def ask(caller: Caller, number: int) -> Reply:
            kept = number if number % 3 else 0
            reply = caller.query(f"{SAYS} # {kept}")
            seen.add(told(reply))
            assert tags.setdefault((kept, reply.fields["etag"]), told(reply)) == told(reply)
            return reply

        def check(reply: Reply) -> None:
            assert reply.status == 200, reply

        with started(self._project, self._folder) as server:
            before, slowest = server.descriptors(), 0.0
            with loaded(server.url, ask, check) as load:
                for number in range(1, self.count(RELEASES) + 1):
                    start, name = time.monotonic(), f"{number:016x}"
                    switch(self._project, f"releases/{name}")
                    wait_until(lambda name=name: name in seen, 30)  # type: ignore[misc]
                    slowest = max(slowest, time.monotonic() - start)
            time.sleep(3)
            after = server.descriptors()
            more = f"taken up within {slowest:.1f} s; descriptors {before}, {after}"
            failed = len(load.faults) + (after > before + 4)
            self.row(f"{self.count(RELEASES)} releases", load.taken, failed, server, more)

    def soak(self) -> None:
        """Mixed load, killers among it; memory and descriptors at each tenth."""
        with started(self._project, self._folder) as server:
            taken: list[float] = []
            failed, notes = 0, []
            with attacked(server.url, "killers", 4), attacked(server.url, "idle", 100):
                for _ in range(10):
                    until = time.monotonic() + self.count(600) / 10
                    while time.monotonic() < until:
                        for reply in good(server.url, 50):
                            taken.append(reply.seconds)
                            failed += reply.status != 200
                    notes.append(f"{megabytes(server.process.pid):.0f}/{server.descriptors()}")
            self.row("soak", taken, failed, server, f"MB/descriptors {' '.join(notes)}")


def good(server: str, number: int) -> Iterator[Reply]:
    """Answers to requests of all kinds; one that fails has status 0."""
    caller = Caller(server, "127.0.0.2")
    for each in range(number):
        start = time.monotonic()
        path = PATHS[each % len(PATHS)].format(f"{time.time_ns()}")
        try:
            yield caller.ask(path, Accept="text/html" if path.startswith(("/page", "/search"))
                             else "application/json")  # fmt: skip
        except OSError as error:
            yield Reply(0, {}, str(error).encode(), time.monotonic() - start)
            caller.close()
            caller = Caller(server, "127.0.0.2")
        time.sleep(0.002)
    caller.close()


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def say(*cells: object) -> None:
    print(f"| {' | '.join(str(each).replace('|', '/') for each in cells)} |", flush=True)  # noqa: T201 - it is what `make long` is for


def main(share: float) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        project.mkdir()
        release = pipeline.build(Settings.load(copy_of_project(project)))
        for number in range(1, RELEASES + 1):
            variant(release, project / "build" / "releases", number)
        trials = Long(project, folder, share)
        trials.run()
    print(json.dumps({"failures": trials.failures}))  # noqa: T201 - likewise
    return int(trials.failures > 0)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else 1.0))
