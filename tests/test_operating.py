"""What docs/operating.md and the Containerfile tell operators: units, an image, a backup."""

from __future__ import annotations

import getpass
import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import ROOT, copy_of_project, spawn_kg

TEXT = (ROOT / "docs" / "operating.md").read_text("utf-8")
UNITS = dict(re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", TEXT, re.DOTALL))
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]
PROGRAMS = Path(sysconfig.get_path("scripts"))


def test_units(tmp_path: Path) -> None:
    """systemd takes the three units as they are written, and the timer starts the build."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd at hand")
    assert set(UNITS) == {"chancery.service", "chancery-build.service", "chancery-build.timer"}
    for name, unit in UNITS.items():
        told = unit.replace("/srv/chancery/.venv/bin", str(PROGRAMS)).replace(
            "/srv/kg", str(tmp_path)
        )
        (tmp_path / name).write_text(told.replace("User=chancery", f"User={getpass.getuser()}"))
    done = subprocess.run(
        [analyze, "verify", *map(str, tmp_path.iterdir())],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_units_may_write_before_the_first_build() -> None:
    """A directory that is not there yet would keep them from starting (systemd.exec)."""
    written = re.findall(r"^ReadWritePaths=(.*)", "".join(UNITS.values()), re.MULTILINE)
    assert written == ["/srv/kg", "/srv/kg"]
    assert "\nExecStart=/srv/chancery/.venv/bin/kg serve /srv/kg\n" in UNITS["chancery.service"]


def test_backup(tmp_path: Path, project: Path, release: Release) -> None:
    """The documented commands bring a project back elsewhere, with its releases, and prove it."""
    shutil.copytree(project, tmp_path / "srv" / "kg", symlinks=True)
    there = tmp_path / "there"
    there.mkdir()
    (saving,) = [each for each in COMMANDS if "tar -C /srv -czf" in each]
    (restoring,) = [each for each in COMMANDS if "tar -C /srv -xzf" in each]
    saved = saving.replace("/srv", f"{tmp_path}/srv").replace("kg.tar.gz", f"{tmp_path}/kg.tar.gz")
    subprocess.run(shlex.split(saved), check=True)
    shutil.rmtree(tmp_path / "srv")
    restored = restoring.replace("/srv", str(there)).replace("kg.tar.gz", f"{tmp_path}/kg.tar.gz")
    subprocess.run(shlex.split(restored), check=True)
    assert "kg verify -d /srv/kg" in COMMANDS
    done = spawn_kg("verify", "-d", there / "kg")
    files = len(release.manifest.files)
    told = f"Release {release.id}: {files} files, all as they were built\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")


def test_containerfile_is_linted() -> None:
    """hadolint finds nothing."""
    linter = PROGRAMS / "hadolint"
    done = subprocess.run(
        [linter, ROOT / "Containerfile"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_container(tmp_path: Path) -> None:
    """The steps of the Containerfile, run one by one below a folder, make what serves a project
    that was never built.
    """
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python").symlink_to(sys.executable)
    (tools / "useradd").write_text(f"#!/bin/sh\nmkdir -p {tmp_path}/srv/kg\n")
    (tools / "useradd").chmod(0o755)
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(tmp_path)}
    here = tmp_path
    started: list[str] = []
    steps = re.findall(r"^([A-Z]+) (.*)", (ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE)
    for step, words in steps:
        match step:
            case "WORKDIR":
                here = tmp_path / words.removeprefix("/")
                here.mkdir(parents=True, exist_ok=True)
            case "RUN":
                subprocess.run(["/bin/sh", "-c", words], check=True, cwd=here, env=environment)
            case "COPY":
                *sources, target = words.split()
                for each in sources:
                    _copy(ROOT / each, here / target)
            case "ENV":
                environment |= dict([words.split("=", 1)])
            case "ENTRYPOINT" | "CMD":
                started += json.loads(words)
    assert here == tmp_path / "srv" / "kg"
    copy_of_project(here)
    program = [str(tmp_path / started[0].removeprefix("/")), *started[1:], "--port", "0"]
    with subprocess.Popen(
        program, cwd=here, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = next(line for line in process.stdout if "http://" in line)
            port = re.search(r":(\d+)/", said)
            assert port
            with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/health") as response:
                assert json.load(response)["ready"] is True
        finally:
            process.terminate()
    assert process.returncode == 0


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
