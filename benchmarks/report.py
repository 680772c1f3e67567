"""RESULTS.md and its picture, from the figures in `results/`."""

from __future__ import annotations

import json
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.picture import OURS, picture_of, ratio

HERE = Path(__file__).parent
RESULTS = HERE / "results"
LIMIT = 100  # milliseconds that a saved query may take


def write() -> None:
    """Write RESULTS.md and results/*.svg anew."""
    parts = [(HERE / "HOW.md").read_text("utf-8").rstrip()]
    endpoints = sorted(RESULTS.glob("endpoint-*.json"), key=lambda path: int(path.stem[9:]))
    for path in endpoints:
        document = json.loads(path.read_text())
        picture = path.with_suffix(".svg")
        picture.write_text(picture_of(document), "utf-8")
        parts.append(_endpoint(document, picture.name))
    pages = sorted(RESULTS.glob("pages-*.json"), key=lambda path: int(path.stem[6:]))
    parts += [_pages(json.loads(path.read_text())) for path in pages]
    parts += [_kinds(json.loads(path.read_text())) for path in sorted(RESULTS.glob("kinds-*.json"))]
    if (RESULTS / "build.json").exists():
        parts.append(_build(json.loads((RESULTS / "build.json").read_text())))
    (HERE / "RESULTS.md").write_text("\n\n".join(parts) + "\n", "utf-8")


def _endpoint(document: dict[str, Any], picture: str) -> str:
    names = document["servers"]
    rows = [
        f"| | {' | '.join(names)} | unit |",
        f"|---|{'---:|' * len(names)}---|",
    ]
    for title, figures in document["figures"].items():
        ours = median(figures[OURS]) if OURS in figures else 0.0
        cells = [_cell(median(figures[name]), ours, name) for name in names]
        rows.append(f"| {title} | {' | '.join(cells)} | {document['units'][title]} |")
    for title, used in document["cpu"].items():
        ours = median(used[OURS]) if OURS in used else 0.0
        cells = [_time(median(used[name]), ours, name) for name in names]
        rows.append(f"| {title}: processor time of each | {' | '.join(cells)} | ms |")
    for title, key in (("Memory at rest", "idle"), ("Most memory during the CONSTRUCT", "peaks")):
        cells = [f"{document[key][name]:,.0f}" for name in names]
        rows.append(f"| {title} | {' | '.join(cells)} | MB |")
    return "\n".join(
        [
            f"## Endpoint, {document['size']:,} quads",
            "",
            f"{_circumstances(document)} Medians of {document['rounds']} interleaved rounds; in "
            "brackets, how many times faster Chancery is.",
            "",
            *rows,
            "",
            f"![How many times faster Chancery is](results/{picture})",
        ]
    )


def _pages(document: dict[str, Any]) -> str:
    rows = ["| page | median, ms | p99, ms | processor, ms |", "|---|---:|---:|---:|"]
    for title, loads in document["latencies"].items():
        if any(each["errors"] for each in loads):
            rows.append(f"| {title} | fails | | |")
            continue
        told = (median(each[key] for each in loads) for key in ("p50", "p99", "cpu"))
        rows.append(f"| {title} | {' | '.join(f'{value:.1f}' for value in told)} |")
    rates = {name: median(values) for name, values in document["rates"].items()}
    pages = ", ".join(f"{name} {rate:,.1f}" for name, rate in rates.items())
    return "\n".join(
        [
            f"## Pages, {document['size']:,} quads",
            "",
            f"{_circumstances(document)} One connection; medians of {document['rounds']} rounds "
            "of some seconds, each request for another page of its kind.",
            "",
            *rows,
            "",
            *_paint(document.get("paint", [])),
            f"Pages of visits a second, four connections, each page asked for once: {pages}.",
        ]
    )


