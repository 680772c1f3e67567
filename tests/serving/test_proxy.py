"""The server behind nginx, as docs/operating.md configures it: real ones, over TLS and HTTP/2."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from kg.store.release import Release
from tests.conftest import served
from tests.serving.nginx import Got, Proxy, asked, free_port, nginx

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d dip:place ?f } LIMIT 60000"
PROXIES = "127.0.0.1, 127.0.0.7"  # of loopback, so that its other addresses are clients
_NUMBERS = itertools.count()
FURTHER = ("$remote_addr;", "$proxy_add_x_forwarded_for;")  # as the page says


@dataclass(frozen=True)
class Site:
    """The server and nginx before it."""

    server: str
    proxy: Proxy
    log: Path

    def direct(self, path: str, source: str, **headers: str) -> Got:
        """What the server itself answers the client at `source`."""
        host, _, port = urlsplit(self.server).netloc.partition(":")
        with closing(HTTPConnection(host, int(port), 60, source_address=(source, 0))) as connection:
            return asked(connection, path, **headers)

    def clients(self, mark: str) -> list[str]:
        """Whom the access log names, of requests for paths with `mark`."""
        lines = map(json.loads, self.log.read_text("utf-8").splitlines())
        return [each["client"] for each in lines if mark in each.get("path", "")]

    def busy(self) -> int:
        """How many processes are at work."""
        with urllib.request.urlopen(f"{self.server}/health", timeout=10) as response:
            number: int = json.load(response)["processes"]["busy"]
            return number


@contextmanager
def behind_nginx(
    project: Path, folder: Path, *changes: tuple[str, str], **settings: str
) -> Iterator[Site]:
    log = folder / "access.jsonl"
    given = {
        "KG_CLIENT_HEADER": "x-forwarded-for",
        "KG_PROXIES": PROXIES,
        "KG_ACCESS_LOG": str(log),
        "KG_CLIENT_QUERIES": "1",
        "KG_REQUEST_TIMEOUT": "2",
        **settings,
    }
    with served(project, **given) as server, nginx(folder, server, *changes) as proxy:
        yield Site(server, proxy, log)


@pytest.fixture(scope="module")
def site(
    release: Release, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    assert release.id
    with behind_nginx(project, tmp_path_factory.mktemp("nginx")) as started:
        yield started


def query(text: str) -> str:
    return f"/sparql?query={quote(text)}"


def another() -> str:
    """A short query that no one has asked before, so that no answer is kept."""
    return query(f"ASK {{}} # {next(_NUMBERS)}")


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def running(site: Site, *clients: str, **headers: str) -> Iterator[None]:
    """Each of the clients has a query that runs, until the block ends."""
    with ExitStack() as stack:
        for number, source in enumerate(clients, 1):
            connection = stack.enter_context(closing(site.proxy.connect(source)))
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", query(f"{SLOW} # {source}"), headers=fields)
            wait_until(lambda number=number: site.busy() == number, 20)  # type: ignore[misc]
        yield
    wait_until(lambda: site.busy() == 0, 3)


def test_http_2(site: Site) -> None:
    """A client speaks HTTP/2; a query of 60 KB in the URL and one of 250 KB in the body pass."""
    long = query("ASK {} #" + "x" * 60_000)
    for path, *arguments in [
        ("/",),
        (query("ASK {}"),),
        (long,),
        ("/sparql", "--header", "Content-Type: application/sparql-query", "--data-binary", "@-"),
    ]:
        shown = "%{http_version} %{http_code}"
        done = subprocess.run(
            [*site.proxy.curl(path, *arguments), "--output", "/dev/null", "--write-out", shown],
            check=True,
            capture_output=True,
            input=b"ASK {} #" + b"x" * 250_000,
        )
        assert done.stdout == b"2 200"


def test_without_tls(site: Site) -> None:
    """Who comes without TLS is sent to where it is, method and body kept."""
    with closing(HTTPConnection("127.0.0.1", site.proxy.plain, 10)) as connection:
        got = asked(connection, "/search?q=a", Host="kg.example.org")
    assert (got.status, got.headers["location"]) == (308, "https://kg.example.org/search?q=a")


@pytest.mark.parametrize(
    ("path", "headers", "status", "slug"),
    [
        (query("x" * 70_000), {}, 414, "uri-too-long"),
        ("/", {"X_Long": "x" * 20_000}, 431, "fields-too-large"),
    ],
)
def test_what_is_too_large(
    site: Site, path: str, headers: dict[str, str], status: int, slug: str
) -> None:
    """The server refuses it itself, in its own words."""
    got = site.proxy.fetch(path, **headers)
    assert (got.status, got.headers["content-type"]) == (status, "application/problem+json")
    assert json.loads(got.body)["type"].endswith(f"/problems/{slug}")


def test_a_client_is_the_forwarded_address(site: Site) -> None:
    """A client's limits are its own, whatever it says of itself, and whichever way it comes."""
    with running(site, "127.0.0.11"):
        wait_until(lambda: site.proxy.fetch(another(), "127.0.0.11").status == 429, 10)
        for headers in (
            {},
            {"X_Forwarded_For": "203.0.113.9"},
            {"X_Forwarded_For": "203.0.113.9, 127.0.0.1"},
            {"Forwarded": "for=203.0.113.9"},
        ):
            through = site.proxy.fetch(another(), "127.0.0.11", **headers)
            direct = site.direct(another(), "127.0.0.11", **headers)
            for got in (through, direct):
                assert got.status == 429
                assert json.loads(got.body)["type"].endswith("/problems/client-limit")
                assert int(got.headers["retry-after"]) > 0
        assert site.proxy.fetch(another(), "127.0.0.12").status == 200
    assert site.proxy.fetch(another(), "127.0.0.11").status == 200


