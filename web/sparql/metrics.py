"""`/metrics`: what operators watch, in the Prometheus text format."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.store import Answer, Graph
from web.site.cache import Cache

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts of one endpoint, in a registry of its own."""

    def __init__(self, graph: Graph, cache: Cache) -> None:
        self._registry = CollectorRegistry()
        self.queries = Counter(
            "chancery_queries", "Queries by outcome.", ["outcome"], registry=self._registry
        )
        self._answered = self.queries.labels("answered")
        self.seconds = Histogram(
            "chancery_query_seconds",
            "Seconds that answered queries took in the engine.",
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
            registry=self._registry,
        )
        self.bytes = Counter(
            "chancery_answer_bytes",
            "Bytes of answers, before compression.",
            registry=self._registry,
        )
        self._registry.register(_Live(graph, cache))

    def answered(self, answer: Answer) -> None:
        self._answered.inc()
        self.seconds.observe(answer.seconds)
        self.bytes.inc(len(answer.content))

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Live(Collector):
    """What is true at the moment of the scrape."""

    def __init__(self, graph: Graph, cache: Cache) -> None:
        self._graph = graph
        self._cache = cache

    def collect(self) -> Iterable[Metric]:
        yield CounterMetricFamily("chancery_cache_hits", "Cached answers.", value=self._cache.hits)
        yield CounterMetricFamily(
            "chancery_cache_misses", "Answers looked for in vain.", value=self._cache.misses
        )
        yield GaugeMetricFamily(
            "chancery_cache_bytes", "Size of the cache.", value=self._cache.size
        )
        release = GaugeMetricFamily("chancery_release", "The release served.", labels=["release"])
        release.add_metric([self._graph.release.id], 1)
        yield release
