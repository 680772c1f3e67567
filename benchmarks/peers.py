"""Starts and stops the servers that are compared, each over the same N-Quads, on loopback.

Peers live in an environment of their own (`build/bench-venv`), so that nothing of theirs reaches
the project's. One that cannot be had is left out, and the results say so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.process import ROOT, Server, free, ready, running
from benchmarks.release import make_release

VENV = ROOT / "build" / "bench-venv"
NODE = ROOT / "build" / "bench-node"
PACKAGES = ("oxigraph==0.5.13", "rdflib-endpoint[cli]==0.6.3")


def install() -> None:
    """Make the peers' environments, unless they are there."""
    if not (VENV / "bin" / "oxigraph").exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([VENV / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
    if not (NODE / "node_modules" / "trifid").exists():
        NODE.mkdir(parents=True, exist_ok=True)
        options = ("--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", NODE)
        subprocess.run(["npm", "install", *options, "trifid@5.3.0"], check=True)


@contextmanager
def chancery(nquads: Path, work: Path) -> Iterator[Server]:
    """`kg serve`, its limits for a single client lifted, since one client is all there is here."""
    project = make_release(nquads, work)
    port = free()
    limits = {
        "KG_CLIENT_SECONDS": "1e9",
        "KG_CLIENT_QUERIES": "1000",
        "KG_RESULT_SIZE": "8192",
        "KG_STORE_MEMORY": "8192",
        "KG_QUERY_MEMORY": "8192",
        "KG_QUERY_TIMEOUT": "600",
    }
    command = (sys.executable, "-m", "kg", "serve", str(project), "--port", str(port))
    with running(command, work, limits) as pid:
        yield ready(Server("Chancery", f"http://127.0.0.1:{port}/sparql", pid))


@contextmanager
def oxigraph(nquads: Path, work: Path) -> Iterator[Server]:
    """The Oxigraph server, over RocksDB, with the union of all graphs as its default graph."""
    program, store, port = VENV / "bin" / "oxigraph", work / "oxigraph", free()
    if not store.exists():
        load = (str(program), "load", "--location", str(store), "--file", str(nquads))
        subprocess.run(load, check=True, capture_output=True)
        subprocess.run([program, "optimize", "--location", store], check=True, capture_output=True)
    served = ("serve-read-only", "--location", store, "--union-default-graph")
    with running([program, *served, "--bind", f"127.0.0.1:{port}"], work) as pid:
        yield ready(Server("Oxigraph", f"http://127.0.0.1:{port}/query", pid))


@contextmanager
def rdflib_endpoint(nquads: Path, work: Path) -> Iterator[Server]:
    """rdflib-endpoint, over rdflib's own store in memory."""
    port = free()
    served = ("serve", "--host", "127.0.0.1", "--port", str(port), nquads)
    with running([VENV / "bin" / "rdflib-endpoint", *served], work) as pid:
        yield ready(Server("rdflib-endpoint", f"http://127.0.0.1:{port}/", pid))


@contextmanager
def virtuoso(nquads: Path, work: Path) -> Iterator[Server]:
    """Virtuoso 7 of Debian, with buffers for the whole graph."""
    folder = work / "virtuoso"
    fresh = not folder.exists()
    folder.mkdir(exist_ok=True)
    http, sql = free(), free()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(http=http, sql=sql, data=nquads.parent))
    command: list[str | Path] = [
        "virtuoso-t",
        "+foreground",
        "+configfile",
        folder / "virtuoso.ini",
    ]
    with running(command, folder) as pid:
        server = ready(Server("Virtuoso", f"http://127.0.0.1:{http}/sparql", pid))
        if fresh:
            script = (
                f"ld_dir('{nquads.parent}', '{nquads.name}', 'http://localhost:8000/graph/none');"
                "rdf_loader_run(); checkpoint;"
            )
            isql = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", f"exec={script}"]
            subprocess.run(isql, check=True, capture_output=True)
        yield server


@contextmanager
def trifid(nquads: Path, work: Path) -> Iterator[Server]:
    """Trifid's entity pages, asking the Oxigraph server."""
    port = free()
    with oxigraph(nquads, work) as store:
        (NODE / "trifid.yaml").write_text(_TRIFID.format(endpoint=store.url))
        served = ("-c", NODE / "trifid.yaml", "-p", str(port))
        command: tuple[str | Path, ...] = (
            "node",
            NODE / "node_modules" / "trifid" / "server.js",
            *served,
        )
        with running(command, NODE) as pid:
            yield ready(Server("Trifid", f"http://127.0.0.1:{port}", pid), path="/id/visit/v7")


PEERS: Mapping[str, Callable[[Path, Path], AbstractContextManager[Server]]] = {
    "Chancery": chancery,
    "Oxigraph": oxigraph,
    "Virtuoso": virtuoso,
    "rdflib-endpoint": rdflib_endpoint,
}

_TRIFID = """
server:
  listener: {{ host: 127.0.0.1 }}
globals:
  datasetBaseUrl: http://localhost:8000/
  endpoints: {{ default: {{ url: /query }} }}
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
  sparql-proxy:
    module: "@zazuko/trifid-plugin-sparql-proxy"
    paths: /query
    config: {{ endpointUrl: "{endpoint}" }}
"""
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
MaxVectorSize = 3500000
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
