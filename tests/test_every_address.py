"""What holds of every address: HEAD, OPTIONS, other methods, a forged Host, safe headers."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOCHI = "http%3A%2F%2Flocalhost%3A8000%2Fid%2Fplace%2Fsochi"
PLACE = "https%3A%2F%2Fw3id.org%2Fchancery%2Fns%23place"
SAMPLES = {
    "/": "/",
    "/.well-known/void": "/.well-known/void",
    "/between/<path:pair>": "/between/person/john-kerry/person/sergey-lavrov",
    "/browse": "/browse",
    '/cite/<path:ref>.<any("csl.json", json, bib, ris, txt):form>': "/cite/place/sochi.csl.json",
    "/data/<path:ref>.<any(ttl, nt, nq, trig, jsonld, rdf):extension>": "/data/place/sochi.ttl",
    "/describe": f"/describe?iri={SOCHI}",
    "/disagreements": "/disagreements",
    "/disagreements.atom": "/disagreements.atom",
    "/context.jsonld": "/context.jsonld",
    "/dumps/": "/dumps/",
    "/shapes": "/shapes",
    "/dumps/<name>": "/dumps/chancery.ttl",
    "/favicon.ico": "/favicon.ico",
    "/feed.atom": "/feed.atom",
    "/graph/<path:name>": "/graph/document/another-reset",
    "/health": "/health",
    "/id/<path:ref>": "/id/place/sochi",
    "/llms.txt": "/llms.txt",
    "/map": "/map",
    "/metrics": "/metrics",
    "/neighbourhood": f"/neighbourhood?iri={SOCHI}",
    "/ontology": "/ontology",
    "/ontology/<path:name>": "/ontology/Visit",
    "/on/<period>": "/on/2015-05-12",
    "/openapi.json": "/openapi.json",
    "/page/": "/page/",
    "/page/<path:ref>": "/page/place/sochi",
    "/page/<path:ref>.atom": "/page/visit/kerry-russia-2015-05.atom",
    "/page/<path:ref>/<any(years, services, company):name>.svg": "/page/person/john-kerry/"
    "years.svg",
    "/page/<segment>/": "/page/visit/",
    "/page/claim/<path:slug>": "/page/claim/another-reset/9",
    "/page/document/<path:slug>": "/page/document/another-reset",
    "/problems/": "/problems/",
    "/problems/<slug>": "/problems/busy",
    "/queries/": "/queries/",
    "/queries/<name>": "/queries/sources",
    "/queries/<name>.<extension>": "/queries/sources.json",
    "/reconcile": "/reconcile",
    "/reconcile/preview": "/reconcile/preview?id=place/sochi",
    "/reconcile/properties": "/reconcile/properties?type=Visit",
    "/reconcile/suggest/entity": "/reconcile/suggest/entity?prefix=s",
    "/reconcile/suggest/property": "/reconcile/suggest/property?prefix=s",
    "/reconcile/suggest/type": "/reconcile/suggest/type?prefix=s",
    "/references": f"/references?iri={SOCHI}&by={PLACE}",
    "/releases/": "/releases/",
    "/releases/<release>/": "/releases/latest/",
    "/releases/<release>/<path:name>": "/releases/latest/manifest.json",
    "/review": "/review",
    "/robots.txt": "/robots.txt",
    "/s/<code>": "/s/none",
    "/search": "/search?q=sochi",
    "/sitemap.xml": "/sitemap.xml",
    "/sitemap/<segment>/<int:number>.xml": "/sitemap/visit/1.xml",
    "/sparql": "/sparql?query=ASK%7B%7D",
    "/sparql/terms": "/sparql/terms",
    "/static/<path:filename>": "/static/page.css",
    "/tables/": "/tables/",
    "/tables/<name>": "/tables/claims",
    "/tables/<name>.<any(csv, json, parquet):extension>": "/tables/claims.csv",
    "/timeline": "/timeline",
    "/timemap/releases/latest/": "/timemap/releases/latest/",
    "/timemap/releases/latest/<path:name>": "/timemap/releases/latest/dumps/chancery.ttl",
    "/changes.atom": "/changes.atom",
    "/compare/": "/compare/?one=another-reset",
    "/compare/<one>/<other>": "/compare/another-reset/csis-kerry-in-russia",
    "/map.svg": "/map.svg?box=-10,35,30,60",
    "/world.svg": "/world.svg?box=-10,35,30,60",
    "/timeline.svg": "/timeline.svg?period=2015",
    "/visits": "/visits?place=place/russia",
    "/void.<any(ttl, nt, jsonld, rdf):extension>": "/void.ttl",
}
CHANGING = {"/metrics"}  # counts the very request
each_address = pytest.mark.parametrize("path", SAMPLES.values(), ids=SAMPLES.values())
both = pytest.mark.parametrize("accept", ["*/*", "text/html,*/*;q=0.8"], ids=["any", "html"])


def test_every_route_has_a_sample(app: Flask) -> None:
    """A new route must stand in this list, so that what holds of all is proven of it."""
    assert {rule.rule for rule in app.url_map.iter_rules()} == set(SAMPLES)


@each_address
@both
def test_head(client: FlaskClient, path: str, accept: str) -> None:
    """HEAD has the status and the headers of GET, and no body (RFC 9110 §9.3.2)."""
    headers = {"Accept": accept}
    full = client.get(path, headers=headers, buffered=True)
    head = client.head(path, headers=headers, buffered=True)
    assert head.status_code == full.status_code
    assert head.data == b""
    left_out = {"date", *({"content-length"} if path in CHANGING else ())}
    told, expected = (
        {name.lower(): value for name, value in each.headers if name.lower() not in left_out}
        for each in (head, full)
    )
    assert told == expected


@each_address
def test_options(client: FlaskClient, path: str) -> None:
    """OPTIONS names the methods that there are."""
    response = client.options(path)
    assert response.status_code in (200, 204)
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
    assert response.data == b""


@each_address
def test_other_methods(client: FlaskClient, path: str) -> None:
    """A method that an address has not gets 405 with those that it has."""
    response = client.delete(path)
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert response.get_json()["type"].endswith("/problems/method-not-allowed")
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))


@each_address
@both
def test_a_forged_host(client: FlaskClient, path: str, accept: str) -> None:
    """What the Host header claims stands nowhere in an answer."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": accept}
    response = client.get(path, headers=forged, buffered=True)
    assert response.status_code < 500
    assert b"evil.example" not in response.data
    assert "evil.example" not in str(response.headers)


