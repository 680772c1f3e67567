"""Releases: reproducible, immutable, switched in one step, and never half made."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg.build.publish.inputs import commit
from kg.build.publish.switch import prune
from kg.scaffold import create
from kg.store.release import Release
from tests.conftest import ROOT, copy_of_project, run_kg, spawn_kg, wait_until_empty

SEEDS_OF_HASHING = ("0", "1", "4242")


def digests(release: Release) -> dict[str, str]:
    """The SHA-256 of each file that must be the same from run to run."""
    folders = (*release.dumps.iterdir(), *release.tables.iterdir())
    files = [*folders, release.directory / "void.ttl", release.search]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_input_same_bytes(tmp_path: Path) -> None:
    """Dumps, tables, VoID, search index and id are identical across hash seeds and directories."""
    found = []
    for seed in SEEDS_OF_HASHING:
        directory = copy_of_project(tmp_path / seed)
        assert spawn_kg("build", directory, PYTHONHASHSEED=seed).returncode == 0
        release = Release.current(directory)
        found.append((release.id, digests(release)))
    assert found[0] == found[1] == found[2]


def test_manifest(release: Release) -> None:
    """The manifest counts what the release holds and names what it was made from."""
    manifest = json.loads((release.directory / "manifest.json").read_text("utf-8"))
    assert manifest["id"] == release.id
    counts = manifest["counts"]
    dumped = gzip.decompress((release.dumps / "chancery.nq.gz").read_bytes()).splitlines()
    meta = [line for line in dumped if b"/graph/meta> ." in line]
    assert counts["triples"] == len(dumped) - len(meta)
    assert sum(counts["graphs"].values()) == counts["triples"]
    assert counts["facts"]["document"] == 3
    sheet = (ROOT / "seeds/documents/another-reset.yaml").read_bytes()
    digest = hashlib.sha256(sheet).hexdigest()
    assert manifest["inputs"]["seeds/documents/another-reset.yaml"] == digest
    for dump in manifest["dumps"]:
        content = (release.dumps / dump["name"]).read_bytes()
        assert dump["size"] == len(content)
        assert dump["sha256"] == hashlib.sha256(content).hexdigest()
    named = {each["name"]: each["sha256"] for each in manifest["files"]}
    there = {path for path in release.directory.rglob("*") if path.is_file()}
    assert {str(path.relative_to(release.directory)) for path in there} == {
        *named,
        "manifest.json",
        "manifest.json.sha256",
    }
    for name, expected in named.items():
        content = (release.directory / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == expected, name
    assert set(manifest["versions"]) == {
        "arro3-io", "chancery", "python", "sqlite", "pyoxigraph", "rdflib", "pyshacl"
    }  # fmt: skip


def test_dumps_agree(release: Release) -> None:
    """Every format holds the same triples, in rdflib and in Oxigraph, without blank nodes."""
    turtle = (release.dumps / "chancery.ttl").read_bytes()
    reference = rdflib.Graph().parse(data=turtle, format="turtle")
    assert not [term for triple in reference for term in triple if isinstance(term, rdflib.BNode)]
    assert len(list(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE))) == len(reference)
    for extension, name in {"nt": "nt", "rdf": "xml", "ttl": "turtle"}.items():
        data = gzip.decompress((release.dumps / f"chancery.{extension}.gz").read_bytes())
        assert isomorphic(rdflib.Graph().parse(data=data, format=name), reference), extension
    for extension, name in {"nq": "nquads", "trig": "trig", "jsonld": "json-ld"}.items():
        data = gzip.decompress((release.dumps / f"chancery.{extension}.gz").read_bytes())
        quads = set(rdflib.Dataset().parse(data=data, format=name).quads())
        assert len(quads) == len(reference), extension
        assert {quad[:3] for quad in quads} == set(reference), extension


def test_one_dump_a_source_graph(release: Release) -> None:
    """Each named graph has its file, and together they hold the whole."""
    files = sorted(release.dumps.glob("graph-*.ttl.gz"))
    assert "graph-document-another-reset.ttl.gz" in [path.name for path in files]
    total = sum(
        len(rdflib.Graph().parse(data=gzip.decompress(path.read_bytes()), format="turtle"))
        for path in files
    )
    assert total == len(rdflib.Graph().parse(release.dumps / "chancery.ttl"))


def test_a_loss_is_refused(tmp_path: Path) -> None:
    """A build that lost most triples is not switched to."""
    directory = copy_of_project(tmp_path / "project")
    assert run_kg("build", directory).returncode == 0
    before = Release.current(directory).id
    for name in ("documents", "records"):
        shutil.rmtree(directory / "seeds" / name)
    done = run_kg("build", directory)
    assert done.returncode == 1
    assert "triples" in done.stderr
    assert Release.current(directory).id == before


def test_two_builds_at_once(tmp_path: Path) -> None:
    """The second build of a project says that another is running."""
    directory = copy_of_project(tmp_path / "project")
    (directory / "build").mkdir()
    with (directory / "build" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_kg("build", directory)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        f"kg: another build of {directory} is running; wait for it",
    )


@pytest.mark.parametrize("kilobytes", [20, 60, 100, 200])
def test_no_room_for_a_release(tmp_path: Path, kilobytes: int) -> None:
    """A disk that is full at whatever stage gives a line; the last good release stays, alone."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    assert run_kg("build", directory).returncode == 0
    before = Release.current(directory).id
    done = subprocess.run(
        ["bash", "-c", f'ulimit -f {kilobytes}; exec "$0" -m kg build', sys.executable],
        cwd=directory,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        # Coverage would write its own files, and complain of the limit.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(
        rf"kg: {re.escape(str(directory))}/build/releases\S*: .*File too large.*; raise the limit "
        r"of the size of files \(ulimit -f\); nothing was released",
        last,
    )
    assert "Traceback" not in done.stderr
    assert Release.current(directory).id == before
    assert [each.name for each in (directory / "build" / "releases").iterdir()] == [before]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder of releases belongs, or of a new project."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    (directory / "build").touch()
    done = run_kg("build", directory)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"kg: {directory}/build/releases: Not a directory; move that file away; nothing was "
        "released"
    )
    done = run_kg("init", directory / "kg.toml" / "another")
    assert (done.returncode, done.stderr) == (
        2,
        f"kg: [Errno 20] Not a directory: '{directory}/kg.toml/another'\n",
    )


