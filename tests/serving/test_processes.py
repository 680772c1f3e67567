"""Processes that are killed, told to end, or given another release, under load: who was not being
served loses nothing, and nothing is left behind.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import ROOT
from tests.endpoint.test_server import wait_until
from tests.endpoint.test_soak import family
from tests.serving.attackers import ENDLESS
from tests.serving.caller import Caller, Reply, asking
from tests.serving.releases import SAYS, switch, variant

RELEASES = 8


@dataclass
class Server:
    """A `kg serve` of its own."""

    process: subprocess.Popen[str]
    url: str
    said: Path

    def named(self, name: str) -> list[int]:
        return [each for each in family(self.process.pid) if name_of(each) == name]

    def descriptors(self) -> int:
        return len([*Path(f"/proc/{self.process.pid}/fd").iterdir()])


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text("ascii").strip()
    except OSError:
        return ""


def running(pid: int) -> bool:
    """Whether it is there and no zombie, which is its next parent's affair."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def started(project: Path, folder: Path, **environment: str) -> Iterator[Server]:
    said = folder / "stderr"
    with said.open("w") as errors, subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(project), "--port", "0"],
        stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT,
        env={**os.environ, "KG_CLIENT_SECONDS": "1e6", **environment},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        found = re.search(r"http://\S+(?=/)", process.stdout.readline())
        assert found, said.read_text()
        try:
            yield Server(process, found[0], said)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="module")
