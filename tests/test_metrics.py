"""`/metrics` and `/health`, and the counts behind them over processes that come and go."""

from __future__ import annotations

import mmap
import os
import re
import signal
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_plain
from prometheus_client.samples import Sample

from kg.model.settings import Settings
from kg.store import Answer, Graph, Query, QueryTimeout
from tests.conftest import ROOT
from tests.endpoint.test_server import wait_until
from web.app import create_app
from web.operations import exposition
from web.serving.wire.states import State
from web.site.metrics import FRONT, Metrics, size
from web.site.problems import kinds

OPENMETRICS = "application/openmetrics-text"
# What Prometheus 3 sends.
SCRAPE = (
    "application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;"
    "q=0.5,text/plain;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


def samples(text: str, *, plain: bool = True) -> dict[str, list[Sample]]:
    """All samples of a text by their names, as Prometheus's own parser reads them."""
    found: dict[str, list[Sample]] = {}
    for family in (read_plain if plain else read_openmetrics)(text):
        assert family.documentation
        assert family.type in ("counter", "gauge", "histogram")
        for each in family.samples:
            found.setdefault(each.name, []).append(each)
    return found


def value(found: Iterable[Sample], **labels: str) -> float:
    """The one sample that has those labels, or 0."""
    matching = [each.value for each in found if labels.items() <= each.labels.items()]
    assert len(matching) <= 1
    return matching[0] if matching else 0.0


def scrape(client: FlaskClient) -> dict[str, list[Sample]]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    return samples(response.text)


def written(metrics: Metrics) -> dict[str, list[Sample]]:
    return samples(exposition.text(metrics.total(), "r1").decode())


@pytest.fixture
def counting(settings: Settings, graph: Graph) -> FlaskClient:
    """A client of an app that has answered nothing yet."""
    return create_app(settings, graph).test_client()


def test_requests_by_route_and_status(counting: FlaskClient) -> None:
    """Each request counts once, by what answered it, how, and how long it took."""
    page = counting.get("/page/place/sochi", headers={"Accept": "text/html"})
    counting.get("/page/place/nowhere")
    counting.get("/no/such/address")
    counting.get("/static/page.css").close()
    counting.delete("/sparql")
    held = {"If-None-Match": page.headers["ETag"], "Accept": "text/html"}
    assert counting.get("/page/place/sochi", headers=held).status_code == 304
    found = scrape(counting)
    assert {
        (each.labels["route"], each.labels["status"], each.labels["cache"]): each.value
        for each in found["chancery_requests_total"]
    } == {
        ("entities", "200", "none"): 1,
        ("entities", "304", "none"): 1,
        ("entities", "404", "none"): 1,
        ("other", "404", "none"): 1,
        ("static", "200", "none"): 1,
        ("sparql", "405", "none"): 1,
    }
    assert value(found["chancery_request_seconds_count"], route="entities") == 3
    assert value(found["chancery_request_seconds_bucket"], route="entities", le="+Inf") == 3
    assert 0 < value(found["chancery_request_seconds_sum"], route="entities") < 30
    assert value(found["chancery_answer_bytes_total"], route="entities") > len(page.data)
    again = scrape(counting)
    assert value(again["chancery_requests_total"], route="operations", status="200") == 1


def test_queries_by_outcome(counting: FlaskClient) -> None:
    """Queries that the engine answered, and each kind of problem, from 0 on."""
    assert value(scrape(counting)["chancery_queries_total"], outcome="query-timeout") == 0
    counting.post("/sparql", data={"query": "ASK {}"})
    counting.post("/sparql", data={"query": "ASK {"})
    counting.get("/page/place/nowhere")
    found = scrape(counting)
    assert value(found["chancery_queries_total"], outcome="answered") == 1
    assert value(found["chancery_queries_total"], outcome="query-syntax") == 1
    assert value(found["chancery_queries_total"], outcome="not-in-the-graph") == 1
    assert value(found["chancery_query_seconds_count"]) == 1


def test_threads(counting: FlaskClient) -> None:
    """A server that answers in threads loses no count."""
    with ThreadPoolExecutor(4) as threads:
        list(
            threads.map(lambda _: counting.application.test_client().get("/robots.txt"), range(800))
        )
    found = scrape(counting)
    assert value(found["chancery_requests_total"], route="discovery") == 800
    assert value(found["chancery_request_seconds_count"], route="discovery") == 800


def test_a_server_that_keeps_responses(counting: FlaskClient) -> None:
    """It is told the route and the problem, and what could have come from its cache is a miss."""
    for path, told in (
        ("/page/place/sochi", {"route": "entities", "cache": "miss"}),
        ("/page/place/nowhere", {"route": "entities", "problem": "not-in-the-graph"}),
    ):
        log = {"cache": "miss"}
        counting.get(path, environ_overrides={"chancery.log": log})
        assert log == told
    found = scrape(counting)
    assert value(found["chancery_requests_total"], route="entities", cache="miss") == 1
    assert value(found["chancery_cache_misses_total"]) == 1


def test_head_sends_nothing(counting: FlaskClient) -> None:
    """A response without a body counts no bytes."""
    counting.head("/page/place/sochi")
    assert value(scrape(counting)["chancery_answer_bytes_total"], route="entities") == 0


@pytest.mark.parametrize("accept", [SCRAPE, OPENMETRICS])
def test_openmetrics(counting: FlaskClient, accept: str) -> None:
    """Who asks for OpenMetrics gets it, with the same numbers."""
    counting.get("/ontology")
    response = counting.get("/metrics", headers={"Accept": accept})
    assert response.content_type == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert response.text.endswith("\n# EOF\n")
    found = samples(response.text, plain=False)
    assert value(found["chancery_requests_total"], route="terms", status="200") == 1


@pytest.mark.parametrize("accept", ["*/*", "text/plain", "image/png", "text/plain;version=x"])
def test_plain_text(counting: FlaskClient, accept: str) -> None:
    """Anybody else gets the text format that all versions of Prometheus read."""
    response = counting.get("/metrics", headers={"Accept": accept})
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert "chancery_release" in samples(response.text)


def test_what_serves(counting: FlaskClient, graph: Graph) -> None:
    """The release and the versions are labels of a 1; one process alone says nothing of others."""
    found = scrape(counting)
    assert value(found["chancery_release"], release=graph.release.id) == 1
    assert {*found["chancery_build"][0].labels} == {"version", "python"}
    assert not {f"chancery_{name}" for name in FRONT} & {*found}


def test_health(app: Flask, graph: Graph) -> None:
    """Whether a query would be answered, by which release, and what the processes do."""
    response = app.test_client().get("/health")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json == {
        "live": True,
        "ready": True,
        "release": graph.release.id,
        "in_memory": True,
        "processes": {"busy": 1, "idle": 0, "waiting": 0},
    }


class Deaf:
    """A graph whose engine answers nothing."""

    def __init__(self, graph: Graph) -> None:
        self.release = graph.release

    def answer(self, query: Query) -> Answer:
        raise QueryTimeout(1.0)


def test_an_engine_that_does_not_answer(settings: Settings, graph: Graph) -> None:
    """Without its engine a server lives and is not ready; it can be a server of many processes."""
    app = create_app(settings, Deaf(graph))  # type: ignore[arg-type]
    app.config["PROCESSES"] = lambda: (3, 2, 1)
    response = app.test_client().get("/health")
    assert response.status_code == 503
    assert response.json is not None
    assert (response.json["live"], response.json["ready"]) == (True, False)
    assert response.json["processes"] == {"busy": 3, "idle": 2, "waiting": 1}


def test_histograms_add_up() -> None:
    """Each bucket holds what is at most its bound, and the last one holds all."""
    metrics = Metrics(["pages"])
    for seconds in (0.0001, 0.001, 0.0011, 2.0, 99.0):
        metrics.count("pages", 200, "none", seconds, 1)
    buckets = {
        each.labels["le"]: each.value
        for each in written(metrics)["chancery_request_seconds_bucket"]
    }
    assert [buckets[le] for le in ("0.0003", "0.001", "0.003", "1.0", "3.0", "30.0", "+Inf")] == [
        1, 2, 3, 3, 4, 4, 5,
    ]  # fmt: skip
    assert value(written(metrics)["chancery_request_seconds_sum"]) == pytest.approx(101.0022)


def test_what_is_not_foreseen() -> None:
    """An unknown route, status, use of the cache or kind of problem is counted with its like."""
    metrics = Metrics(["pages"])
    metrics.count("nowhere", 299, "half", 0.1, 10, log={"problem": "nonesuch"})
    found = written(metrics)
    assert found["chancery_requests_total"][0].labels == {
        "route": "other", "status": "other", "cache": "none",
    }  # fmt: skip
    assert sum(each.value for each in found["chancery_queries_total"]) == 0


def test_the_cache() -> None:
    """Hits and misses are counted where there is a cache, and no query is answered by a hit."""
    metrics = Metrics(["sparql"])
    log = {"engine_ms": 2.0}
    metrics.count("sparql", 200, "miss", 0.1, 10, log=log)
    metrics.count("sparql", 200, "hit", 0.1, 10, log=log)
    metrics.count("sparql", 200, "hit", 0.1, 10, log=log)
    metrics.count("sparql", 429, "none", 0.1, 10, log={"problem": "client-limit"})
    metrics.cached(4096)
    found = written(metrics)
    assert value(found["chancery_cache_hits_total"]) == 2
    assert value(found["chancery_cache_misses_total"]) == 1
    assert value(found["chancery_cache_bytes"]) == 4096
    assert value(found["chancery_queries_total"], outcome="answered") == 1
    assert value(found["chancery_queries_total"], outcome="client-limit") == 1


def shared(memory: mmap.mmap, column: int) -> int:
    """A process that counts in its column for ever."""
    child = os.fork()
    if not child:
        try:
            metrics = Metrics(["pages"])
            metrics.share(memory, column)
            metrics.cached(100)
            while True:
                metrics.count("pages", 200, "none", 0.01, 1)
        finally:
            os._exit(0)
    return child


def test_counts_outlive_processes() -> None:
    """kill -9 amid counting: what was counted stays, and a successor counts on from there."""
    memory = mmap.mmap(-1, size(4))
    front = Metrics(["pages"], memory, 3)
    before = 0.0
    for _ in range(10):
        children = [shared(memory, column) for column in range(3)]
        wait_until(lambda: sum(front.total().requests.values()) > before, 20)  # noqa: B023 - at once
        time.sleep(0.05)
        for each in children:
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)
        found = written(front)
        counted = value(found["chancery_requests_total"], route="pages")
        assert counted > before
        # One that is killed between two of its stores has counted one and not yet the other.
        assert abs(value(found["chancery_answer_bytes_total"]) - counted) <= 30
        assert abs(value(found["chancery_request_seconds_count"]) - counted) <= 30
        assert value(found["chancery_cache_bytes"]) <= 300
        before = counted