def test_whom_the_log_names(site: Site) -> None:
    """It is the one whom nginx saw, or who came by itself."""
    forged = {"X_Forwarded_For": "203.0.113.9"}
    site.proxy.fetch("/terms?through", "127.0.0.13", **forged)
    site.direct("/about?direct", "127.0.0.14", **forged)
    wait_until(lambda: site.clients("/about") != [], 10)
    assert site.clients("/terms") == ["127.0.0.13"]
    assert site.clients("/about") == ["127.0.0.14"]


def test_a_proxy_before_nginx(release: Release, project: Path, tmp_path: Path) -> None:
    """Its word counts, a stranger's does not; an IPv6 client is its /64."""
    assert release.id
    ours, theirs = "2001:db8:1:2::5", "2001:db8:1:3::5"
    with behind_nginx(project, tmp_path, FURTHER) as site:

        def status(source: str, said: str) -> int:
            return site.proxy.fetch(another(), source, X_Forwarded_For=said).status

        with running(site, "127.0.0.7", X_Forwarded_For=ours):
            wait_until(lambda: status("127.0.0.7", ours) == 429, 10)
            assert status("127.0.0.7", "2001:db8:1:2:ffff::9") == 429
            assert status("127.0.0.7", f"{theirs}, {ours}") == 429
            assert status("127.0.0.7", theirs) == 200
            assert status("127.0.0.8", ours) == 200


def test_ranges(site: Site, release: Release) -> None:
    """A dump comes whole and in parts, byte by byte as from the server itself."""
    path = f"/dumps/{next(iter(release.manifest.dumps)).name}"
    whole = site.proxy.fetch(path)
    assert whole.status == 200
    assert whole.body == site.direct(path, "127.0.0.1").body
    size, tag = len(whole.body), whole.headers["etag"]
    for asked_for, start, end in [("100-199", 100, 200), ("-50", size - 50, size)]:
        part = site.proxy.fetch(path, Range=f"bytes={asked_for}", If_Range=tag)
        assert part.status == 206
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.body == whole.body[start:end]
    assert site.proxy.fetch(path, Range=f"bytes={size}-").status == 416
    assert site.proxy.fetch(path, If_None_Match=tag).status == 304