@each_address
@both
def test_types_are_not_guessed(client: FlaskClient, path: str, accept: str) -> None:
    """No browser takes data for a page: each answer says what it is, and that this is final."""
    response = client.get(path, headers={"Accept": accept}, buffered=True)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype == "text/html":
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


@each_address
def test_other_sites_may_read(client: FlaskClient, path: str) -> None:
    """A script of any site may read each answer and redirect, and ask with a validator or range."""
    response = client.get(path, headers={"Origin": "https://other.example"}, buffered=True)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    asked = {"Origin": "https://other.example", "Access-Control-Request-Headers": "if-none-match"}
    allowed = client.options(path, headers=asked).headers["Access-Control-Allow-Headers"]
    assert "If-None-Match" in allowed


@pytest.mark.parametrize(
    "path",
    ["/id/person/%0d%0aX-Evil:1", "/describe?iri=http://a/%0d%0aX-Evil:1",
     "/page/person/%0d%0aX-Evil:1", "/s/%0d%0aX-Evil:1", "/dumps/%0d%0aX-Evil:1",
     "/queries/sources.json?page=1%0d%0aX-Evil:1", "/search?q=%0d%0aX-Evil:1"],
)  # fmt: skip
def test_line_breaks_reach_no_header(client: FlaskClient, path: str) -> None:
    """CR and LF of an address stay out of the headers of redirects, links and errors."""
    response = client.get(path)
    assert response.status_code in (200, 400, 404)
    assert "X-Evil" not in response.headers
    assert "\r" not in "".join(response.headers.values())


PARAMETERS = ("iri", "by", "page", "per_page", "q", "type", "source", "period", "format", "prefix",
              "id", "limit", "queries", "extend")  # fmt: skip
ODD = st.sampled_from(
    ["", "-1", "99999999999999999999", "2015-13-45", "9999", "\x00", "\u202e", "\r\nX: y", "../..",
     "javascript:alert(1)", "http://localhost:8000/id/place/sochi", "NEAR(", '"', "*", "[]", "null",
     '{"q": 1}', '{"q": {"query": "a", "type": [1]}}', '{"ids": [null], "properties": [1]}']
)  # fmt: skip
TEXTS = ODD | st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(
    path=st.sampled_from([each.partition("?")[0] for each in SAMPLES.values()]),
    last=st.none() | TEXTS,
    values=st.dictionaries(st.sampled_from(PARAMETERS), TEXTS, max_size=3),
    accept=st.sampled_from(["text/html", "*/*", "application/json"]),
)
def test_no_value_is_a_fault(
    client: FlaskClient, path: str, last: str | None, values: dict[str, str], accept: str
) -> None:
    """Whatever stands in an address, the fault is never the server's."""
    if last is not None:
        path = f"{path.rpartition('/')[0]}/{quote(last, safe='')}"
    response = client.get(path, query_string=values, headers={"Accept": accept}, buffered=True)
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.mimetype in ("application/problem+json", "text/html")


@pytest.mark.parametrize(
    "path",
    ["/timeline", "/disagreements", "/page/visit/", "/search?q=kerry", "/queries/sources",
     f"/references?iri={SOCHI}&by={PLACE}"],
)  # fmt: skip
@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x", "", "10001", "1" * 5000, "%D9%A3"])
def test_page_is_a_number(client: FlaskClient, path: str, number: str) -> None:
    """A page that no list can have is refused, with what is allowed."""
    response = client.get(f"{path}{'&' if '?' in path else '?'}page={number}")
    assert response.status_code == 400
    assert "allowed: a whole number from 1 to 10,000" in response.text
