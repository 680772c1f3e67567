"""`manifest.json` and `issues.jsonl`: what a release was made from, and what it could not take."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg import __version__
from kg.build.census import Survey
from kg.build.dumps import Dump
from kg.build.gather import Harvest
from kg.model.settings import Settings
from kg.model.sources import Issue


@dataclass(frozen=True, slots=True)
class Manifest:
    """The counts, inputs and files of one release."""

    id: str
    settings: Settings
    survey: Survey
    harvest: Harvest
    inputs: Mapping[str, str]
    dumps: tuple[Dump, ...]

    def write(self, path: Path, built: datetime) -> None:
        """Write the manifest last: a release without one is not finished.

        `built` is the only value in a release that differs from run to run.
        """
        path.write_text(json.dumps(self._document(built), indent=2) + "\n", "utf-8")

    def _document(self, built: datetime) -> dict[str, Any]:
        return {
            "id": self.id,
            "built": built.isoformat(timespec="seconds"),
            "base": self.settings.base,
            "title": self.settings.title,
            "versions": {
                "chancery": __version__,
                "python": platform.python_version(),
                **{name: version(name) for name in ("pyoxigraph", "rdflib", "pyshacl")},
            },
            "counts": {
                "triples": self.survey.triples,
                "subjects": self.survey.subjects,
                "facts": dict(sorted(self.harvest.counts.items())),
                "graphs": self.survey.graphs,
                "classes": self.survey.classes,
                "properties": self.survey.properties,
                "rows": dict(sorted(self.harvest.rows.items())),
                "issues": dict(sorted(_by_reason(self.harvest.issues).items())),
            },
            "sources": sorted(self.settings.sources),
            "inputs": dict(sorted(self.inputs.items())),
            "dumps": [asdict(dump) for dump in self.dumps],
        }


def write_issues(issues: Iterable[Issue], path: Path) -> None:
    """Write each value that could not be read, or was ignored on purpose, as one JSON line."""
    with path.open("w", encoding="utf-8") as output:
        for issue in sorted(issues):
            output.write(json.dumps(asdict(issue), ensure_ascii=False) + "\n")


def _by_reason(issues: Iterable[Issue]) -> Counter[str]:
    """How many values were not taken, by the reason."""
    counts: Counter[str] = Counter()
    for each in issues:
        counts[each.reason] += each.count
    return counts
