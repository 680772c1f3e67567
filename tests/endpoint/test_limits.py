"""Limits of clients and of the queue, and what they leave alone."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store import Graph
from tests.endpoint.test_requests import assert_problem
from web.app import create_app
from web.sparql.limits import Limiter, TooMany

SLOW = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}


def at_once(client: FlaskClient, addresses: list[str]) -> list[tuple[int, str]]:
    """Status and kind of the answers to slow queries sent together."""

    def ask(address: str) -> tuple[int, str]:
        environ = {"REMOTE_ADDR": address}
        response = client.post("/sparql", data=SLOW, environ_overrides=environ)
        if response.status_code in (429, 503):
            assert response.content_type == "application/problem+json"
            waits = response.json["type"].rpartition("/")[2] in ("client-limit", "busy")
            assert ("Retry-After" in response.headers) is waits
        return response.status_code, response.json["type"].rpartition("/")[2]

    with ThreadPoolExecutor(len(addresses)) as threads:
        return list(threads.map(ask, addresses))


def test_queries_of_one_client(strict: FlaskClient) -> None:
    """A client that floods gets 429 with Retry-After; the others are served on."""
    found = at_once(strict, ["10.0.0.1"] * 6)
    assert found.count((429, "client-limit")) >= 3
    other = strict.post(
        "/sparql", data={"query": "ASK {}"}, environ_overrides={"REMOTE_ADDR": "10.0.0.2"}
    )
    assert other.status_code == 200


def test_the_queue(strict: FlaskClient) -> None:
    """With all processes at work and the queue full, a query gets 503 with Retry-After."""
    found = at_once(strict, [f"10.0.1.{i}" for i in range(6)])
    assert (503, "busy") in found
    assert (503, "query-timeout") in found
    assert strict.post("/sparql", data={"query": "ASK {}"}).status_code == 200


def test_retry_after(settings: Settings, graph: Graph) -> None:
    """A client without credit is told when to come back."""
    poor = create_app(dataclasses.replace(settings, client_seconds=1e-9), graph).test_client()
    assert poor.post("/sparql", data={"query": "ASK {}"}).status_code == 200
    response = poor.post("/sparql", data={"query": "ASK {} # again"})
    assert_problem(response, 429, "client-limit")
    assert int(response.headers["Retry-After"]) > 0


def test_credit_refills() -> None:
    """Seconds of computing are a credit that refills steadily and never past its limit."""
    now = 0.0
    limiter = Limiter(at_once=2, seconds=60.0, clock=lambda: now)
    limiter.enter("a")
    limiter.leave("a", 90.0)
    with pytest.raises(TooMany) as refused:
        limiter.enter("a")
    assert refused.value.problem.headers["Retry-After"] == "31"
    limiter.enter("b")
    now = 31.0
    limiter.enter("a")
    limiter.leave("a", 0.0)


def test_idle_clients_are_forgotten() -> None:
    """However many addresses come, the accounts kept stay few."""
    limiter = Limiter(at_once=1, seconds=60.0, clock=lambda: 0.0)
    for number in range(10_000):
        limiter.enter(str(number))
        limiter.leave(str(number), 0.0)
    assert len(limiter) <= 4096
