"""SPARQL endpoints compared: the workloads, the rounds, the figures.

Rounds are interleaved: each server does a workload once before any does it again, so that what
else the machine does weighs on all alike. A figure is the median of its rounds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from benchmarks import generate, peers
from benchmarks.data import circumstances, graph, visits_of
from benchmarks.load import LOOKUPS, Fetched, fetch, memory, press, watching
from benchmarks.process import Server

RESULTS = Path(__file__).with_name("results")
DIP = "https://w3id.org/chancery/ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
JSON, CSV, NT = "application/sparql-results+json", "text/csv", "application/n-triples"

# {n} is a number that no other request has, so that no answer can come from a cache.
JOIN = f"""SELECT ?a{{n}} ?name ?start ?end WHERE {{{{
  ?a{{n}} <{DIP}place> ?place ; <{DIP}start> ?start . ?place <{LABEL}> ?name .
  ?b <{DIP}place> ?place ; <{DIP}end> ?end }}}} LIMIT 20000"""
AGGREGATE = "SELECT ?p (COUNT(*) AS ?n{n}) WHERE {{ ?s ?p ?o }} GROUP BY ?p"
PATH = f"""SELECT (COUNT(DISTINCT ?visit{{n}}) AS ?visits) WHERE {{{{
  ?visit{{n}} <{DIP}place>/<{DIP}within>+ <{generate.BASE}id/place/land3> }}}}"""
CONSTRUCT = "CONSTRUCT {{ ?s{n} ?p ?o }} WHERE {{ ?s{n} ?p ?o }}"

_serial = count(1)


@dataclass(frozen=True)
class Workload:
    """One way to use an endpoint; `measure` does so, of a graph of that many visits."""

    title: str
    unit: str
    measure: Callable[[Server, int], Measured]


class Measured(NamedTuple):
    """A rate: more is better, 0 is a failure. And the processor time of a request in milliseconds,
    where many are alike.
    """

    rate: float
    cpu: float | None = None


def _large(query: str, accept: str) -> Callable[[Server, int], Measured]:
    def measure(server: Server, _visits: int) -> Measured:
        got = ask(server, query, accept)
        return Measured(1 / got.seconds if got.status == 200 else 0.0)

    return measure


def _bytes(server: Server, _visits: int) -> Measured:
    got = ask(server, CONSTRUCT, NT)
    return Measured(got.size / got.seconds / 1e6 if got.status == 200 else 0.0)


def _pressed(connections: int, **options: str) -> Callable[[Server, int], Measured]:
    def measure(server: Server, visits: int) -> Measured:
        got = press(
            server,
            LOOKUPS,
            seconds=SECONDS,
            connections=connections,
            seed=next(_serial),
            visits=visits,
            **options,
        )
        return Measured(0.0 if got.errors else got.rate, got.cpu)

    return measure


SECONDS = 3.0
WORKLOADS = (
    Workload("Small lookups, all distinct", "requests/s", _pressed(4)),
    Workload("Small lookups, all distinct, 16 clients", "requests/s", _pressed(16)),
    Workload("The same lookup again and again", "requests/s", _pressed(4, fixed="1")),
    Workload("Join of 20,000 rows as JSON", "answers/s", _large(JOIN, JSON)),
    Workload("Join of 20,000 rows as CSV", "answers/s", _large(JOIN, CSV)),
    Workload("Aggregate over the whole graph", "answers/s", _large(AGGREGATE, JSON)),
    Workload("Property path", "answers/s", _large(PATH, JSON)),
    Workload("CONSTRUCT of the whole graph", "MB/s", _bytes),
    Workload("95 lookups to 5 aggregates, 8 clients", "requests/s", _pressed(8, heavy="0.05")),
)


def ask(server: Server, query: str, accept: str) -> Fetched:
    return fetch(server.url, query.format(n=next(_serial)), accept, timeout=900)


def run(size: int, rounds: int, names: tuple[str, ...]) -> Path:
    """Compare the servers over a generated graph of `size` quads; write the figures as JSON."""
    data = graph(size)
    visits = visits_of(data)
    conditions = circumstances()
    work = data.with_suffix("")
    work.mkdir(exist_ok=True)
    figures: dict[str, dict[str, list[float]]] = {each.title: {} for each in WORKLOADS}
    cpu: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(peers.PEERS[name](data, work)) for name in names]
        agree(servers)
        idle = {server.name: memory(server.pid) for server in servers}
        for number in range(rounds):
            for workload in WORKLOADS:
                for server in servers:
                    got = workload.measure(server, visits)
                    figures[workload.title].setdefault(server.name, []).append(got.rate)
                    if got.cpu is not None:
                        used = cpu.setdefault(workload.title, {})
                        used.setdefault(server.name, []).append(got.cpu)
                    print(f"{number + 1}/{rounds} {workload.title}: {server.name} {got}")
        peaks = {server.name: _peak(server) for server in servers}
    document = {
        "size": sum(1 for _ in data.open()),
        "rounds": rounds,
        "servers": list(names),
        **conditions,
        "figures": figures,
        "units": {each.title: each.unit for each in WORKLOADS},
        "cpu": cpu,
        "idle": idle,
        "peaks": peaks,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"endpoint-{size}.json"
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def agree(servers: list[Server]) -> None:
    """Stop unless all servers give the same answers: else there is nothing to compare."""
    told = {
        server.name: (
            ask(server, PATH, CSV).head.replace(b'"', b"").split()[1],
            ask(server, JOIN, CSV).size > 500_000,
        )
        for server in servers
    }
    if len(set(told.values())) != 1:
        raise SystemExit(f"the servers disagree: {told}")


def _peak(server: Server) -> float:
    with watching(server.pid) as watch:
        ask(server, CONSTRUCT, NT)
    return watch.peak
