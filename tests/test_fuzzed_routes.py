"""schemathesis over every route of the live server: whatever it sends, the fault is never ours."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from werkzeug.routing import Rule

from tests.test_every_address import PARAMETERS, SAMPLES

OWN = (429, 503)  # statuses that the limits answer with
TEXT: dict[str, Any] = {"type": "string", "maxLength": 60}
ACCEPTS = ("*/*", "text/html", "application/json", "text/turtle;q=0.5", "x", "a/b;q=2")


def path_of(rule: Rule) -> str:
    """The rule as OpenAPI writes paths: `/page/{ref}`."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)


def described(app: Flask, own_words: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI of all routes: what the server says itself of some, any text for the others."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        own = [
            {"name": name, "in": "path", "required": True, "schema": TEXT | {"minLength": 1}}
            for name in sorted(rule.arguments)
        ]
        asked = [{"name": name, "in": "query", "schema": TEXT} for name in PARAMETERS]
        operation = {"parameters": own + asked, "responses": {"default": {"description": "Any"}}}
        paths[path_of(rule)] = {"get": operation, "head": operation, "options": operation}
    paths |= own_words["paths"]
    return {**own_words, "paths": paths}


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_route_fails(server: str, app: Flask, mode: GenerationMode) -> None:
    """Parameters as they are described and not, Accept of any kind, bodies: no 5xx, no silence."""
    own = requests.get(f"{server}/openapi.json", timeout=10).json()
    schema = schemathesis.openapi.from_dict(described(app, own))
    operations = [each.ok() for each in schema.get_all_operations()]
    assert {path_of(rule) for rule in app.url_map.iter_rules()} <= {
        each.path for each in operations
    }
    assert len(operations) > len(SAMPLES)
    session = requests.Session()
    cases = st.one_of([each.as_strategy(generation_mode=mode) for each in operations])

    @settings(
        max_examples=600, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck]
    )
    @given(case=cases, accept=st.sampled_from(ACCEPTS))
    def check(case: schemathesis.Case, accept: str) -> None:
        response = case.call(base_url=server, session=session, headers={"Accept": accept})
        assert response.status_code < 500 or response.status_code in OWN, response.text
        if response.status_code >= 400 and case.method != "HEAD":
            told = (
                case.method,
                case.formatted_path,
                case.query,
                response.status_code,
                dict(response.headers),
            )
            kind = response.headers["content-type"][0].partition(";")[0]
            assert kind in ("application/problem+json", "text/html"), told

    check()
    assert requests.get(f"{server}/health", timeout=5).status_code == 200
