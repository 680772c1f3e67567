"""What one client may use, and what is made once: over HTTP, of a live server."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.serving.caller import Caller, Reply, asking

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Serving = Callable[..., str]


def hits(caller: Caller) -> float:
    lines = caller.ask("/metrics").body.decode().splitlines()
    return next(float(x.split()[1]) for x in lines if x.startswith("chancery_cache_hits_total"))


def ask(server: str, address: str, query: str) -> Reply:
    with Caller(server, address) as caller:
        return caller.query(query)


def test_repeated_answers_come_from_the_cache(server: str) -> None:
    """What is asked again on a connection is kept soon, and is the same to the last field."""
    with Caller(server) as caller, Caller(server) as watcher:
        before = hits(watcher)
        found = [caller.query("SELECT * { ?s a dip:Visit } # only here") for _ in range(6)]
        assert hits(watcher) >= before + 3
    whole = [(each.status, {**each.fields, "date": ""}, each.body) for each in found]
    assert whole == [whole[0]] * 6
    assert found[0].status == 200
    assert found[0].json["head"]["vars"] == ["s"]


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
        assert each.slug == "client-limit"
        assert each.fields["content-type"] == "application/problem+json"
        assert int(each.fields["retry-after"]) > 0
    assert {each.slug for each in found if each.status != 429} == {"query-timeout"}


def test_seconds_of_one_client(serving: Serving, release: Release, project: Path) -> None:
    """A client that has computed for its minute waits as long as it is told; nobody else does, and
    whoever watches the server is answered.
    """
    assert release.id
    server = serving(project, KG_CLIENT_SECONDS="0.5", KG_QUERY_TIMEOUT="1")
    found = (ask(server, "127.0.0.2", SLOW) for _ in range(20))  # on a busy machine more are needed
    refused = next(each for each in found if each.slug != "query-timeout")
    assert (refused.status, refused.slug) == (429, "client-limit")
    assert 0 < int(refused.fields["retry-after"]) <= 61
    with Caller(server, "127.0.0.2") as watcher:
        assert watcher.ask("/health").status == 200
    assert ask(server, "127.0.0.3", "ASK {}").status == 200


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_a_shorter_time(server: str, accept: str) -> None:
    """`timeout=` ends a query sooner, for data and for the page."""
    start = time.monotonic()
    with Caller(server) as caller:
        found = caller.ask(asking(SLOW, timeout="0.4"), Accept=accept)
    assert time.monotonic() - start < 2
    assert found.status == 503
    assert b"0.4 s" in found.body


def test_little_memory_on_disk(serving: Serving, release: Release, project: Path) -> None:
    """What an open store takes does not count against a query, which may have next to nothing."""
    assert release.id
    server = serving(project, KG_STORE_MEMORY="0", KG_QUERY_MEMORY="4", KG_CACHE_SIZE="1")
    got = ask(server, "127.0.0.1", "ASK {}")
    assert (got.status, got.json["boolean"]) == (200, True)
