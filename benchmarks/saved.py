"""Every saved query by its API, on the release that the build's benchmark made.

Each is asked with its default values, or its examples where it has none, by addresses under which
nothing is kept.
"""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from benchmarks.process import Server, free, ready, running
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.queries import SavedQuery, project_queries

# The seconds that one client may use up in a while are not what is measured.
SETTINGS = {"KG_CLIENT_SECONDS": "1e9"}


def measure(project: Path, rounds: int) -> dict[str, float]:
    """The median of `rounds`, in milliseconds from the request to the last byte, by query.

    Raises:
        OSError: a query failed.
    """
    url = f"http://127.0.0.1:{free()}"
    port = url.rpartition(":")[2]
    command = [sys.executable, "-m", "kg", "serve", project, "--port", port]
    found: dict[str, list[float]] = {}
    settings = Settings.load(project)
    queries = project_queries(settings, project_ontology(settings)).queries
    with running(command, project, SETTINGS) as pid:
        ready(Server("Chancery", f"{url}/sparql", pid))
        for number in range(rounds + 1):
            for query in queries:
                start = perf_counter()
                with urllib.request.urlopen(url + _path(query, number), timeout=60) as answer:
                    answer.read()
                # The first round wakes the store: its pages are not in memory yet.
                if number:
                    found.setdefault(query.name, []).append(1000 * (perf_counter() - start))
    return {name: median(times) for name, times in found.items()}


def _path(query: SavedQuery, number: int) -> str:
    # The second value of a parameter is not read, but makes another address.
    values = [(each.name, "") for each in query.parameters]  # the defaults of the release
    values += [("page", "1"), ("page", str(number))]
    return f"/queries/{query.name}.json?{urlencode(values)}"
