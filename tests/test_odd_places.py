"""Where a build finds what it did not leave so, it goes on or says in one line what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.build.publish.switch import LEFT
from kg.store.release import Release
from tests.conftest import Done, run_kg

# Users but root are told by their rights, and only root can be another user or mount a disk.
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, as in a container of CI")
NOBODY = 65534


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one release."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    return directory


def change(directory: Path, name: str = "n") -> None:
    """So that the next build makes another release."""
    with (directory / "seeds" / "entities.yaml").open("a") as sheet:
        sheet.write(f"topic/{name}: {{label: N}}\n")


def last_line(done: Done | subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def build_without_power(directory: Path) -> subprocess.CompletedProcess[str]:
    """Build as a root that may not do more than another user may (capabilities(7))."""
    return subprocess.run(
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-m", "kg", "build"],
        check=False,
        capture_output=True,
        text=True,
        cwd=directory,
        env={name: each for name, each in os.environ.items() if "COVERAGE" not in name},
    )


def give_away(*paths: Path) -> None:
    """Make them another user's, with all that is in them."""
    for root in paths:
        for path in (root, *root.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


@as_root
def test_leftovers_of_another_user(project: Path) -> None:
    """What another user's killed build left, and another user's old releases, stop no build: each
    is named once, and the new release is served."""
    first = Release.current(project)
    releases = project / "build" / "releases"
    left = releases / f"{LEFT}killed"
    (left / "release").mkdir(parents=True)
    (left / "release" / "issues.jsonl").touch()
    give_away(project / "build")
    for each in (project / "build", releases):
        each.chmod(0o777)
    change(project)
    (project / "kg.toml").write_text("keep = 1\n")
    done = build_without_power(project)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("kg: ")]
    assert len(told) == 2
    for line, each, end in (
        (told[0], left, f"nothing needs {left}: delete it as its owner"),
        (told[1], releases / first.id, "it stays as it is"),
    ):
        assert line.startswith(f"kg: {each}")
        assert line.endswith(f"; let root read and write there, or build as its owner; {end}")
    assert Release.current(project).id != first.id
    assert run_kg("verify", "-d", project).returncode == 0
    assert build_without_power(project).returncode == 0


@as_root
def test_a_folder_of_another_user(project: Path) -> None:
    """Who may not write to another user's folder is told which, and what to do."""
    change(project)
    give_away(project / "build")
    done = build_without_power(project)
    assert done.returncode == 2
    assert last_line(done).startswith(f"kg: {project}/build/releases/{LEFT}")
    assert last_line(done).endswith(
        ": Permission denied; let root read and write there, or build as its owner; nothing was "
        "released"
    )


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir], ids=["file", "folder"])
def test_current_is_no_link(project: Path, make: Callable[[Path], None]) -> None:
    """A file or a folder in its place may be somebody's; it stays, and is named."""
    current = project / "build" / "current"
    current.unlink()
    make(current)
    done = run_kg("build", project)
    assert done.returncode == 2
    assert last_line(done) == (
        f"kg: {current} is no link, which 'kg build' makes it; move it away and build again"
    )
    done = run_kg("serve", project, "--port", "0")
    assert done.returncode == 1
    assert last_line(done).startswith(f"kg: {current}/manifest.json cannot be read (")


@pytest.mark.parametrize("target", ["current", "releases/gone", "../seeds", "/"])
def test_current_leads_astray(project: Path, target: str) -> None:
    """A loop, and a link to nothing or to another place, are mended by the next build."""
    current = project / "build" / "current"
    current.unlink()
    current.symlink_to(target)
    done = run_kg("verify", "-d", project)
    assert done.returncode in (1, 2)
    assert "kg build" in last_line(done)
    assert run_kg("build", project).returncode == 0
    assert run_kg("verify", "-d", project).returncode == 0


def test_a_manifest_without_an_id(project: Path) -> None:
    """It names no release; the next build makes one in its place."""
    release = Release.current(project)
    (release.directory / "manifest.json").write_text('{"counts": {}}')
    for path in (release.directory / "manifest.json.sha256", None):
        done = run_kg("verify", "-d", project)
        assert done.returncode in (1, 2)
        assert f"{release.directory}/manifest.json is n" in last_line(done)
        if path:
            path.unlink()
    assert run_kg("build", project).returncode == 0
    assert run_kg("verify", "-d", project).returncode == 0


def test_a_long_path(tmp_path: Path) -> None:
    """What is too long for SQLite is told as such; up to there it is built in."""
    folder = tmp_path / ("d" * 200)
    last = "e" * (420 - len(str(folder)) - 1)
    assert run_kg("init", folder / last).returncode == 0
    assert run_kg("build", folder / last).returncode == 0
    longer = (folder / last).rename(folder / f"{last}e")
    done = run_kg("build", longer)
    assert done.returncode == 2
    assert last_line(done) == (
        f"kg: {longer}: found a path of 421 bytes; allowed: at most 420, as SQLite opens no file "
        "whose path has more than 512; move the project"
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("may not mount a disk here")
    yield path
    subprocess.run(["umount", str(path)], check=True)


@as_root
@pytest.mark.parametrize("room", [0, 100, 300, 1000, 2000])
def test_a_full_disk(disk: Path, room: int) -> None:
    """However few kilobytes there are left: a line, and the last good release stays whole."""
    directory = disk / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    before = Release.current(directory)
    change(directory)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "ballast").write_bytes(b"\0" * (free - room * 1024))
    done = run_kg("build", directory)
    assert done.returncode == 2
    assert last_line(done).startswith(f"kg: {directory}/build/releases")
    assert last_line(done).endswith("; free some room on that disk; nothing was released")
    before.verify()
    assert Release.current(directory) == before
    (disk / "ballast").unlink()
    assert run_kg("build", directory).returncode == 0
    assert Release.current(directory) != before
    assert not list((directory / "build" / "releases").glob(".*"))


@as_root
def test_a_read_only_disk(disk: Path) -> None:
    """It is told as such; what it holds is verified and served."""
    directory = disk / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = run_kg("build", directory)
    assert done.returncode == 2
    assert last_line(done).startswith(f"kg: {directory}/build/releases/{LEFT}")
    assert ": Read-only file system; the disk is mounted read-only: " in last_line(done)
    assert run_kg("verify", "-d", directory).returncode == 0
