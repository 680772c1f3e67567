"""An endpoint whose limits are so low that a test meets them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.embedded.engine import Engine
from kg.store.embedded.fork_server import Config
from kg.store.embedded.messages import Message, receive, send
from kg.store.embedded.processes import ForkServer, Process
from kg.store.release import Release
from tests.diplomacy import PREFIXES
from web.app import create_app

Open = Callable[..., ForkServer]
JSON = "application/sparql-results+json"


@pytest.fixture(scope="session")
def strict(release: Release, settings: Settings) -> Iterator[FlaskClient]:
    """A client of an endpoint with two seconds, 128 MB and 1 MB for a query."""
    low = dataclasses.replace(
        settings,
        query_timeout=2.0,
        query_memory=128,
        result_size=1,
        query_bytes=30_000,
        query_processes=2,
        query_queue=1,
        queue_timeout=0.3,
        client_queries=3,
    )
    engine = Engine(release, low, PREFIXES)
    yield create_app(low, engine).test_client()
    engine.close()


@pytest.fixture
def forgetful(release: Release, settings: Settings) -> Iterator[FlaskClient]:
    """A client of an endpoint with much time and 64 MB for a query."""
    low = dataclasses.replace(settings, query_memory=64)
    engine = Engine(release, low, PREFIXES)
    yield create_app(low, engine).test_client()
    engine.close()


def asked(query: str) -> Message:
    """What a worker is sent to have `query` answered."""
    fields = {"timeout": 20, "union": True, "accept": [JSON], "base": None, "bindings": [],
              "default_graphs": None, "named_graphs": None}  # fmt: skip
    return Message(fields, query.encode())


def reply(process: Process, query: str, seconds: float = 20) -> Message:
    """What a worker that no event loop drives replies to `query`."""
    process.channel.settimeout(seconds)
    send(process.channel, asked(query))
    message = receive(process.channel)
    assert message is not None
    return message


@pytest.fixture
def opened(release: Release) -> Iterator[Open]:
    """Opens a release, by default the seeds', in a fork server whose workers have these limits."""
    servers = []

    def start(
        of: Release = release, *, in_memory: bool = True, filtered: bool = True, **limits: int
    ) -> ForkServer:
        given = {"memory": 1 << 28, "answer": 1 << 28, **limits}
        config = Config(
            release=of.directory,
            in_memory=in_memory,
            prefixes={"dip": "https://w3id.org/chancery/ns#"},
            limits=confine.Limits(**given, filtered=filtered),
            settings=Settings(),
        )
        servers.append(ForkServer(config))
        return servers[-1]

    yield start
    for each in servers:
        each.close()
