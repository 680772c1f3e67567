"""An endpoint whose limits are so low that a test meets them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kg.release import Release
from kg.settings import Settings
from kg.store.engine import Engine
from kg.vocab import PREFIXES
from web.app import create_app


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