def test_a_slow_reader(site: Site) -> None:
    """A large answer that is read for longer than `request_timeout` arrives whole; meanwhile nobody
    is kept busy by it.
    """
    expected = site.direct(query(LARGE), "127.0.0.25").body
    assert len(expected) > 8 << 20
    with closing(site.proxy.connect("127.0.0.15")) as connection:
        connection.connect()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.request("GET", query(LARGE))
        with connection.getresponse() as response:
            received = response.read(1 << 16)
            time.sleep(4)
            wait_until(lambda: site.busy() == 0, 10)
            assert site.proxy.fetch(another(), "127.0.0.15").status == 200
            received += response.read()
    assert received == expected


def test_a_client_that_leaves(site: Site) -> None:
    """Its query ends, whether the connection was nginx's alone or a stream of HTTP/2."""
    with running(site, "127.0.0.16"):
        pass  # it has waited until nobody is busy
    leaving = subprocess.Popen(site.proxy.curl(query(f"{SLOW} # 2")))
    wait_until(lambda: site.busy() == 1, 20)
    time.sleep(0.5)
    leaving.terminate()
    leaving.wait(10)
    wait_until(lambda: site.busy() == 0, 3)


def test_when_all_are_busy(release: Release, project: Path, tmp_path: Path) -> None:
    """503 comes through as the server says it, with its Retry-After."""
    assert release.id
    most = (os.cpu_count() or 1) + 1
    clients = [f"127.0.0.{31 + number}" for number in range(most)]
    limits = {"KG_QUERY_PROCESSES": "1", "KG_QUEUE_TIMEOUT": "0.5"}
    with behind_nginx(project, tmp_path, **limits) as site:
        with ExitStack() as stack:
            for each in clients:
                connection = stack.enter_context(closing(site.proxy.connect(each)))
                connection.request("GET", query(f"{SLOW} # {each}"))
            time.sleep(2)
            got = site.proxy.fetch(another(), "127.0.0.30")
        assert (got.status, got.headers["content-type"]) == (503, "application/problem+json")
        assert json.loads(got.body)["type"].endswith("/problems/busy")
        assert got.headers["retry-after"] == "2"


def test_who_takes_all(release: Release, project: Path, tmp_path: Path) -> None:
    """A client that has all children at work gives one up to another, though both come by nginx."""
    assert release.id
    most = (os.cpu_count() or 1) + 1
    limits = {"KG_QUERY_PROCESSES": "1", "KG_CLIENT_QUERIES": "8"}
    with behind_nginx(project, tmp_path, **limits) as site, ExitStack() as stack:
        taken = [
            stack.enter_context(closing(site.proxy.connect("127.0.0.31"))) for _ in range(most)
        ]
        for number, each in enumerate(taken):
            each.request("GET", query(f"{SLOW} # {number}"))
            time.sleep(0.7)
        assert site.proxy.fetch(another(), "127.0.0.30").status == 200
        given_up = taken[-1].getresponse()
        assert (given_up.status, json.load(given_up)["type"].rpartition("/")[2]) == (503, "busy")


def test_private_addresses(site: Site) -> None:
    """/metrics is for the machine itself, though nginx asks for everybody."""
    assert site.proxy.fetch("/metrics").status == 200
    assert site.proxy.fetch("/metrics", "127.0.0.17").status == 403


def test_a_restart(release: Release, project: Path, tmp_path: Path) -> None:
    """A server that is started again loses no request but those that come meanwhile, and these are
    told to come again.
    """
    assert release.id
    port = str(free_port())
    answers: list[Got] = []
    with nginx(tmp_path, f"http://127.0.0.1:{port}") as proxy, ThreadPoolExecutor() as executor:
        stop = False

        def ask() -> None:
            while not stop:
                answers.append(proxy.fetch(another()))
                time.sleep(0.02)

        try:
            with served(project, "--port", port):
                readers = [executor.submit(ask) for _ in range(2)]
                wait_until(lambda: len(answers) > 50, 60)
            first = len(answers)
            assert proxy.fetch("/").status == 503
            with served(project, "--port", port):
                wait_until(lambda: sum(each.status == 200 for each in answers[first:]) > 50, 60)
        finally:
            stop = True
        for each in readers:
            each.result()
    assert {each.status for each in answers} == {200, 503}
    for each in answers:
        if each.status == 503:
            assert each.headers["retry-after"] == "5"
            assert each.headers["content-type"] == "application/problem+json"
            assert json.loads(each.body)["status"] == 503
