"""Starts and stops the servers that are compared, each over the same N-Quads, on loopback.

Peers live in an environment of their own (`build/bench-venv`), so that nothing of theirs reaches
the project's. One that cannot be had is left out, and the results say so.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.release import make_release

ROOT = Path(__file__).parent.parent
VENV = ROOT / "build" / "bench-venv"
PACKAGES = ("oxigraph==0.5.13", "rdflib-endpoint==0.6.3")


@dataclass(frozen=True)
class Server:
    """A running server: the URL of its endpoint, and the process whose family it is."""

    name: str
    url: str
    pid: int


def install() -> None:
    """Make the peers' environment, unless it is there."""
    if not (VENV / "bin" / "oxigraph").exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([VENV / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)


@contextmanager
def chancery(nquads: Path, work: Path) -> Iterator[Server]:
    """`kg serve`, its limits for a single client lifted, since one client is all there is here."""
    project = make_release(nquads, work)
    port = _free()
    limits = {
        "KG_CLIENT_SECONDS": "1e9",
        "KG_CLIENT_QUERIES": "1000",
        "KG_RESULT_SIZE": "8192",
        "KG_STORE_MEMORY": "8192",
        "KG_QUERY_MEMORY": "8192",
        "KG_QUERY_TIMEOUT": "600",
    }
    command = [sys.executable, "-m", "kg", "serve", project, "--port", str(port)]
    with _running(command, work, limits) as pid:
        yield _ready(Server("Chancery", f"http://127.0.0.1:{port}/sparql", pid))


@contextmanager
def oxigraph(nquads: Path, work: Path) -> Iterator[Server]:
    """The Oxigraph server, over RocksDB, with the union of all graphs as its default graph."""
    program, store, port = VENV / "bin" / "oxigraph", work / "oxigraph", _free()
    if not store.exists():
        load = [program, "load", "--location", store, "--file", nquads]
        subprocess.run(load, check=True, capture_output=True)
        subprocess.run([program, "optimize", "--location", store], check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", store, "--union-default-graph"]
    with _running([*command, "--bind", f"127.0.0.1:{port}"], work) as pid:
        yield _ready(Server("Oxigraph", f"http://127.0.0.1:{port}/query", pid))


@contextmanager
def rdflib_endpoint(nquads: Path, work: Path) -> Iterator[Server]:
    """rdflib-endpoint, over rdflib's own store in memory."""
    port = _free()
    command = [VENV / "bin" / "rdflib-endpoint", "serve", "--host", "127.0.0.1"]
    with _running([*command, "--port", str(port), nquads], work) as pid:
        yield _ready(Server("rdflib-endpoint", f"http://127.0.0.1:{port}/", pid), seconds=600)


@contextmanager
def virtuoso(nquads: Path, work: Path) -> Iterator[Server]:
    """Virtuoso 7 of Debian, with buffers for the whole graph."""
    folder = work / "virtuoso"
    fresh = not folder.exists()
    folder.mkdir(exist_ok=True)
    http, sql = _free(), _free()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(http=http, sql=sql, data=nquads.parent))
    command = ["virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini"]
    with _running(command, folder) as pid:
        server = _ready(Server("Virtuoso", f"http://127.0.0.1:{http}/sparql", pid), seconds=120)
        if fresh:
            script = (
                f"ld_dir('{nquads.parent}', '{nquads.name}', 'http://localhost:8000/graph/none');"
                "rdf_loader_run(); checkpoint;"
            )
            isql = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", f"exec={script}"]
            subprocess.run(isql, check=True, capture_output=True)
        yield server


PEERS: Mapping[str, Callable[[Path, Path], AbstractContextManager[Server]]] = {
    "Chancery": chancery,
    "Oxigraph": oxigraph,
    "Virtuoso": virtuoso,
    "rdflib-endpoint": rdflib_endpoint,
}

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = ., {data}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
MaxQueryMem = 4G
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
[SPARQL]
"""


def available(name: str) -> bool:
    """Whether the peer is on this machine."""
    return name != "Virtuoso" or shutil.which("virtuoso-t") is not None


@contextmanager
def _running(
    command: list[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT if command[0] == sys.executable else folder,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(server: Server, seconds: float = 60) -> Server:
    """Wait until the server answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{server.url}?query=ASK%7B%7D", timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return server


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
