"""How long each kind of page takes over a release: at the server, on a connection of its own, and
until something is seen of one of them in Chromium.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from itertools import chain, islice
from pathlib import Path
from statistics import median, quantiles

from benchmarks import paint
from benchmarks.addresses import drawn
from benchmarks.data import circumstances
from benchmarks.load import cpu
from benchmarks.process import BUILD, Server, free, ready, running
from kg.store.release import Release

RESULTS = Path(__file__).with_name("results")
SEED = 17
PAINTED = 3  # pages of a kind whose first paint is taken
LIMITS = {"KG_CLIENT_SECONDS": "1e9", "KG_CLIENT_QUERIES": "1000"}


def run(project: Path, number: int = 100, *, from_disk: bool = False) -> Path:
    """Ask `number` pages of each kind of the release that `project` serves.

    `from_disk`: whatever its size, it is not held in memory.

    Raises:
        OSError: a page cannot be had.
    """
    release, conditions = Release.current(project), circumstances()
    addresses = drawn(release, number, SEED)
    port = free()
    command = [sys.executable, "-m", "kg", "serve", str(project), "--port", str(port)]
    settings = LIMITS | ({"KG_STORE_MEMORY": "1"} if from_disk else {})
    kinds: dict[str, dict[str, float]] = {}
    BUILD.mkdir(parents=True, exist_ok=True)
    with running(command, BUILD, settings) as pid:
        site = ready(Server("Chancery", f"http://127.0.0.1:{port}", pid), "/health")
        for kind, paths in addresses.items():
            kinds[kind] = _ask(site, paths)
            print(f"{kind}: {kinds[kind]}", flush=True)
        some = {kind: sorted({*paths})[:PAINTED] for kind, paths in addresses.items()}
        painted = iter(paint.first_paints(site.url, chain.from_iterable(some.values())))
        for kind, paths in some.items():
            if own := list(islice(painted, len(paths))):
                kinds[kind] |= {"paint": median(own), "last paint": max(own)}
                print(f"{kind}: first paint {own}", flush=True)
    triples = release.manifest.counts.triples
    held = "disk" if from_disk else "memory"
    document = {"size": triples, "number": number, "from": held, **conditions, "kinds": kinds}
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"kinds-{triples}-{held}.json"
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def _ask(site: Server, paths: list[str]) -> dict[str, float]:
    """Milliseconds of each page, from the request to its last byte, and kilobytes of it."""
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=60)
    times, sizes, before = [], [], cpu(site.pid)
    for number, path in enumerate(paths):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Accept": f"text/html, */*;q=0.{number:03}"})
        answer = connection.getresponse()
        sizes.append(len(answer.read()) / 1024)
        times.append(1000 * (time.perf_counter() - start))
        if answer.status != 200:
            raise OSError(f"{path} answers {answer.status}")
    connection.close()
    return {
        "median": median(times),
        "p95": quantiles(times, n=20)[-1],
        "processor": 1000 * (cpu(site.pid) - before) / len(paths),
        "size": median(sizes),
    }
