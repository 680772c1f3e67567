"""The W3C's suites for SPARQL 1.0 and 1.1 queries and results, asked over HTTP."""

from __future__ import annotations

import csv
import io
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.w3c import comparing, suites
from tests.w3c.allowed import ALLOWED
from tests.w3c.conftest import HOW, SUITES
from tests.w3c.graphs import FreshGraph
from tests.w3c.suites import Case, path_of

MANIFESTS = (
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
    "sparql10/manifest.ttl",
)
FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if not SUITES.is_dir():
        found = [pytest.param(None, marks=pytest.mark.skip(reason=HOW), id="suites")]
    else:
        found = [
            pytest.param(case, id=case.name, marks=_marks(case))
            for each in MANIFESTS
            for case in suites.cases(SUITES / each)
        ]
    metafunc.parametrize("case", found)


def _marks(case: Case) -> list[pytest.MarkDecorator]:
    reason = ALLOWED.get(case.name)
    return [pytest.mark.xfail(reason=reason.text, strict=True)] if reason else []


def test_case(case: Case, fresh: FreshGraph, endpoint: FlaskClient) -> None:
    """The endpoint answers as the suite expects."""
    asked = Asked(case, fresh, endpoint)
    if case.kind.startswith("NegativeSyntaxTest"):
        response = asked.get("*/*")
        assert response.status_code == 400, response.text
        assert response.json["type"].endswith("problems/query-syntax")
    elif case.kind.startswith("PositiveSyntaxTest"):
        response = asked.get("*/*")
        # A function that is not there is an error of evaluation, not of syntax.
        known = response.status_code == 200 or "unknown-function" in response.json["type"]
        assert known, response.text
    elif case.kind == "CSVResultFormatTest":
        content = asked.get("text/csv").text
        assert bag(content) == bag(path_of(case.result).read_text())
    else:
        evaluate(case, asked)


def evaluate(case: Case, asked: Asked) -> None:
    assert case.result is not None
    response = asked.get(f"{JSON}, application/n-triples")
    assert response.status_code == 200, response.text
    path = path_of(case.result)
    if response.mimetype == "application/n-triples":
        found = [each.triple for each in ox.parse(response.data, format=ox.RdfFormat.N_TRIPLES)]
        assert comparing.same_graph(found, comparing.read_graph(path)), response.text
        return
    expected = comparing.read_results(path)
    for media_type in (JSON, XML, "text/tab-separated-values"):
        kind = ox.QueryResultsFormat.from_media_type(media_type)
        if isinstance(expected, bool) and kind == ox.QueryResultsFormat.TSV:
            continue  # SPARQL 1.1 CSV and TSV Formats has no form for ASK
        rows = comparing.rows_of(asked.get(media_type).data, kind)
        if isinstance(expected, bool):
            assert rows is expected
        else:
            assert isinstance(rows, list)
            assert comparing.same_rows(rows, expected, lax=case.lax), (rows, expected)


class Asked:
    """A case's query, over a store that holds the case's data."""

    def __init__(self, case: Case, fresh: FreshGraph, endpoint: FlaskClient) -> None:
        path = path_of(case.query)
        text = path.read_text("utf-8")
        graphs = (*case.data, *case.graphs)
        dataset: dict[str, list[str]] = {}
        if FROM.search(text):
            graphs = tuple(f"{path.parent.as_uri()}/{each}" for each in FROM.findall(text))
        elif graphs:
            dataset = {"default-graph-uri": list(case.data), "named-graph-uri": list(case.graphs)}
        fresh.load({each: path_of(each) for each in graphs if path_of(each).exists()})
        self._endpoint = endpoint
        self._form = {"query": f"BASE <{case.query}>\n{text}", **dataset}

    def get(self, accept: str) -> TestResponse:
        return self._endpoint.post("/sparql", data=self._form, headers={"Accept": accept})


def bag(content: str) -> list[tuple[tuple[str, str], ...]]:
    """The rows of a CSV file, columns and rows in any order, with blank nodes made alike."""
    rows = csv.DictReader(io.StringIO(content.replace("\r\n", "\n")))
    return sorted(
        tuple(
            sorted((name, "_:b" if cell.startswith("_:") else cell) for name, cell in row.items())
        )
        for row in rows
    )
