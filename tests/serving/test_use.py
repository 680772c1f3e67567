"""What one client may use, and what is made once: over HTTP, of a live server."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from kg.store.release import Release

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Serving = Callable[..., str]


class Got(NamedTuple):
    """A response; its header fields by their names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def kind(self) -> str:
        return str(self.problem["type"]).rpartition("/")[2]


class Client:
    """A connection to `server` from an address of this machine, each of which is a client."""

    def __init__(self, server: str, address: str = "127.0.0.1") -> None:
        self._connection = http.client.HTTPConnection(
            server.removeprefix("http://"), timeout=20, source_address=(address, 0)
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str, **headers: str) -> Got:
        self._connection.request("GET", path, headers=headers)
        with self._connection.getresponse() as response:
            named = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, named, response.read())

    def ask(self, query: str, accept: str = "*/*", **parameters: str) -> Got:
        return self.get(f"/sparql?{urlencode({'query': query, **parameters})}", Accept=accept)


def hits(client: Client) -> float:
    lines = client.get("/metrics").body.decode().splitlines()
    return next(float(x.split()[1]) for x in lines if x.startswith("chancery_cache_hits_total"))


def ask(server: str, address: str, query: str) -> Got:
    with Client(server, address) as client:
        return client.ask(query)


def test_repeated_answers_come_from_the_cache(server: str) -> None:
    """What is asked again on a connection is kept soon, and is the same to the last field."""
    with Client(server) as client, Client(server) as watcher:
        before = hits(watcher)
        found = [client.ask("SELECT * { ?s a dip:Visit } # only here") for _ in range(6)]
        assert hits(watcher) >= before + 3
    for each in found:
        each.headers.pop("date")
        assert each == found[0]
    assert found[0].status == 200
    assert json.loads(found[0].body)["head"]["vars"] == ["s"]


def test_queries_of_one_client(serving: Serving, release: Release, project: Path) -> None:
    """A client that floods gets 429 with Retry-After; the others are served on."""
    assert release.id
    server = serving(project, KG_CLIENT_QUERIES="3", KG_QUERY_TIMEOUT="2")
    with ThreadPoolExecutor(12) as threads:
        flood = [threads.submit(ask, server, "127.0.0.2", SLOW) for _ in range(12)]
        time.sleep(1)
        start = time.monotonic()
        other = ask(server, "127.0.0.3", "ASK {}")
        waited = time.monotonic() - start
        found = [each.result() for each in flood]
    assert other.status == 200
    assert waited < 1
    refused = [each for each in found if each.status == 429]
    assert len(refused) >= 6
    for each in refused:
        assert each.kind == "client-limit"
        assert each.headers["content-type"] == "application/problem+json"
        assert int(each.headers["retry-after"]) > 0
    assert {each.kind for each in found if each.status != 429} == {"query-timeout"}


def test_seconds_of_one_client(serving: Serving, release: Release, project: Path) -> None:
    """A client that has computed for its minute waits as long as it is told; nobody else does, and
    whoever watches the server is answered.
    """
    assert release.id
    server = serving(project, KG_CLIENT_SECONDS="0.5", KG_QUERY_TIMEOUT="1")
    found = (ask(server, "127.0.0.2", SLOW) for _ in range(20))  # on a busy machine more are needed
    refused = next(each for each in found if each.kind != "query-timeout")
    assert (refused.status, refused.kind) == (429, "client-limit")
    assert 0 < int(refused.headers["retry-after"]) <= 61
    with Client(server, "127.0.0.2") as watcher:
        assert watcher.get("/health").status == 200
    assert ask(server, "127.0.0.3", "ASK {}").status == 200


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_a_shorter_time(server: str, accept: str) -> None:
    """`timeout=` ends a query sooner, for data and for the page."""
    start = time.monotonic()
    with Client(server) as client:
        found = client.ask(SLOW, accept, timeout="0.4")
    assert time.monotonic() - start < 2
    assert found.status == 503
    assert b"0.4 s" in found.body


def test_little_memory_on_disk(serving: Serving, release: Release, project: Path) -> None:
    """What an open store takes does not count against a query, which may have next to nothing."""
    assert release.id
    server = serving(project, KG_STORE_MEMORY="0", KG_QUERY_MEMORY="4", KG_CACHE_SIZE="1")
    got = ask(server, "127.0.0.1", "ASK {}")
    assert (got.status, json.loads(got.body)["boolean"]) == (200, True)
