"""What is wrong with the files of a release is named, healed by a build, and not served."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from kg.store.release import Damaged, Release, current_file
from tests.conftest import Done, copy_of_project, run_kg, spawn_kg
from tests.endpoint.test_wire import STARTS
from tests.test_releases import digests


def size(release: Release, path: Path) -> int:
    """What the manifest says of a file."""
    name = path.relative_to(release.directory).as_posix()
    return next(each.size for each in release.manifest.files if each.name == name)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


HARMS: list[Callable[[Path], None]] = [flip, cut, Path.unlink]


@pytest.mark.parametrize("harm", HARMS, ids=["flip", "cut", "delete"])
def test_every_file_is_verified_and_healed(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """Whatever is done to whichever file: kg verify names it, kg serve does not start, and
    kg build puts a sound directory in its place."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    release = Release.current(directory)
    sound = f"Release {release.id}: {len(release.manifest.files)} files, all as they were built\n"
    assert run_kg("verify", "-d", directory) == Done(0, sound, "")
    whole = shutil.copytree(release.directory, tmp_path / "whole")
    harmed = []
    for copy in sorted(path for path in whole.rglob("*") if path.is_file()):
        path = release.directory / copy.relative_to(whole)
        if copy.stat().st_size == 0 and harm != Path.unlink:
            continue
        harmed.append(path)
        harm(path)
        for command in (("verify", "-d", directory), ("serve", directory, "--port", "0")):
            done = run_kg(*command)
            assert done.returncode == 1, path
            assert f"{path} " in done.stderr or f"{path.name} beside it" in done.stderr
            assert "kg build" in done.stderr
        shutil.copy(copy, path)
    assert len(harmed) > 30
    for path in harmed:
        harm(path)
    heal(directory)


def heal(directory: Path) -> Release:
    """Build, and find everything as it was built."""
    before = (directory / "build" / "current").readlink()
    assert run_kg("build", directory).returncode == 0
    assert (directory / "build" / "current").readlink() == before
    assert run_kg("verify", before.name, "-d", directory).returncode == 0
    return Release.current(directory)


def test_what_is_no_file_of_the_release(tmp_path: Path) -> None:
    """A file more is named, so is a link in a file's place; the next build sweeps them away."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    release = Release.current(directory)
    (release.store / "more").write_text("x")
    release.search.rename(tmp_path / "elsewhere")
    release.search.symlink_to(tmp_path / "elsewhere")
    assert run_kg("verify", "-d", directory).stderr.splitlines() == [
        f"kg: {release.search} is no file any more",
        f"{release.store / 'more'} is no file of the release",
        f"'kg build' makes release {release.id} anew",
    ]
    heal(directory)
    done = run_kg("verify", "0123456789abcdef", "-d", directory)
    missing = directory / "build/releases/0123456789abcdef"
    assert done == Done(2, "", f"kg: {missing} holds no release; run 'kg build' first\n")


def test_a_rebuild_renews_the_manifest_and_keeps_the_store(tmp_path: Path) -> None:
    """The same input gives the same id, a new file of the manifest, which names the time of the
    first build as citations do, and the same files of the store, which servers may have open."""
    directory = copy_of_project(tmp_path / "project")
    assert run_kg("build", directory).returncode == 0
    before, file = Release.current(directory), current_file(directory)
    held = before.hold()
    kept = {path: path.stat().st_ino for path in before.store.iterdir()}
    assert run_kg("build", directory).returncode == 0
    after = Release.current(directory)
    assert (after, digests(after)) == (before, digests(before))
    assert after.manifest.built == before.manifest.built
    assert {path: path.stat().st_ino for path in after.store.iterdir()} == kept
    assert current_file(directory) != file
    left = list((directory / "build" / "releases").glob(".building-*/release/manifest.json"))
    assert [each.stat().st_ino for each in left] == [file[1]]
    held.close()
    assert run_kg("build", directory).returncode == 0
    assert [each.name for each in (directory / "build" / "releases").iterdir()] == [after.id]


def test_a_server_takes_up_a_rebuild_of_the_same_id(
    tmp_path: Path, serving: Callable[..., str]
) -> None:
    """A damaged release is healed under a running server, which answers all the while."""
    directory = copy_of_project(tmp_path / "project")
    assert run_kg("build", directory).returncode == 0
    url = serving(directory)
    release = Release.current(directory)
    flip(release.dumps / "chancery.ttl")
    held = (release.directory / "manifest.json").open("rb")
    assert not is_free(held)
    assert run_kg("build", directory).returncode == 0
    deadline = time.monotonic() + 20
    while not is_free(held):
        assert time.monotonic() < deadline, "the server holds the replaced release for good"
        with urllib.request.urlopen(url + "/page/visit/kerry-russia-2015-05") as answer:
            assert answer.status == 200
        time.sleep(0.1)
    with urllib.request.urlopen(url + "/dumps/chancery.ttl") as answer:
        expected = next(each for each in release.manifest.dumps if each.name == "chancery.ttl")
        assert hashlib.sha256(answer.read()).hexdigest() == expected.sha256
    held.close()


def is_free(manifest: BinaryIO) -> bool:
    """Whether no server holds the release of that manifest."""
    try:
        fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(manifest, fcntl.LOCK_UN)
    return True


def test_a_damaged_release(tmp_path: Path) -> None:
    """It is named, and built anew; a damaged store cannot be served."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    release = Release.current(directory)
    manifest = release.directory / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8")[:40], "utf-8")
    with pytest.raises(Damaged, match=r"manifest\.json is not what manifest\.json\.sha256 beside"):
        Release.current(directory)
    assert run_kg("build", directory).returncode == 0
    assert Release.current(directory) == release
    for each in release.store.glob("*.sst"):
        each.write_bytes(b"damaged")
    done = spawn_kg("serve", directory, "--port", "0")
    assert done.returncode == 1
    first, *others = sorted(release.store.glob("*.sst"))
    *starts, said = done.stderr.splitlines()
    assert all(each.startswith(STARTS) for each in starts)
    assert said == (
        f"kg: {first} has 7 bytes; the manifest says {size(release, first):,}, and {len(others)} "
        "files more are damaged; 'kg build' makes the release anew"
    )
