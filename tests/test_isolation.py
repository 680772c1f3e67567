"""Processes run no file of the current directory, end with their parent, and keep their secrets."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import members, run_kg, wait_until_empty

HOSTILE = ("calendar", "click", "flask", "json", "pyoxigraph", "queue", "random", "rdflib",
           "selectors", "socket", "struct", "tempfile", "threading", "httptools",
           "yaml")  # fmt: skip
STARTS = {
    "script": [str(Path(sys.executable).with_name("kg"))],
    "module": [sys.executable, "-m", "kg"],
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_files_beside_the_user(tmp_path: Path, start: Sequence[str]) -> None:
    """A file by the name of a library's module is never run, by a command or by what it starts."""
    project = tmp_path / "mykg"
    assert run_kg("init", project).returncode == 0
    marker = tmp_path / "ran"
    for name in HOSTILE:
        (project / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write({name!r})\n")
    query = project / "all.rq"
    query.write_text("ASK { ?s ?p ?o }")
    for command, said in (
        (["check"], "no fault"),
        (["build"], "Release "),
        (["query", "all.rq"], "true"),
    ):
        done = subprocess.run(
            [*start, *command], cwd=project, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, said in done.stdout) == (0, True), done.stderr
    server = subprocess.Popen(
        [*start, "serve", "--port", "0"], cwd=project, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert server.stdout.readline().startswith("Serving http://")
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=20)
    assert server.returncode == 0
    assert not marker.exists(), marker.read_text()


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.5, 1.0])
def test_a_killed_server_leaves_nothing(release: Release, project: Path, delay: float) -> None:
    """Whatever it had started when it was killed ends too, be the store open or not."""
    assert release.id
    server = subprocess.Popen(
        [*STARTS["module"], "serve", str(project), "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while len(members(server.pid)) < 2:
        assert server.poll() is None
        time.sleep(0.01)
    time.sleep(delay)
    server.kill()
    server.wait()
    wait_until_empty(server.pid)


def test_what_ps_shows(release: Release, project: Path) -> None:
    """Each process has a short name, and none has a setting among its arguments."""
    assert release.id
    server = subprocess.Popen(
        [*STARTS["module"], "serve", str(project), "--port", "0"],
        env={**os.environ, "KG_TITLE": "a title nobody should see in a list of processes"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[1]
        for path in ("", "sparql?query=ASK%20%7B%7D"):
            with urllib.request.urlopen(f"{address}{path}", timeout=20) as response:
                assert response.status == 200
        shown = {}
        for each in members(server.pid):
            with suppress(FileNotFoundError):
                name = Path(f"/proc/{each}/comm").read_text().strip()
                shown[name] = Path(f"/proc/{each}/cmdline").read_text()
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    assert {"kg-nursery", "kg-child"} <= shown.keys()
    assert all(len(each) < 200 for each in shown.values()), shown
    assert not any("a title" in each for each in shown.values())


def test_few_descriptors(release: Release, project: Path) -> None:
    """What the machine does not allow is said as it is; the store is not called damaged."""
    assert release.id
    done = subprocess.run(
        [*STARTS["script"], "query", "-", "-d", str(project)],
        input="ASK {}",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: the store in {release.store} could not be opened: ")
    assert "file descriptors" in done.stderr
    assert "damaged" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
