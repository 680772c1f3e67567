"""Entity pages: their latency at the server, how soon they show, how many a second beside a peer.

The peer is Trifid. Its pages have no claims and no incoming links, so they ask its store for less.
Both are asked in turn, over the same graph, for the same pages, none of them twice.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks import paint, peers
from benchmarks.data import circumstances, graph, visits_of
from benchmarks.load import PAGES, Load, press
from benchmarks.process import Server

SECONDS = 4.0
RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Page:
    """A kind of page: its path with `#` for a number, and `@` where each request has another
    address, so that a page that is asked for again does not come from a cache.

    `share` is how many such pages there are for each visit.
    """

    title: str
    path: str
    share: float


LEAF = Page("a visit", "/page/visit/v#", 1)
KINDS = (
    LEAF,
    Page("the same visit, hot", "/page/visit/v7", 1),
    Page("a person", "/page/person/p#?fresh=@", 0.09),
    Page("the person with the most visits", "/page/person/p0?fresh=@", 1),
    Page("a topic of all visits", "/page/topic/t0?fresh=@", 1),
    Page("a city", "/page/place/c#?fresh=@", 0.018),
    Page("a record", "/page/record/generated/#", 1),
    Page("a claim", "/page/claim/generated/1/place?fresh=@", 1),
    Page("a visit as Turtle", "/data/visit/v#.ttl", 1),
    Page("search", "/search?q=visit+#", 1),
    Page("the home page, hot", "/", 1),
)
PAINTED = ("visit/v11", "visit/v12", "person/p0", "person/p13", "place/c14", "state/s15")


def run(size: int, rounds: int) -> Path:
    """Measure every kind of page one at a time, their first paint, then leaves beside the peer."""
    data = graph(size)
    conditions = circumstances()
    work = data.with_suffix("")
    work.mkdir(exist_ok=True)
    visits = visits_of(data)
    latencies: dict[str, list[Load]] = {}
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        ours = stack.enter_context(peers.chancery(data, work))
        site = Server("Chancery", ours.url.removesuffix("/sparql"), ours.pid)
        for number in range(rounds):
            for kind in KINDS:
                got = _press(site, kind, visits, connections=1, seed=number)
                latencies.setdefault(kind.title, []).append(got)
                print(f"{number + 1}/{rounds} {kind.title}: {got}")
        addresses = [f"/page/{each}?fresh={n}" for each in PAINTED for n in range(rounds)]
        times = paint.first_paints(site.url, addresses)
        painted = [median(times[at : at + rounds]) for at in range(0, len(times), rounds)]
        print(f"first paint: {painted}")
        trifid = stack.enter_context(peers.trifid(data, work))
        for number in range(rounds):
            for server, path in ((site, LEAF.path), (trifid, "/id/visit/v#")):
                kind = Page(LEAF.title, path, 1)
                got = _press(server, kind, visits, connections=4, seed=rounds + number)
                rates.setdefault(server.name, []).append(0.0 if got.errors else got.rate)
                print(f"{number + 1}/{rounds} pages a second, {server.name}: {got}")
    document = {
        "size": sum(1 for _ in data.open()),
        "rounds": rounds,
        **conditions,
        "latencies": {
            title: [asdict(each) for each in loads] for title, loads in latencies.items()
        },
        "paint": painted,
        "rates": rates,
    }
    RESULTS.mkdir(exist_ok=True)
    written = RESULTS / f"pages-{size}.json"
    written.write_text(json.dumps(document, indent=1) + "\n")
    return written


def _press(server: Server, kind: Page, visits: int, connections: int, seed: int) -> Load:
    return press(
        server,
        PAGES,
        seconds=SECONDS,
        connections=connections,
        seed=seed,
        template=kind.path,
        count=int(kind.share * visits),
    )
