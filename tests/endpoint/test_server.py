"""A live server: what only real sockets and processes can show."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import run_kg, served, spawn_kg

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Serving = Callable[..., str]


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, _lower(response.headers.items()), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _lower(error.headers.items()), error.read()


def _lower(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in fields}


def asked(server: str, query: str, **parameters: str) -> str:
    return f"{server}/sparql?{urllib.parse.urlencode({'query': query, **parameters})}"


def _connection(server: str) -> closing[HTTPConnection]:
    """A connection, whose requests one child answers."""
    host, port = server.removeprefix("http://").split(":")
    return closing(HTTPConnection(host, int(port), timeout=20))


def raw(server: str, data: bytes) -> bytes:
    """What the server sends back to `data`, up to its end or two seconds of silence."""
    host, port = server.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        connection.sendall(data)
        try:
            while part := connection.recv(65536):
                received += part
        except TimeoutError:
            pass
    return received


def processes(server: str) -> dict[str, int]:
    busy: dict[str, int] = json.loads(fetch(f"{server}/health")[2])["processes"]
    return busy


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_the_short_way_and_flask_agree(server: str) -> None:
    """An answer is the same the first time, from the cache, and by HEAD."""
    url = asked(server, "SELECT * { ?s a dip:Visit } ORDER BY ?s")
    first, second = fetch(url), fetch(url)
    for status, headers, body in (first, second):
        headers.pop("date", None)
        assert status == 200
        assert headers["content-type"] == "application/sparql-results+json"
        assert headers["x-content-type-options"] == "nosniff"
        assert int(headers["content-length"]) == len(body)
    assert first == second
    status, _, body = fetch(url, **{"If-None-Match": first[1]["etag"]})
    assert (status, body) == (304, b"")


def test_a_large_answer_is_whole(server: str) -> None:
    """An answer that goes out in parts has its length in advance, and all of its bytes."""
    query = "SELECT * { ?a ?b ?c . ?d dip:place ?f } LIMIT 30000"
    status, headers, body = fetch(asked(server, query))
    assert status == 200
    assert int(headers["content-length"]) == len(body) > 1 << 20
    assert len(json.loads(body)["results"]["bindings"]) == 30000


def test_a_client_that_goes(server: str) -> None:
    """The query of a client that has gone ends within a second."""
    host, port = server.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    path = asked("", SLOW)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    wait_until(lambda: processes(server)["busy"] == 1, 5)
    time.sleep(0.5)
    connection.close()
    wait_until(lambda: processes(server)["busy"] == 0, 1.5)


def test_a_body_past_the_limit(server: str) -> None:
    """A body too large gets 413 before it is read, announced or in chunks."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    announced = raw(server, head + b"Content-Length: 99999999999\r\n\r\n")
    assert announced.startswith(b"HTTP/1.1 413 ")
    assert b"content-type: application/problem+json" in announced.lower()
    assert b"/problems/request-too-large" in announced
    chunk = b"40000\r\n" + b"#" * 0x40000 + b"\r\n"
    chunked = raw(server, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 6)
    assert chunked.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "target",
    ["/%ff", "/%00", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/%ED%A0%80",
     "/static/..%2f..%2fkg.toml", "/static/%2e%2e/kg.toml", "/id/person/%0d%0aX:1"],
)  # fmt: skip
def test_hostile_paths(server: str, target: str) -> None:
    """Bytes that are no text, NUL and ways up lead nowhere."""
    answer = raw(server, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ")
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["type"].rpartition("/")[2] in ("not-found", "not-in-the-graph")


def test_faulty_requests_end_alone(server: str) -> None:
    """What is no HTTP gets 400 or a closed connection, and the next client is served."""
    for data in (b"\x00\x01\x02\r\n\r\n", b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET / HTTP/9.9\r\n\r\n", b"X" * 100_000):  # fmt: skip
        answer = raw(server, data)
        assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 505"))
    assert fetch(f"{server}/health")[0] == 200


def test_a_dying_worker_is_replaced(server: str) -> None:
    """Queries go on after every worker was killed from outside, while it had nothing to do."""
    for each in _workers(server):
        os.kill(each, signal.SIGKILL)
    statuses = {fetch(asked(server, f"ASK {{}} # after {i}"))[0] for i in range(20)}
    assert statuses <= {200, 503}
    assert fetch(asked(server, "ASK {} # at last"))[0] == 200


@pytest.mark.parametrize(
    ("number", "status", "slug", "said"),
    [
        (signal.SIGKILL, 503, "engine-lost", "ended by SIGKILL, from outside, or by a machine out"),
        (signal.SIGTERM, 503, "engine-lost", "The process that ran it was ended by SIGTERM, from"),
        (signal.SIGABRT, 500, "engine-failed", "The process that ran it was ended by SIGABRT."),
        (signal.SIGSEGV, 400, "query-too-complex", "was ended by SIGSEGV, as where a query nests"),
    ],
)
def test_what_ended_a_worker(
    server: str, number: signal.Signals, status: int, slug: str, said: str
) -> None:
    """It is named as it was: none of these had met the limit of memory."""
    with ThreadPoolExecutor() as executor:
        slow = executor.submit(fetch, asked(server, f"{SLOW} # {number}"))
        wait_until(lambda: processes(server)["busy"] == 1, 5)
        before = {each: _ticks(each) for each in _workers(server)}
        time.sleep(0.5)
        os.kill(max(before, key=lambda each: _ticks(each) - before[each]), number)
        found, headers, body = slow.result(timeout=20)
    problem = json.loads(body)
    assert (found, problem["type"].rpartition("/")[2]) == (status, slug), problem
    assert said in problem["detail"]
    assert ("retry-after" in headers) == (status == 503)


def test_a_dying_fork_server(serving: Serving, release: Release, tmp_path: Path) -> None:
    """What its workers were doing, and what comes before the next is open, is to be tried again."""
    server = serving(_copy(release, tmp_path))
    with ThreadPoolExecutor() as executor:
        slow = executor.submit(fetch, asked(server, SLOW))
        wait_until(lambda: processes(server)["busy"] == 1, 5)
        for each in _children(_pid(server)):
            os.kill(each, signal.SIGKILL)
        answers = [slow.result(timeout=20), fetch(asked(server, "ASK {} # meanwhile"))]
    for status, headers, body in answers:
        assert status in (200, 503)
        if status == 503:
            assert headers["retry-after"] == "2"
            assert json.loads(body)["type"].endswith("/problems/engine-lost")
    assert answers[0][0] == 503


def _workers(server: str) -> list[int]:
    return [worker for each in _children(_pid(server)) for worker in _children(each)]


def _ticks(pid: int) -> int:
    """The processor time of a process (proc(5), utime); 0 for one that was spare and has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])
    except OSError:
        return 0


def test_a_dying_fork_server_is_replaced(
    serving: Serving, release: Release, tmp_path: Path
) -> None:
    """When the process that the query processes come from is killed, another takes its place."""
    server = serving(_copy(release, tmp_path))
    assert fetch(asked(server, "ASK {}"))[0] == 200
    killed = _children(_pid(server))
    for each in killed:
        os.kill(each, signal.SIGKILL)
    wait_until(lambda: not set(_children(_pid(server))) & set(killed), 15)
    wait_until(lambda: json.loads(fetch(f"{server}/health")[2])["ready"] is True, 15)
    assert fetch(asked(server, "ASK {} # after"))[0] == 200


def test_a_new_release_is_taken_up(serving: Serving, release: Release, tmp_path: Path) -> None:
    """A running server follows `build/current` without dropping a request."""
    project = _copy(release, tmp_path)
    server = serving(project)
    before = json.loads(fetch(f"{server}/health")[2])["release"]
    sheet = project / "seeds" / "entities.yaml"
    sheet.write_text(sheet.read_text("utf-8") + "\ntopic/brand-new: {label: Brand new}\n", "utf-8")
    pipeline.build(Settings.load(project))
    statuses = []
    query = "ASK { ?s rdfs:label 'Brand new'@en }"
    deadline = time.monotonic() + 20
    while json.loads(fetch(f"{server}/health")[2])["release"] == before:
        status, _, body = fetch(asked(server, query))
        statuses.append((status, body))
        assert time.monotonic() < deadline, "the new release was not taken up"
    assert {status for status, _ in statuses} <= {200}
    assert json.loads(fetch(asked(server, query))[2])["boolean"] is True


@pytest.mark.parametrize(("host", "shown"), [("localhost", "127.0.0.1"), ("::1", "[::1]")])
def test_hosts(release: Release, project: Path, host: str, shown: str) -> None:
    """A name is looked up; the address that is printed can be followed."""
    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    assert release.id
    with served(project, "--host", host) as server:
        assert server.startswith(f"http://{shown}:")
        assert fetch(f"{server}/health")[0] == 200


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    ("host", "why"),
    [("nowhere.invalid", ""), ("192.0.2.1", "Cannot assign requested")],
)
def test_a_host_that_is_not_here(release: Release, project: Path, host: str, why: str) -> None:
    """A name that nobody knows, and an address of another machine: one line each."""
    assert release.id
    done = run_kg("serve", project, "--host", host, "--port", "8000")
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: cannot listen on {host}:8000: {why}")
    assert done.stderr.count("\n") == 1


def test_the_access_log(serving: Serving, release: Release, tmp_path: Path) -> None:
    """Each request is a line of JSON with what an operator needs."""
    log = tmp_path / "access.jsonl"
    server = serving(_copy(release, tmp_path), KG_ACCESS_LOG=str(log))
    with _connection(server) as connection:
        for path in (*[asked("", "ASK {}")] * 2, asked("", "ASK {"), "/health"):
            connection.request("GET", path)
            connection.getresponse().read()
    wait_until(lambda: log.exists() and len(log.read_text().splitlines()) >= 4, 5)
    first, second, third, fourth = map(json.loads, log.read_text().splitlines())
    assert set(first) == {"time", "client", "method", "path", "status", "bytes", "ms", "query",
                          "release", "engine_ms"}  # fmt: skip
    assert (first["client"], first["status"], first["path"]) == ("127.0.0.1", 200, "/sparql")
    assert second["cache"] == "hit"
    assert second["query"] == first["query"]
    assert (third["status"], third["problem"]) == (400, "query-syntax")
    assert fourth["path"] == "/health"


def test_the_access_log_is_moved_away(serving: Serving, release: Release, tmp_path: Path) -> None:
    """Rotated by a rename, it goes on in a file of the old name."""
    log, old = tmp_path / "access.jsonl", tmp_path / "access.jsonl.1"
    server = serving(_copy(release, tmp_path), KG_ACCESS_LOG=str(log))
    fetch(f"{server}/health")
    wait_until(lambda: log.stat().st_size > 0, 5)
    log.rename(old)
    fetch(f"{server}/health")
    wait_until(lambda: log.exists() and log.stat().st_size > 0, 5)
    assert [len(each.read_text("utf-8").splitlines()) for each in (old, log)] == [1, 1]


def test_an_access_log_that_cannot_be_written(release: Release, tmp_path: Path) -> None:
    """One line at the start where the file cannot be."""
    project, log = _copy(release, tmp_path), tmp_path / "absent" / "access.jsonl"
    done = spawn_kg("serve", project, "--port", "0", KG_ACCESS_LOG=str(log))
    assert done.returncode == 2
    assert done.stderr.endswith(f"kg: access_log: [Errno 2] No such file or directory: '{log}'\n")


def test_clients_behind_a_proxy(serving: Callable[..., str], project: Path) -> None:
    """With `client_header`, limits count the client that the proxy names, not its own word."""
    server = serving(project, KG_CLIENT_HEADER="X-Forwarded-For", KG_CLIENT_SECONDS="1e-9")

    def ask(query: str, named: str) -> int:
        return fetch(asked(server, query), **{"X-Forwarded-For": named})[0]

    assert ask("ASK {} # 1", "192.0.2.1") == 200
    assert ask("ASK {} # 2", "192.0.2.1") == 429
    assert ask("ASK {} # 3", "192.0.2.2") == 200
    assert ask("ASK {} # 4", "192.0.2.77, 192.0.2.2") == 429
    page = {"X-Forwarded-For": "192.0.2.2", "Accept": "text/html"}
    assert fetch(asked(server, "ASK {} # 5"), **page)[0] == 429


def test_nobody_names_himself(serving: Callable[..., str], project: Path) -> None:
    """Without `client_header` such a header is a claim of the client's, and counts for nothing."""
    server = serving(project, KG_CLIENT_SECONDS="1e-9")
    statuses = [
        fetch(asked(server, f"ASK {{}} # {i}"), **{"X-Forwarded-For": f"192.0.2.{i}"})[0]
        for i in range(2)
    ]
    assert statuses == [200, 429]


def test_a_port_in_use(server: str, project: Path) -> None:
    """A second server on the same port ends with one clear line."""
    port = server.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", str(project), "--port", port],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"port {port} of 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def _copy(release: Release, tmp_path: Path) -> Path:
    """A project of its own with the same release."""
    project = tmp_path / "project"
    source = release.directory.parents[2]
    shutil.copytree(source, project, symlinks=True)
    return project


def _pid(server: str) -> int:
    """The process that listens at `server`."""
    port = int(server.rpartition(":")[2])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {
        row[9] for row in rows if int(row[1].rpartition(":")[2], 16) == port and row[3] == "0A"
    }
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(entry.readlink()).removeprefix("socket:[").rstrip("]") in inodes:
                return int(entry.parts[2])
        except OSError:
            continue
    raise AssertionError("no process listens there")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(FileNotFoundError):  # it has ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found
