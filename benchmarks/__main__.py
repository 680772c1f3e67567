"""`python -m benchmarks`: measure, and write RESULTS.md from all figures that there are."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks import build, endpoint, kinds, pages, peers, report
from benchmarks.process import BUILD

PARTS = ("endpoint", "pages", "build", "kinds")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"what to measure, of {', '.join(PARTS)}")
    parser.add_argument("--size", type=int, action="append", help="quads; may be given often")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--server", action="append", help="compare these endpoints alone")
    parser.add_argument(
        "--project", type=Path, default=BUILD / "project", help="whose pages 'kinds' asks for"
    )
    parser.add_argument("--from-disk", action="store_true", help="'kinds' reads the graph there")
    parser.add_argument("--report", action="store_true", help="only write RESULTS.md again")
    options = parser.parse_args()
    if not options.report:
        measure(options)
    report.write()


def measure(options: argparse.Namespace) -> None:
    """Run the chosen parts, all by default."""
    parts = options.part or PARTS
    if "kinds" in parts:
        kinds.run(options.project, from_disk=options.from_disk)
    if not {"endpoint", "pages", "build"}.isdisjoint(parts):
        beside_peers(options, parts)


def beside_peers(options: argparse.Namespace, parts: Sequence[str]) -> None:
    """Run the parts that need the peers."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing; install it: apt-get install wrk")
    peers.install()
    for size in options.size or [100_000]:
        if "endpoint" in parts:
            endpoint.run(size, options.rounds, _servers(options.server, size))
        if "pages" in parts:
            pages.run(size, options.rounds)
    if "build" in parts:
        build.run(options.rounds)


def _servers(chosen: list[str] | None, size: int) -> tuple[str, ...]:
    names = [each for each in chosen or peers.PEERS if peers.available(each)]
    if size > 100_000 and "rdflib-endpoint" in names:
        names.remove("rdflib-endpoint")  # it would take minutes for one answer
    return tuple(names)


if __name__ == "__main__":
    main()
