"""A graph published below a path of a host: no link leaves it, and each leads to something."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import pytest
from werkzeug.test import Client

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import copy_of_project, graph_of, served
from tests.serving.nginx import NAME, Got, asked, nginx
from web.app import create_app

HOST = f"https://{NAME}"
BASE = f"{HOST}/kg/"
LOCATIONS = (  # as docs/operating.md says
    ("location / {", "location /kg/ {"),
    ("location /dumps/ {", "location /kg/dumps/ {"),
    ("location = /metrics {", "location = /kg/metrics {"),
)
STARTS = (
    "", "sitemap.xml", "robots.txt", "llms.txt", "feed.atom", "disagreements.atom", "void.ttl",
    "openapi.json", "reconcile", "sparql", "context.jsonld", "shapes", "problems/", "favicon.ico",
    "dumps", "page/visit", "releases", "map.svg", "timeline.svg", "neighbourhood?iri={visit}",
    "describe?iri={visit}", "search?q=kerry", "search?q=nothing-like-it", "id/person/john-kerry",
    "id/nobody/x", "page/visit/kerry-russia-2015-05", "cite/visit/kerry-russia-2015-05.csl.json",
    "compare/another-reset/csis-kerry-in-russia", "data/visit/kerry-russia-2015-05.ttl",
    "between/person/john-kerry/person/vladimir-putin", "reconcile/preview?id=place/sochi",
    "sparql?query=SELECT%20*%20%7B%20%3Fs%20dip%3Aplace%20%3Fo%20%7D", "page/claim/another-reset/9",
    "sparql?query=SELECT", "graph/accepted", "on/2015-05-12", "review", "visits?format=json",
    "reconcile/suggest/entity?prefix=ker", "queries/where-did-they-meet",
)  # fmt: skip
MISSING = ("/id/nobody/x", "/kg/id/", "sparql?query=SELECT", "q=nothing-like-it")
PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE_IRI = re.compile(rf"<({re.escape(HOST)}[^>\s]*)>")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The seeds, published at BASE."""
    project = copy_of_project(tmp_path_factory.mktemp("path"))
    text = (project / "kg.toml").read_text("utf-8").replace("http://localhost:8000/", BASE)
    (project / "kg.toml").write_text(f'report_to = "mailto:a@b.c"\n{text}', "utf-8")
    settings = Settings.load(project)
    pipeline.build(settings)
    return settings


class Links(HTMLParser):
    """The addresses in a page; those of its attributes `data-…` are of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            follow = name in ("href", "src", "action", "formaction", "xlink:href")
            script = name.startswith("data-") and name != "data-static"  # which is a folder
            if value and (follow or (script and value.startswith("/"))):
                self.found.append(value)


def texts(document: Any) -> Iterator[str]:
    """The strings of a JSON document but paths that are joined to another address."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key != "service_path":
                yield from texts(value)
    elif isinstance(document, list):
        for each in document:
            yield from texts(each)
    elif isinstance(document, str):
        yield document


def links(got: Got) -> Iterator[str]:
    """All addresses that an answer has: in its fields and, by its type, in its body."""
    yield from (
        got.headers[name] for name in ("location", "content-location") if name in got.headers
    )
    yield from re.findall(r"<([^>]*)>", got.headers.get("link", ""))
    kind, text = (
        got.headers.get("content-type", "").partition(";")[0],
        got.body.decode(errors="replace"),
    )
    if kind in ("text/html", "image/svg+xml"):
        parser = Links()
        parser.feed(text)
        yield from parser.found
        for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S):
            yield from (each for each in texts(json.loads(found)) if each.startswith(HOST))
    elif kind == "text/css":
        yield from re.findall(r"url\([\"']?([^)\"']+)", text)
    elif kind.endswith("json"):
        yield from (
            each for each in texts(json.loads(text)) if re.match(r"/[a-z]|https://kg\.", each)
        )
    elif kind.endswith("xml"):
        yield from re.findall(r"(?:href=\"|<loc>|<id>|<uri>)([^\"<]+)", text)
    elif kind == "text/turtle":
        yield from TURTLE_IRI.findall(text)
    elif kind in ("text/plain", "text/markdown"):
        yield from re.findall(r"(?:Sitemap: |\]\()([^\s)]+)", text)