def followed(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with several releases, whose first is the current one."""
    project = tmp_path_factory.mktemp("followed") / "project"
    shutil.copytree(release.directory.parents[2], project, symlinks=True)
    for number in range(1, RELEASES + 1):
        variant(release, project / "build" / "releases", number)
    switch(project, f"releases/{1:016x}")
    return project


@dataclass
class Load:
    """What clients are answered, each of whom asks without a pause."""

    url: str
    ask: Callable[[Caller, int], Reply]
    check: Callable[[Reply], None]
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self, source: str) -> None:
        number, caller = 0, Caller(self.url, source)
        while not self.ended.is_set():
            number += 1
            start = time.monotonic()
            try:
                reply = self.ask(caller, number)
                self.outcomes[str(reply.status)] += 1
                self.check(reply)
                closed = reply.fields.get("connection") == "close"
            except AssertionError as error:
                self.faults.append(str(error))
                closed = True
            except OSError:
                self.outcomes["closed"] += 1
                closed = True
            self.taken.append(time.monotonic() - start)
            if closed:
                caller.close()
                try:
                    caller = Caller(self.url, source)
                except OSError:
                    self.outcomes["refused"] += 1
                    return
        caller.close()


@contextmanager
def loaded(
    url: str, ask: Callable[[Caller, int], Reply], check: Callable[[Reply], None], clients: int = 4
) -> Iterator[Load]:
    load = Load(url, ask, check)
    with ThreadPoolExecutor(clients) as executor:
        done = [executor.submit(load.run, f"127.0.5.{number + 1}") for number in range(clients)]
        try:
            yield load
        finally:
            load.ended.set()
        for each in done:
            each.result(timeout=30)


def mixed(caller: Caller, number: int) -> Reply:
    """A page, or a query that nobody has asked before."""
    if number % 5 == 0:
        return caller.ask(f"/page/place/sochi?x={number}", Accept="text/html")
    return caller.query(f"ASK {{ <urn:a> <urn:b> {number} }}")


def lost_at_most(reply: Reply) -> None:
    """Answered, or told to try again."""
    assert reply.status in (200, 503), reply
    if reply.status == 503:
        assert int(reply.fields["retry-after"]) > 0, reply
        assert b"engine-lost" in reply.body or b"<html" in reply.body, reply


@pytest.mark.parametrize(
    ("victim", "kills", "pause"), [("kg-child", 40, 0.1), ("kg-nursery", 2, 2)]
)
def test_kill_9_under_load(
    followed: Path, tmp_path: Path, victim: str, kills: int, pause: float
) -> None:
    """Each kill costs those who were being served an answer, and nobody else anything."""
    with started(followed, tmp_path) as server:
        with loaded(server.url, mixed, lost_at_most) as load:
            before = server.descriptors()
            for number in range(kills):
                if found := server.named(victim):
                    os.kill(found[number % len(found)], signal.SIGKILL)
                time.sleep(pause)
            wait_until(lambda: bool(server.named("kg-child")), 15)
            answered = load.outcomes["200"]
            enough = max(answered + 20, 100)  # that the kills were amid some load
            wait_until(lambda: load.outcomes["200"] > enough, 15)
        assert not load.faults
        assert load.outcomes["200"] > 100
        # One was being served at most by each child that was killed.
        lost = load.outcomes["503"] + load.outcomes["closed"]
        assert lost <= kills * (1 if victim == "kg-child" else 4 + (os.cpu_count() or 1))
        assert server.descriptors() <= before + 8
        assert server.process.poll() is None


def test_kill_9_of_the_front(followed: Path, tmp_path: Path) -> None:
    """Nothing outlives it: no nursery, no child, no writer of the log."""
    log = str(tmp_path / "log")
    with started(followed, tmp_path, KG_ACCESS_LOG=log) as server, Caller(server.url) as caller:
        assert caller.ask("/health").status == 200
        caller.send(asking(ENDLESS))
        time.sleep(0.5)
        all_ = family(server.process.pid)
        assert len(all_) >= 4
        server.process.kill()
        wait_until(lambda: not any(map(running, all_)), 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_under_load(followed: Path, tmp_path: Path, number: signal.Signals) -> None:
    """All that was sent before is answered; then nothing is left, and nothing was said."""
    with started(followed, tmp_path) as server:
        idle = Caller(server.url)
        assert idle.ask("/health").status == 200
        with loaded(server.url, mixed, lambda reply: None) as load:
            time.sleep(1)
            all_, said = family(server.process.pid), server.said.read_text()
            server.process.send_signal(number)
            assert server.process.wait(15) == 0
        assert idle.ended(1)
        idle.close()
        assert set(load.outcomes) <= {"200", "refused"}, load.outcomes
        assert load.outcomes["refused"] <= 4
        wait_until(lambda: not any(map(running, all_)), 5)
        assert server.said.read_text() == said


def test_told_twice(followed: Path, tmp_path: Path) -> None:
    """Ctrl-C once more ends it at once; who is being served is told to try again."""
    with started(followed, tmp_path) as server, Caller(server.url) as caller:
        caller.send(asking(ENDLESS))
        wait_until(lambda: b'"busy":1' in health(server.url), 5)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        start = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(10) == 0
        assert time.monotonic() - start < 3
        reply = caller.read()
        assert (reply.status, reply.slug) == (503, "engine-lost")
        assert "retry-after" in reply.fields


def health(url: str) -> bytes:
    with Caller(url) as caller:
        return caller.ask("/health").body


def told(reply: Reply) -> str:
    """Which release the graph says that it is."""
    found: str = reply.json["results"]["bindings"][0]["id"]["value"]
    return found


def test_releases_switched_under_load(followed: Path, tmp_path: Path) -> None:
    """No answer fails or mixes releases: one tag stands for one release, and each is taken up."""
    tags: dict[tuple[int, str], str] = {}
    seen: set[str] = set()

    def ask(caller: Caller, number: int) -> Reply:
        # Some are asked again and so come from the cache, some are not.
        text = f"{SAYS} # {number if number % 3 else 0}"
        reply = caller.query(text)
        release = told(reply)
        key = (number if number % 3 else 0, reply.fields["etag"])
        assert tags.setdefault(key, release) == release, (key, release)
        seen.add(release)
        return reply

    def check(reply: Reply) -> None:
        assert reply.status == 200, reply

    switch(followed, f"releases/{1:016x}")
    with started(followed, tmp_path) as server:
        before = server.descriptors()
        with loaded(server.url, ask, check, clients=3) as load:
            for number in (2, 3):
                name = f"{number:016x}"
                switch(followed, f"releases/{name}")
                wait_until(lambda name=name: name in seen, 20)  # type: ignore[misc]
        assert not load.faults
        assert set(load.outcomes) == {"200"}
        wait_until(lambda: len(server.named("kg-nursery")) == 1, 10)
        wait_until(lambda: server.descriptors() <= before + 2, 10)
        assert server.said.read_text().count("kg: serving release") == 2


def test_a_slow_query_across_a_switch(followed: Path, tmp_path: Path) -> None:
    """Its answer is the release's that it began in, and is never given for the one that follows."""
    pairs = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 7000000"
    text = (
        f"SELECT ?id (COUNT(*) AS ?n) {{ {{ {pairs} }} <urn:release> <urn:id> ?id }} GROUP BY ?id"
    )
    switch(followed, f"releases/{1:016x}")
    with started(followed, tmp_path) as server, ExitStack() as stack:
        slow, caller = (stack.enter_context(Caller(server.url, f"127.0.7.{n}")) for n in (1, 2))
        slow.send(asking(text))
        wait_until(lambda: b'"busy":1' in health(server.url), 5)
        switch(followed, f"releases/{2:016x}")
        wait_until(lambda: told(caller.query(f"{SAYS} # {time.time()}")) == f"{2:016x}", 20)
        assert not select.select([slow.socket], [], [], 0)[0], "too fast to tell"
        old = slow.read()
        new = caller.query(text)
        assert [(each.status, told(each)) for each in (old, new)] == [
            (200, f"{1:016x}"), (200, f"{2:016x}"),
        ]  # fmt: skip
        assert old.fields["etag"] != new.fields["etag"]


def test_a_release_that_cannot_be_opened(followed: Path, tmp_path: Path) -> None:
    """It leaves the old one served, with one line for each that fails; a sound one is taken up."""
    releases = followed / "build" / "releases"
    switch(followed, f"releases/{5:016x}")
    odd, cut = releases / "odd", releases / "cut"
    odd.mkdir()
    shutil.copytree(releases / f"{6:016x}", cut)
    (cut / "search.sqlite").unlink()
    with started(followed, tmp_path) as server, Caller(server.url) as caller:
        first = server.said.read_text()

        def lines() -> list[str]:
            return server.said.read_text().removeprefix(first).splitlines()

        for number, (text, target) in enumerate([
            ('{"id": "x"}', "releases/odd"), ("[" * 100_000, "releases/odd"), ("", "releases/cut"),
            ("", "releases/none"), ("", "current"),
        ]):  # fmt: skip
            if text:
                (odd / "manifest.json").unlink(missing_ok=True)
                (odd / "manifest.json").write_text(text)
            switch(followed, target)
            wait_until(lambda number=number: len(lines()) > number, 10)  # type: ignore[misc]
            assert told(caller.query(f"{SAYS} # {number}")) == f"{5:016x}"
        assert all(each.startswith("kg: the new release cannot be served: ") for each in lines())
        switch(followed, f"releases/{7:016x}")
        wait_until(lambda: told(caller.query(f"{SAYS} # {time.time()}")) == f"{7:016x}", 15)
        assert lines()[5:] == [f"kg: serving release {7:016x}"]
    for each in (odd, cut):
        shutil.rmtree(each)


def test_connections_of_a_killed_child_go_on(followed: Path, tmp_path: Path) -> None:
    """What had been sent to a child that is killed before it reads is answered by another."""
    with started(followed, tmp_path) as server, ExitStack() as stack:
        callers = [
            stack.enter_context(closing(Caller(server.url, f"127.0.6.{number}")))
            for number in range(1, 21)
        ]
        for each in callers:
            assert each.ask("/health").status == 200
        time.sleep(0.3)  # until the last is not even being served any more
        for child in server.named("kg-child"):
            os.kill(child, signal.SIGSTOP)
        for number, each in enumerate(callers):
            each.send(asking(f"ASK {{}} # {number}"))
            each.send("/health")
        for child in server.named("kg-child"):
            os.kill(child, signal.SIGKILL)
        replies = [(each.read(), each.read()) for each in callers]
        assert {each.status for both in replies for each in both} == {200}


def test_words(followed: Path, tmp_path: Path) -> None:
    """A query past its time, past its memory, one whose process was ended: each says which."""
    doubling = " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(30))
    hungry = f"SELECT (STRLEN(?a30) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?a0) {doubling} }}"
    with (
        started(followed, tmp_path, KG_QUERY_TIMEOUT="2", KG_QUERY_MEMORY="128") as server,
        Caller(server.url) as caller,
    ):
        late = caller.query(ENDLESS)
        assert (late.status, late.slug) == (503, "query-timeout")
        assert "2 s" in late.json["detail"]
    with started(followed, tmp_path, KG_QUERY_MEMORY="128") as server:
        with Caller(server.url) as caller:
            large = caller.query(hungry)
            assert (large.status, large.slug) == (503, "memory-limit")
            assert "128 MB" in large.json["detail"]
        with Caller(server.url) as caller:
            caller.send(asking(ENDLESS))
            wait_until(lambda: b'"busy":1' in health(server.url), 5)
            time.sleep(0.5)
            for child in server.named("kg-child"):
                os.kill(child, signal.SIGKILL)
            lost = caller.read()
            assert (lost.status, lost.slug) == (503, "engine-lost")
            assert "MB" not in lost.json["detail"]
            assert lost.fields["retry-after"]