def _kinds(document: dict[str, Any]) -> str:
    number, keys = document["number"], ("median", "p95", "processor", "size", "paint", "last paint")
    rows = [
        "| page | median, ms | p95, ms | processor, ms | size, KB | first paint, ms | at most |",
        f"|---|{'---:|' * len(keys)}",
    ]
    for title, told in document["kinds"].items():
        cells = (f"{told[key]:,.{int(key in keys[:3])}f}" if key in told else "" for key in keys)
        rows.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(
        [
            f"## Kinds of pages, {document['size']:,} triples from {document['from']}",
            "",
            f"{_circumstances(document)} {number} pages of each kind, none twice, drawn by a "
            "seeded generator, over one connection, not compressed; the first paint is that of "
            "some of them in Chromium, nothing cached.",
            "",
            *rows,
        ]
    )


def _paint(painted: list[float]) -> list[str]:
    if not painted:
        return []
    return [
        f"First contentful paint of {len(painted)} entity pages in Chromium, nothing cached: "
        f"median {median(painted):.0f} ms, the slowest page {max(painted):.0f} ms.",
        "",
    ]


def _build(document: dict[str, Any]) -> str:
    keys = ("build", "oxigraph", "load", "memory")
    build, oxigraph, load, peak = (median(document["figures"][key]) for key in keys)
    rate, rounds = document["triples"] / build, sorted(document["figures"]["build"])
    return "\n".join(
        [
            f"## Build, {document['triples']:,} quads",
            "",
            f"{_circumstances(document)} The sheets and all public records, from their files to a "
            f"finished release; medians of {document['rounds']} rounds.",
            "",
            "| | |",
            "|---|---:|",
            f"| Seconds for a release | {build:.1f} |",
            f"| Processor seconds of all its processes | {_middle(document, 'cpu')} |",
            f"| Quads a second, end to end | {rate:,.0f} |",
            f"| Peak memory of all its processes, MB | {peak:,.0f} |",
            f"| Loading the finished N-Quads alone, `oxigraph load` | {oxigraph:.1f} s; the build "
            f"takes {ratio(build / oxigraph)} that |",
            f"| Loading them by the build's own loader, which checks no term | {load:.1f} s; the "
            f"build takes {ratio(build / load)} that |",
            f"| Seconds of the single rounds | {', '.join(f'{each:.1f}' for each in rounds)} |",
            *_saved(document.get("queries", {})),
            *_copies(document.get("copies", {})),
        ]
    )


def _middle(document: dict[str, Any], key: str) -> str:
    figures = document["figures"].get(key)
    return f"{median(figures):.1f}" if figures else "not measured"


def _saved(queries: dict[str, float]) -> list[str]:
    """How long the saved queries take, the slowest by name."""
    if not queries:
        return []
    ranked = sorted(queries.items(), key=itemgetter(1), reverse=True)
    slow = sum(time >= LIMIT for time in queries.values())
    return [
        "",
        f"The {len(queries)} saved queries by their API, on this release, each with its default "
        f"values and nothing cached: median {median(queries.values()):.1f} ms, "
        f"{slow} of {LIMIT} ms or more. The slowest:",
        "",
        "| saved query | ms |",
        "|---|---:|",
        *(f"| `{name}` | {time:.1f} |" for name, time in ranked[:5]),
    ]


def _copies(grown: dict[str, dict[str, float]]) -> list[str]:
    """Builds over copies of the records, one round each."""
    if not grown:
        return []
    head = (
        "| copies of the records | quads | seconds | processor seconds | quads a second | peak MB |"
    )
    return [
        "",
        head,
        "|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {number} | {each['triples']:,.0f} | {each['seconds']:.1f} | {each['cpu']:.1f} | "
            f"{each['triples'] / each['seconds']:,.0f} | {each['memory']:,.0f} |"
            for number, each in grown.items()
        ),
    ]


def _circumstances(document: dict[str, Any]) -> str:
    busy = document["load"]
    others = f" Other work kept {busy:.1f} cores busy meanwhile." if busy > 0.5 else ""
    return f"{document['when']}, {document['machine']}.{others}"


def _time(value: float, ours: float, name: str) -> str:
    text = f"{value:.3f}"
    return text if name == OURS or not ours else f"{text} ({ratio(value / ours)})"


def _cell(value: float, ours: float, name: str) -> str:
    if not value:
        return "fails"
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return text if name == OURS or not ours else f"{text} ({ratio(ours / value)})"
