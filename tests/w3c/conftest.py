"""Finds the W3C suites and makes a test of each of their cases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from tests.w3c.graphs import FreshGraph
from web.app import create_app

ROOT = Path(__file__).parents[2]
SUITES = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "data" / "rdf-tests" / "sparql"
HOW = (
    f"{SUITES} is absent; get it by: git clone --depth 1 https://github.com/w3c/rdf-tests "
    "SHARED/data/rdf-tests, and set KG_SHARED=SHARED"
)


@pytest.fixture(scope="session")
def fresh() -> FreshGraph:
    return FreshGraph(Settings())


@pytest.fixture(scope="session")
def endpoint(fresh: FreshGraph) -> FlaskClient:
    """A client of the app over `fresh`."""
    return create_app(Settings(client_seconds=1e9), fresh).test_client()


@pytest.fixture(scope="session")
def suites() -> Path:
    if not SUITES.is_dir():
        pytest.skip(HOW)
    return SUITES
