"""What most tests need: the seeds built once, a graph over them, an app, a live server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import Client

from kg.build import pipeline
from kg.cli import main
from kg.model.settings import Settings
from kg.store import Graph
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.opening import open_store
from kg.store.release import Release
from tests.diplomacy import PREFIXES
from tests.evolving import three_releases
from tests.http_client import http_client
from web.app import create_app

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the restricted texts, the public records and the W3C suites."""
    path = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"{path} is absent: it holds texts and suites that cannot be published here")
    return path


def copy_of_project(directory: Path) -> Path:
    """A copy of the repository's project, so that tests leave its build alone."""
    for name in ("ontology", "queries", "seeds"):
        shutil.copytree(ROOT / name, directory / name)
    shutil.copy(ROOT / "kg.toml", directory)
    return directory


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def settings(project: Path) -> Settings:
    return Settings.load(project)


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    """The release of the seeds."""
    return pipeline.build(settings)


@pytest.fixture(scope="session")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Three releases of one small project (`tests.evolving`)."""
    return three_releases(tmp_path_factory.mktemp("evolving") / "mykg")


@pytest.fixture(scope="session")
def full_settings(
    shared: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The seeds with all the public records."""
    directory = tmp_path_factory.mktemp("full")
    shutil.copytree(project / "seeds", directory / "seeds")
    sources = {name: str(shared / "data" / "hsg" / name) for name in ("travels", "visits", "pocom")}
    return Settings.load(directory, sources=sources)


@pytest.fixture(scope="session")
def full_release(full_settings: Settings) -> Release:
    """Built once."""
    return pipeline.build(full_settings)


def graph_of(
    release: Release, settings: Settings, prefixes: Mapping[str, str] = PREFIXES
) -> EmbeddedGraph:
    """The graph of a release, in this process."""
    return EmbeddedGraph(release, settings, prefixes, open_store(release, settings))


@pytest.fixture(scope="session")
def graph(release: Release, settings: Settings) -> Graph:
    """The seeds' graph."""
    return graph_of(release, settings)


@pytest.fixture(scope="session")
def app(settings: Settings, graph: Graph) -> Flask:
    app = create_app(settings, graph)
    app.config["TESTING"] = True
    return app


@pytest.fixture(params=["flask", "server"])
def client(request: pytest.FixtureRequest) -> Client:
    """A client of the app itself, and of a live server: they answer alike."""
    return client_of(request.param, request)


def client_of(name: str, request: pytest.FixtureRequest) -> Client:
    """A client of the server that the fixture `name` gives, or of the app itself."""
    if name != "flask":
        return http_client(request.getfixturevalue(name))
    app: Flask = request.getfixturevalue("app")
    return app.test_client()


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run_kg(*arguments: str | Path, stdin: str | None = None, **environment: str) -> Done:
    """Run a command in this process: `run_kg("check", directory)`."""
    runner = CliRunner(env=environment)
    result = runner.invoke(main, [*map(str, arguments)], input=stdin, prog_name="kg")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def spawn_kg(*arguments: str | Path, **environment: str) -> Done:
    """Run a command in a process of its own, as a shell does."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def members(group: int) -> list[int]:
    """The processes of a process group, zombies not counted."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(pgrp) == group and state != "Z":
                found.append(int(entry.name))
    return found


def wait_until_empty(group: int) -> None:
    """No process of the group outlives the build for long."""
    deadline = time.monotonic() + 10
    while members(group):
        assert time.monotonic() < deadline, f"left behind: {members(group)}"
        time.sleep(0.05)


@contextmanager
def served(
    directory: Path, *arguments: str, run: Sequence[str] = ("-m", "kg"), **environment: str
) -> Iterator[str]:
    """The URL of a `kg serve` on a free port, which ends with the block, as Ctrl-C ends it."""
    process = subprocess.Popen(
        [sys.executable, *run, "serve", str(directory), "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout is not None
    said = (re.search(r"http://\S+(?=/)", line) for line in process.stdout)
    try:
        found = next(filter(None, said), None)
        assert found, "kg serve ended before it listened"
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0, "kg serve did not end cleanly on Ctrl-C"


@pytest.fixture
def serving() -> Iterator[Callable[..., str]]:
    """Starts servers that end with the test: `serving(directory, KG_QUERY_TIMEOUT="1")`."""
    with ExitStack() as stack:
        yield lambda *arguments, **environment: stack.enter_context(
            served(*arguments, **environment)
        )


# As where the kernel has no filters.
UNFILTERED = (
    "-c",
    "from functools import partial; from web.serving import server; "
    "server.serve = partial(server.serve, filtered=False); from kg.cli import main; main()",
)


@pytest.fixture(scope="session")
def unfiltered(release: Release, project: Path) -> Iterator[str]:
    """As `server`, without the kernel's filters."""
    assert release.id
    with served(project, run=UNFILTERED, KG_CLIENT_SECONDS="1e6") as url:
        yield url


@pytest.fixture(scope="session")
def server(release: Release, project: Path) -> Iterator[str]:
    """The URL of a live `kg serve` over the seeds, whose one client may do all that tests do."""
    assert release.id
    with served(project, KG_CLIENT_SECONDS="1e6") as url:
        yield url
