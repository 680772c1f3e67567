"""A build costs as much as it reads, whatever the number of documents and the length of a text."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

from kg.store.release import Release
from tests.conftest import run_kg
from tests.many import write_project

DOCUMENTS, CLAIMS = 600, 8


def build(directory: Path, files: int = 256) -> float:
    """Build with so few descriptors a process; give the seconds of computing that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["bash", "-c", f'ulimit -n {files}; exec "$0" -m kg build "$1"', sys.executable, directory],
        check=False,
        capture_output=True,
        text=True,
        # Coverage would be measured, too.
        env={name: each for name, each in os.environ.items() if "COVERAGE" not in name},
    )
    assert done.returncode == 0, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_twice_as_many_cost_twice_as_much(tmp_path: Path) -> None:
    """Hundreds of documents, each with its named graph, build with 256 descriptors a process; twice
    as many take twice the computing and the triples."""
    once = write_project(tmp_path / "once", DOCUMENTS, CLAIMS)
    twice = write_project(tmp_path / "twice", 2 * DOCUMENTS, CLAIMS)
    seconds = build(once), build(twice)
    first, second = (Release.current(each).manifest.counts for each in (once, twice))
    assert first.facts["claim"] == DOCUMENTS * CLAIMS
    assert sum("/graph/document/" in each for each in second.graphs) == 2 * DOCUMENTS
    assert second.triples < 2.2 * first.triples
    assert seconds[1] < 2.2 * seconds[0]


def test_a_long_text(tmp_path: Path) -> None:
    """An open text of 5 MB costs less than three seconds."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    without = build(directory)
    text = directory / "seeds" / "texts" / "example.txt"
    sheet = directory / "seeds" / "documents" / "example.yaml"
    words = text.read_text("utf-8")
    longer = words + "And so on, and so forth; the rest says nothing more.\n" * (5_000_000 // 53)
    text.write_text(longer, "utf-8")
    content = sheet.read_text("utf-8")
    content = content.replace(
        hashlib.sha256(words.encode()).hexdigest(), hashlib.sha256(longer.encode()).hexdigest()
    )
    sheet.write_text(re.sub(r"length: \d+", f"length: {len(longer)}", content), "utf-8")
    assert build(directory) - without < 3
    assert (Release.current(directory).dumps / "chancery.ttl").stat().st_size > 5_000_000
