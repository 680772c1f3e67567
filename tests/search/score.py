"""How well the search finds what people type: `python -m tests.search.score DIR [FILE]`.

A line of `labelled.tsv` is a kind of search, what is typed, and what is right: any of the IRIs
under `id/`, or a way that the answer leads on to, `between:` two things, to a `period:`, or to the
`visits:` that some facets choose. Leads stand before hits, as on the page.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.opening import open_store
from kg.store.release import Release
from web.app import create_app

HERE = Path(__file__).parent
FIRST, THREE = 0.90, 0.97  # of the searches, the right thing is first, or among the first three


@dataclass(frozen=True)
class Search:
    kind: str
    query: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """A search, and where the right thing stands, from 1; 0 where it does not."""

    search: Search
    rank: int
    found: tuple[str, ...]
    seconds: float  # of processor


def labelled(path: Path) -> list[Search]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line[0] != "#")
    return [Search(kind, query, tuple(right.split())) for kind, query, right in rows]


def ask(client: FlaskClient, searches: Iterable[Search]) -> Iterator[Placed]:
    for search in searches:
        start = time.process_time()
        answer = client.get(
            "/search", query_string={"q": search.query}, headers={"Accept": "application/json"}
        ).get_json()
        seconds = time.process_time() - start
        leads = [_lead(each["url"]) for each in answer.get("leads", ())]
        hits = [each["iri"].partition("/id/")[2] for each in answer["hits"]]
        found = (*leads, *hits)
        right = {_normal(each) for each in search.right}
        rank = next((at for at, each in enumerate(found, 1) if each in right), 0)
        yield Placed(search, rank, found[:3], seconds)


def _lead(url: str) -> str:
    """A lead as the labels write it."""
    parts = urlsplit(url)
    head, _, rest = unquote(parts.path).strip("/").partition("/")
    if head == "between":
        kinds = rest.split("/")
        cut = next(at for at in range(2, len(kinds)) if kinds[at] in ("person", "state", "post"))
        return _normal(f"between:{'/'.join(kinds[:cut])},{'/'.join(kinds[cut:])}")
    chosen = parse_qsl(parts.query)
    if [name for name, _ in chosen] == ["period"]:
        return f"period:{chosen[0][1]}"
    return _normal(f"{head}:{','.join(value for _, value in chosen)}")


def _normal(right: str) -> str:
    name, colon, values = right.partition(":")
    return f"{name}:{','.join(sorted(values.split(',')))}" if colon else right


def shares(placed: Sequence[Placed]) -> tuple[float, float]:
    """The share of searches with the right thing first, and among the first three."""
    ranks = [each.rank for each in placed]
    return ranks.count(1) / len(ranks), sum(0 < rank <= 3 for rank in ranks) / len(ranks)


def main(directory: str, name: str = "labelled.tsv") -> None:
    settings = Settings.load(Path(directory))
    release = Release.current(Path(directory))
    ontology = project_ontology(settings)
    graph = EmbeddedGraph(release, settings, ontology.prefixes, open_store(release, settings))
    placed = list(ask(create_app(settings, graph).test_client(), labelled(HERE / name)))
    for each in placed:
        if each.rank != 1:
            print(
                f"{each.rank or '–':>2} {each.search.query}: {', '.join(each.found) or 'nothing'}"
            )
    print(f"\n{'':12} {'searches':>8} {'first':>6} {'in three':>9} {'median':>8}")
    for kind in [*dict.fromkeys(each.search.kind for each in placed), "all"]:
        some = [each for each in placed if kind in (each.search.kind, "all")]
        first, three = shares(some)
        median = sorted(each.seconds for each in some)[len(some) // 2] * 1000
        print(f"{kind:12} {len(some):8} {first:6.0%} {three:9.0%} {median:5.1f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
