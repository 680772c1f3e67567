"""The generated graph as a file, and the machine that it is measured on."""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import generate
from benchmarks.process import BUILD


def graph(size: int) -> Path:
    """The generated graph, sorted, as a file."""
    path = BUILD / f"{size}.nq"
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        raw = path.with_suffix(".raw")
        with raw.open("w") as output:
            output.writelines(f"{each}\n" for each in generate.quads(size))
        subprocess.run(["sort", "-o", path, raw], env={**os.environ, "LC_ALL": "C"}, check=True)
        raw.unlink()
    return path


def visits_of(data: Path) -> int:
    """How many visits the graph holds; they are numbered from 0."""
    with data.open() as lines:
        return sum("/id/visit/" in each[:40] and "ns#Visit> " in each for each in lines)


def circumstances() -> dict[str, str | float]:
    """When and on what machine, and how many cores other work keeps busy."""
    with Path("/proc/cpuinfo").open() as lines:
        models = [each.partition(":")[2].strip() for each in lines if each.startswith("model name")]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{len(models)} cores of {models[0]}, {gigabytes} GB",
        "load": busy(3.0),
    }


def busy(seconds: float) -> float:
    """How many cores are at work, on average over some seconds."""

    def ticks() -> int:
        user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
        return user + nice + system

    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds
