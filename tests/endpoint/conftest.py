"""An endpoint whose limits are so low that a test meets them: a server, since it keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from kg.store.release import Release
from tests.conftest import client_of, served
from tests.http_client import http_client


@pytest.fixture(params=["flask", "server", "unfiltered"])
def client(request: pytest.FixtureRequest) -> Client:
    """A client of the app itself, of a live server, and of one without the kernel's filters."""
    return client_of(request.param, request)


@pytest.fixture(scope="session")
def strict(release: Release, project: Path) -> Iterator[Client]:
    """A client of an endpoint with two seconds, 128 MB and 1 MB for a query."""
    assert release.id
    with served(
        project,
        KG_QUERY_TIMEOUT="2",
        KG_QUERY_MEMORY="128",
        KG_RESULT_SIZE="1",
        KG_QUERY_BYTES="30000",
        KG_QUERY_PROCESSES="2",
        KG_QUERY_QUEUE="1",
        KG_QUEUE_TIMEOUT="0.3",
        KG_CLIENT_QUERIES="3",
    ) as url:
        yield http_client(url)


@pytest.fixture(scope="session")
def forgetful(release: Release, project: Path) -> Iterator[Client]:
    """A client of an endpoint with much time and 64 MB for a query."""
    assert release.id
    with served(project, KG_QUERY_MEMORY="64") as url:
        yield http_client(url)