def test_columns_add_up_exactly() -> None:
    """Of processes that end by themselves, no count is lost, whoever counts beside them."""
    memory = mmap.mmap(-1, size(8))
    children = []
    for column in range(8):
        child = os.fork()
        if not child:
            try:
                metrics = Metrics(["pages"])
                metrics.share(memory, column)
                for _ in range(5000):
                    metrics.count("pages", 200, "miss", 0.002, 3)
            finally:
                os._exit(0)
        children.append(child)
    for each in children:
        os.waitpid(each, 0)
    found = written(Metrics(["pages"], memory))
    assert value(found["chancery_requests_total"], route="pages", cache="miss") == 40_000
    assert value(found["chancery_answer_bytes_total"], route="pages") == 120_000
    assert value(found["chancery_request_seconds_bucket"], route="pages", le="0.003") == 40_000


def test_labels_are_those_of_the_server() -> None:
    """Connections have the states of the table of states, and kills the kinds of problems."""
    states = tuple(each.name.lower() for each in State if each is not State.CLOSED)
    assert FRONT["connections"].values == states
    # Where the client has gone, nobody is told of a problem.
    assert {*FRONT["kills"].values} - {*kinds()} == {"cancelled"}


def test_the_documentation_names_what_there_is() -> None:
    """Each name in docs/operating.md, its alerts included, is one that is exported."""
    metrics = Metrics(["pages"], mmap.mmap(-1, size(1)))
    metrics.count("pages", 200, "hit", 0.1, 10, log={"engine_ms": 1.0})
    document = (ROOT / "docs" / "operating.md").read_text("utf-8")
    named = set(re.findall(r"\bchancery_\w+", document))
    assert len(named) > 10
    assert named <= {*written(metrics)} | {"chancery_query_seconds", "chancery_request_seconds"}
    for rules in re.findall(r"```yaml\n(groups:.*?)```", document, re.DOTALL):
        assert all(
            {"alert", "expr"} <= {*rule} <= {"alert", "expr", "for"}
            for group in yaml.safe_load(rules)["groups"]
            for rule in group["rules"]
        )


def test_the_front() -> None:
    """What the front keeps is written by it, which knows no routes, and read by all."""
    memory = mmap.mmap(-1, size(2))
    front = Metrics(memory=memory)
    front.gauge("children", 3, "busy")
    front.gauge("memory_bytes", 1 << 30)
    front.add("kills", "query-timeout")
    front.add("forks")
    front.count("wire", 503, "none", 30.0, 100, log={"problem": "query-timeout"})
    found = written(Metrics(["pages"], memory, 1))
    assert value(found["chancery_children"], state="busy") == 3
    assert value(found["chancery_memory_bytes"]) == 1 << 30
    assert value(found["chancery_kills_total"], reason="query-timeout") == 1
    assert value(found["chancery_kills_total"], reason="memory-limit") == 0
    assert value(found["chancery_forks_total"]) == 1
    assert value(found["chancery_queries_total"], outcome="query-timeout") == 1
    assert value(found["chancery_requests_total"], route="wire", status="503") == 1
    with pytest.raises(KeyError):
        front.gauge("children", 1, "asleep")
