"""What a release says of itself: counts, inputs, versions, credits, files, what was not
taken and what is unsure.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from kg import __version__
from kg.build.gather.harvest import Harvest
from kg.build.lines.census import Census
from kg.model.iris import Minter
from kg.model.sources import Credit, Credited, Issue, Review
from kg.store.manifest import CHECKSUM, MANIFEST, Counts, File
from kg.store.verify import names


def credits_of(sources: Iterable[object]) -> tuple[Credit, ...]:
    """Whom the sources say to credit for their data."""
    found = (each.credits for each in sources if isinstance(each, Credited))
    return tuple(sorted(set().union(*found)))


def versions(credited: Iterable[Credit]) -> dict[str, str]:
    """Those of the programs that make a release, and of the packages whose data is in it."""
    packages = sorted({each.package for each in credited if each.package})
    return {
        "chancery": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{
            name: version(name)
            for name in ("arro3-io", "pyoxigraph", "rdflib", "pyshacl", *packages)
        },
    }


def identify(graph: str, inputs: Mapping[str, str], credited: Iterable[Credit]) -> str:
    """The id of a release: a hash of its inputs, of `graph`, which settings are in, and of the
    versions of Chancery, its engine, what writes Parquet, and the data packages (DESIGN §5).
    """
    decisive = {"arro3-io", "chancery", "pyoxigraph", *(each.package for each in credited)}
    made_by = {name: each for name, each in versions(credited).items() if name in decisive}
    made_of = json.dumps([graph, dict(inputs), made_by], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def counts(census: Census, harvest: Harvest) -> Counts:
    """What the graph holds, and what came of the sources."""
    issues: Counter[str] = Counter()
    for each in harvest.issues:
        issues[each.reason] += each.count
    return Counts(
        triples=census.triples,
        subjects=census.subjects,
        facts=dict(sorted(harvest.counts.items())),
        graphs=census.graphs,
        classes=census.classes,
        properties=census.properties,
        rows=dict(sorted(harvest.rows.items())),
        issues=dict(sorted(issues.items())),
        languages=census.languages,
    )


def files(directory: Path) -> tuple[File, ...]:
    """Every file of a release but its manifest, by name."""
    found = (each for each in names(directory) if each not in (MANIFEST, CHECKSUM))
    return tuple(File.of(directory / name, name) for name in sorted(found))


def write_issues(issues: Iterable[Issue], path: Path) -> None:
    """Write each value that could not be read, or was ignored on purpose, as one JSON line."""
    with path.open("w", encoding="utf-8") as output:
        for issue in sorted(issues):
            output.write(json.dumps(asdict(issue), ensure_ascii=False) + "\n")


def write_reviews(reviews: Iterable[Review], minter: Minter, path: Path) -> None:
    """Write each thing that is not sure as one JSON line, kind by kind; references are IRIs."""
    with path.open("w", encoding="utf-8") as output:
        for each in sorted(set(reviews)):
            candidates = [minter.entity(ref) for ref in each.candidates]
            told = asdict(each) | {"about": minter.entity(each.about), "candidates": candidates}
            output.write(json.dumps(told, ensure_ascii=False) + "\n")
