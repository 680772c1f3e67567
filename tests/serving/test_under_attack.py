"""Good clients beside bad ones: who means harm harms nobody else.

Bounds on time are wide, since tests share their machine with others; `make long` prints figures.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import served
from tests.endpoint.test_server import _pid, wait_until
from tests.endpoint.test_soak import family, megabytes
from tests.serving.attackers import ENDLESS, HELD, LARGE, attacked
from tests.serving.caller import JSON, Caller, asking

SLOWEST = 2.5  # seconds; on a calm machine it is tenths of one
IDLE = 2.5  # seconds, after which a connection is taken for idle
GOOD = ("/health", "/page/place/sochi?x={}", "/search?q=sochi&x={}", asking("ASK {} #") + "{}")


@pytest.fixture(scope="module")
def usual(release: Release, project: Path) -> Iterator[str]:
    """A server with the usual limits."""
    assert release.id
    with served(project) as url:
        yield url


@pytest.fixture(scope="module")
def tight(release: Release, project: Path) -> Iterator[str]:
    """A server whose limits are met soon: ten connections of a client, sixteen of all."""
    assert release.id
    with served(
        project, KG_CLIENT_CONNECTIONS="10", KG_CONNECTIONS="16", KG_REQUEST_TIMEOUT="1"
    ) as url:
        yield url


def descriptors(server: str) -> int:
    return len([*Path(f"/proc/{_pid(server)}/fd").iterdir()])


def longest(server: str, seconds: float) -> float:
    """How long a good client waits at most; all that it asks is answered."""
    slowest, until, number = 0.0, time.monotonic() + seconds, 0
    with Caller(server, "127.0.0.2") as caller:
        while time.monotonic() < until:
            number += 1
            path = GOOD[number % len(GOOD)].format(f"{until}{number}")
            reply = caller.ask(path, Accept="text/html" if "page" in path else JSON)
            assert reply.status == 200, reply
            slowest = max(slowest, reply.seconds)
    return slowest


@pytest.mark.parametrize(
    ("kind", "connections"),
    [("killers", 8), ("digits", 8), ("dots", 8), ("quotes", 8), ("spaces", 8), ("fields", 8),
     ("reconcile", 20), ("timeline", 60)],
)  # fmt: skip
def test_good_beside_bad(usual: str, kind: str, connections: int) -> None:
    """Whatever one client sends, or eight killers do, another's requests are answered, and soon."""
    with attacked(usual, kind, connections) as attack:
        assert longest(usual, 3) < SLOWEST
    assert set(attack.statuses) - {"held"} <= {
        "200", "400", "406", "408", "412", "415", "417", "429", "431", "503",
        "ConnectionError", "ConnectionResetError", "BrokenPipeError",
    }  # fmt: skip


def test_nothing_is_kept_for_free(usual: str) -> None:
    """Who sends nothing, half a request or another protocol, who idles and who takes no answer:
    health is told throughout, memory is bounded, and nothing is left once they have gone.
    """
    pid = _pid(usual)
    before, memory = descriptors(usual), megabytes(pid)
    numbers = {"silent": 60, "half": 60, "http2": 60, "idle": 200, "readers": 10}
    with ExitStack() as stack:
        for kind, number in numbers.items():
            stack.enter_context(attacked(usual, kind, number))
        for _ in range(10):
            with Caller(usual, "127.0.0.2") as caller:
                assert caller.ask("/health").seconds < SLOWEST
        assert descriptors(usual) < before + 3 * sum(numbers.values())
        assert megabytes(pid) < memory + 500
    wait_until(lambda: descriptors(usual) <= before + 4, 15)
    wait_until(lambda: len(family(pid)) <= 2 + 2 * (os.cpu_count() or 1), 15)


@pytest.mark.parametrize("pause", [0.0, IDLE])
def test_the_oldest_idle_ones_go_first(tight: str, pause: float) -> None:
    """Past a client's number of connections, and past that of all, who has been idle longest."""
    with ExitStack() as stack:

        def opened(source: str, number: int) -> list[Caller]:
            made = [stack.enter_context(Caller(tight, source)) for _ in range(number)]
            assert [each.ask("/health").status for each in made] == [200] * number
            return made

        mine = opened("127.0.3.1", 10)
        time.sleep(pause)
        mine += opened("127.0.3.1", 2)
        assert [each.ended(0.1) for each in mine[:4]] == [True, True, False, False]
        others = opened("127.0.3.2", 8)
        assert [each.ended(0.1) for each in mine[2:6]] == [True, True, False, False]
        for each in [*mine[4:], *others]:
            each.socket.settimeout(10)
            assert each.ask("/health").status == 200


@pytest.mark.parametrize(
    ("kind", "status"), [("half", 0), ("heads", 0), ("bodies", 408), ("readers", 0)]
)
def test_each_state_ends(tight: str, kind: str, status: int) -> None:
    """A request that stops within its head or its body, and a reader that stops, get no further."""
    with Caller(tight, "127.0.3.3") as caller:
        caller.socket.sendall(HELD[kind])
        if kind == "readers":
            time.sleep(3)
            with pytest.raises(ConnectionError):
                caller.read()
            return
        start = time.monotonic()
        if status:
            reply = caller.read()
            assert (reply.status, reply.slug) == (status, "request-timeout")
            assert reply.fields["connection"] == "close"
        assert caller.ended(8)
        assert time.monotonic() - start > 0.7


@pytest.mark.parametrize("pace", [0.01, 0.05, 0.125])
def test_one_byte_at_a_time_is_no_way_around(tight: str, pace: float) -> None:
    """A deadline counts from a request's first byte, not from its last."""
    with Caller(tight, "127.0.3.4") as caller:
        start = time.monotonic()
        caller.socket.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\nX-A: ")
        with suppress(ConnectionError):
            while time.monotonic() - start < 8:
                caller.socket.sendall(b"a")
                time.sleep(pace)
        assert 0.7 < time.monotonic() - start < 6


def test_a_slow_reader_gets_all(tight: str) -> None:
    """Who takes a large answer slowly, but takes it, has it whole past the deadline of a stall."""
    with Caller(tight, "127.0.3.5") as caller:
        caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        caller.send(asking(LARGE), Accept=JSON)
        received = b""
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            received += caller.socket.recv(65536)
            time.sleep(0.05)
        caller._rest = received
        assert len(caller.read().json["results"]["bindings"]) == 20_000


def test_many_addresses_do_not_take_every_child(usual: str) -> None:
    """Where all children are at long work for clients who have more of it, one who has none waits
    for none to end.
    """
    with ExitStack() as stack:
        for number in range(48):
            caller = stack.enter_context(Caller(usual, f"127.0.4.{number % 8 + 1}"))
            caller.send(asking(f"{ENDLESS} # {number}", timeout="20"))
        time.sleep(1)
        with Caller(usual, "127.0.0.2") as good:
            assert good.query("ASK {} # among them").seconds < SLOWEST
