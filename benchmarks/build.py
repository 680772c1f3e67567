"""The full build: sheets and all public records, against loading its finished N-Quads alone, once
by `oxigraph load` and once by the build's own loader, which takes terms to be well-formed.

Then every saved query is asked of the release, and copies of the records with shifted ids show how
time and memory grow with the input.

The records lie outside the repository (README, "Getting the records"); `KG_SHARED` says where.
"""

from __future__ import annotations

import ctypes
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers, saved
from benchmarks.copies import copy_records
from benchmarks.data import circumstances
from benchmarks.load import watching
from benchmarks.process import BUILD, ROOT

SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
RESULTS = Path(__file__).with_name("results")
NAMES = ("pocom", "travels", "visits")
_LOAD = (
    "import sys; from pathlib import Path; from kg.store.embedded.load import load_quads; "
    "load_quads([Path(sys.argv[1])], Path(sys.argv[2]))"
)


COPIES = (1, 4, 16)


@dataclass(frozen=True)
class Run:
    """What a program and all its children took: seconds, of processor time too, and megabytes."""

    seconds: float
    cpu: float
    peak: float


def run(rounds: int, copies: Sequence[int] = COPIES) -> Path | None:
    """Build and load in turn, then build copies; None where the records are not at hand."""
    records = SHARED / "data" / "hsg"
    if not records.is_dir():
        print(f"{records} is absent: no build is measured")
        return None
    conditions = circumstances()
    project = BUILD / "project"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    for name in ("ontology", "queries", "seeds"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "kg.toml", project)
    sources = [f"--source={name}={records / name}" for name in NAMES]
    names = ("build", "cpu", "memory", "oxigraph", "load")
    figures: dict[str, list[float]] = {name: [] for name in names}
    peers.install()
    for number in range(rounds):
        shutil.rmtree(project / "build", ignore_errors=True)
        built = _timed([sys.executable, "-m", "kg", "build", str(project), *sources])
        figures["build"].append(built.seconds)
        figures["cpu"].append(built.cpu)
        figures["memory"].append(built.peak)
        nquads, store = BUILD / "records.nq", BUILD / "records-store"
        dump = project / "build" / "current" / "dumps" / "chancery.nq.gz"
        with gzip.open(dump) as packed, nquads.open("wb") as output:
            shutil.copyfileobj(packed, output)
        oxigraph = [str(peers.VENV / "bin" / "oxigraph"), "load", "--location", str(store)]
        loads = {
            "oxigraph": [*oxigraph, "--file", str(nquads)],
            "load": [sys.executable, "-c", _LOAD, str(nquads), str(store)],
        }
        for name, command in loads.items():
            shutil.rmtree(store, ignore_errors=True)
            figures[name].append(_timed(command).seconds)
        print(f"{number + 1}/{rounds} {figures}")
    counts = json.loads((project / "build/current/manifest.json").read_text())["counts"]
    queries = saved.measure(project, rounds)
    grown = {str(number): _copied(records, project, number) for number in copies}
    document = {
        "triples": counts["triples"],
        "rounds": rounds,
        **conditions,
        "figures": figures,
        "queries": queries,
        "copies": grown,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "build.json"
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def _copied(records: Path, project: Path, number: int) -> dict[str, float]:
    """Seconds, peak megabytes and triples of a build over `number` copies of the records."""
    copied = BUILD / "copies"
    copy_records(records, copied, number)
    shutil.rmtree(project / "build", ignore_errors=True)
    sources = [f"--source={name}={copied / name}" for name in NAMES]
    built = _timed([sys.executable, "-m", "kg", "build", str(project), *sources])
    manifest = json.loads((project / "build" / "current" / "manifest.json").read_text())
    found = {
        "seconds": built.seconds,
        "cpu": built.cpu,
        "memory": built.peak,
        "triples": manifest["counts"]["triples"],
    }
    print(f"{number} copies: {found}")
    return found


def _timed(command: list[str]) -> Run:
    """Run a program; its children end with it, or soon after."""
    # Processes that outlive their parent (multiprocessing's fork server does, for a moment)
    # become children of this one, so that their time counts (prctl(2), PR_SET_CHILD_SUBREAPER).
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    with watching(process.pid) as watch:
        if process.wait():
            raise SystemExit(f"{' '.join(command)} failed")
    seconds = time.perf_counter() - start
    with suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Run(seconds, used, watch.peak)
