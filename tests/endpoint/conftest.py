"""An endpoint whose limits are so low that a test meets them."""

from __future__ import annotations

import dataclasses

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from web.app import create_app


@pytest.fixture(scope="session")
def strict(release: Release, settings: Settings) -> FlaskClient:
    """A client of an endpoint with two seconds, 128 MB and 1 MB for a query."""
    pytest.skip("the server that keeps these limits is being built")
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
    return create_app(low, graph_of(release, low)).test_client()


@pytest.fixture
def forgetful(release: Release, settings: Settings) -> FlaskClient:
    """A client of an endpoint with much time and 64 MB for a query."""
    pytest.skip("the server that keeps these limits is being built")
    low = dataclasses.replace(settings, query_memory=64)
    return create_app(low, graph_of(release, low)).test_client()