def kind_of(address: str) -> tuple[str, ...]:
    """What addresses of one kind have in common: a thing is as good as another of its class."""
    parts = urlsplit(address)
    path = parts.path.removeprefix("/kg/").split("/")
    typed = path[1:2] if path[0] in ("page", "static") and len(path) > 2 else []
    return (path[0], *typed, str(len(path)), Path(parts.path).suffix[:7], str(bool(parts.query)))


def crawl(client: Client) -> Iterator[tuple[str, str, Got]]:
    """Each address that is read, who leads to it, and what it answers."""
    visit = quote(f"{BASE}id/visit/kerry-russia-2015-05", safe="/")
    waiting = [("", f"{BASE}{each.format(visit=visit)}") for each in STARTS]
    known, often = {address for _, address in waiting}, Counter[tuple[str, ...]]()
    while waiting:
        origin, address = waiting.pop()
        with client.get(address.removeprefix(HOST), headers={"Accept": PAGES}) as answer:
            fields = {name.lower(): value for name, value in answer.headers.items()}
            got = Got(answer.status_code, fields, answer.get_data())
        yield origin, address, got
        for found in links(got):
            target, _ = urldefrag(urljoin(address, found))
            if target.startswith(HOST) and target not in known:
                known.add(target)
                often[kind_of(target)] += 1
                if often[kind_of(target)] == 1 or not target.startswith(BASE):
                    waiting.append((address, target))


def test_no_link_leaves_the_path(published: Settings) -> None:
    """Whatever a reader or a program can follow from any kind of page is below the path, and is
    there.
    """
    graph = graph_of(Release.current(published.directory), published)
    seen, wrong = set[str](), list[object]()
    for origin, address, got in crawl(create_app(published, graph).test_client()):
        seen.add(kind_of(address)[0])
        if got.status >= 400 and not address.endswith(MISSING) and "/neighbourhood?" not in address:
            wrong.append((got.status, address, origin))
        for found in links(got):  # a relative reference may climb out
            target = urljoin(address, found)
            outside = target.startswith(HOST) and not target.startswith(BASE.rstrip("/"))
            wrong += [("out", found, address)] if outside or "localhost" in target else []
    assert not wrong, "\n".join(map(str, wrong[:40]))
    kinds = (
        "page graph data dumps ontology queries static sparql map timeline disagreements search "
        "sitemap problems cite on compare between reconcile visits browse review releases"
    )
    assert {"", *kinds.split()} <= seen


def test_behind_nginx_and_alone(published: Settings, tmp_path: Path) -> None:
    """The path may be handed on or taken away: pages, answers, files and redirects are the same."""
    paths = (
        "", "sparql?query=ASK%7B%7D&format=json", "static/page.css", "dumps/chancery.ttl",
        "releases", "id/visit/kerry-russia-2015-05", "page/visit/kerry-russia-2015-05",
    )  # fmt: skip
    with served(published.directory, KG_CLIENT_SECONDS="1e6") as url:
        assert url.endswith("/kg")
        address = urlsplit(url).netloc
        with nginx(tmp_path, f"http://{address}", *LOCATIONS) as proxy:
            for path in paths:
                got = proxy.fetch(f"/kg/{path}", Host=NAME, Accept="text/html,*/*;q=0.1")
                with closing(HTTPConnection(address, timeout=60)) as direct:
                    for at in (f"/kg/{path}", f"/{path}"):
                        alone = asked(direct, at, Accept="text/html,*/*;q=0.1")
                        assert (alone.status, alone.body) == (got.status, got.body), at
                        assert alone.headers.get("location") == got.headers.get("location")
                assert got.status < 400
                assert got.headers.get("location", "/kg/").startswith("/kg/")