def test_the_manifest_says_what_was_read(tmp_path: Path) -> None:
    """Texts, the vocabulary, questions, rows; and the commit, with Git's files alone to tell it."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    (directory / "queries").mkdir()
    (directory / "queries" / "all.rq").write_text(
        "#+ title: All\n#+ question: What is there?\n#+ group: Tests\n"
        "SELECT ?s WHERE { ?s a clm:Document }\n"
    )
    assert run_kg("build", directory).returncode == 0
    first = Release.current(directory)
    assert set(first.manifest.inputs) == {
        "queries/all.rq",
        "seeds/documents/example.yaml",
        "seeds/entities.yaml",
        "seeds/texts/example.txt",
    }
    assert first.manifest.commits == {}
    entities = directory / "seeds" / "entities.yaml"
    entities.write_text(entities.read_text("utf-8") + "# a remark\n")
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first"],
    ):
        subprocess.run(["git", *command], cwd=directory, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=directory, text=True).strip()
    assert run_kg("build", directory).returncode == 0
    second = Release.current(directory)
    assert second.manifest.commits == {".": head}
    assert second.id != first.id
    assert digests(second) == digests(first)
    subprocess.run(["git", "pack-refs", "--all"], cwd=directory, check=True)
    assert commit(directory / "seeds") == head
    subprocess.run(["git", "checkout", "-q", "--detach"], cwd=directory, check=True)
    assert commit(directory) == head
    subprocess.run(["git", "worktree", "add", "-q", tmp_path / "tree"], cwd=directory, check=True)
    assert commit(tmp_path / "tree" / "seeds") == head


def test_old_releases_are_pruned(tmp_path: Path) -> None:
    """The newest stay whole, as many as `keep` says, and the one that is held, as by a server; of
    the others what they were and changed."""
    directory = tmp_path / "mykg"
    list(create(directory))
    entities = directory / "seeds" / "entities.yaml"
    numbers = count()

    def build(**environment: str) -> str:
        """A release of its own, by one topic more."""
        topic = f"topic/n{next(numbers)}: {{label: N}}\n"
        entities.write_text(entities.read_text("utf-8") + topic)
        assert spawn_kg("build", directory, **environment).returncode == 0
        return Release.current(directory).id

    def kept() -> set[str]:
        found = (directory / "build" / "releases").iterdir()
        return {path.name for path in found if (path / "store").exists()}

    first = build()
    held = Release.current(directory).hold()
    second = build()
    assert kept() == {first, second}
    third = build(KG_KEEP="1")
    assert kept() == {first, third}
    held.close()
    prune(directory, 1, pytest.fail)
    assert kept() == {third}
    left = {each: Release.open(directory / "build" / "releases" / each) for each in (first, second)}
    assert all(each.pruned and each.changes.exists() for each in left.values())


def test_killed_builds_leave_the_last_good_release(
    tmp_path: Path, serving: Callable[..., str]
) -> None:
    """Killed at ten random moments, a build harms nothing: the release before it is served all
    the while, and the next build works."""
    directory = copy_of_project(tmp_path / "project")
    started = time.monotonic()
    assert run_kg("build", directory).returncode == 0
    length = time.monotonic() - started
    before = Release.current(directory).id
    url = serving(directory)
    answers: list[int] = []
    done = threading.Event()

    def ask() -> None:
        query = "/sparql?query=ASK%20%7B%20?v%20a%20dip:Visit%20%7D"
        while not done.wait(0.02):
            with urllib.request.urlopen(url + query) as answer:
                answers.append(answer.status)

    asking = threading.Thread(target=ask, daemon=True)  # so that a failure below is seen
    asking.start()
    chance = random.Random(2015)  # noqa: S311 - no secret
    entities = directory / "seeds" / "entities.yaml"
    for attempt in range(10):
        entities.write_text(entities.read_text("utf-8") + f"topic/t{attempt}: {{label: T}}\n")
        build = subprocess.Popen(
            [sys.executable, "-m", "kg", "build", str(directory)],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0.1, 0.95) * length)
        build.send_signal(signal.SIGKILL)
        build.wait()
        wait_until_empty(build.pid)
        assert Release.current(directory).dumps.is_dir()
    assert run_kg("build", directory).returncode == 0
    done.set()
    asking.join()
    assert Release.current(directory).id != before
    assert len(answers) > 50
    assert set(answers) == {200}
    leftovers = list((directory / "build" / "releases").glob(".building-*"))
    assert not leftovers


@pytest.mark.parametrize("base", ["https://graph.example.org/", "http://localhost:8000/"])
def test_the_base_is_in_every_iri(tmp_path: Path, base: str) -> None:
    """A graph is published under the base that the settings name, and no other."""
    directory = copy_of_project(tmp_path / "project")
    assert run_kg("build", directory, KG_BASE=base).returncode == 0
    dump = gzip.decompress(
        (Release.current(directory).dumps / "chancery.nq.gz").read_bytes()
    ).decode()
    assert f"<{base}id/visit/kerry-russia-2015-05>" in dump
    other = "http://localhost:8000/" if "example" in base else "https://graph.example.org/"
    assert other not in dump
