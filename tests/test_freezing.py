"""`kg freeze`: a copy of still files, as a browser, a web space and a careless user meet it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from rdflib import Graph

from tests.conftest import run_kg, spawn_kg

BASE = "https://small.example.org/kg/"
MARK = "copy.json"


class Page(HTMLParser):
    """The links of a page, its ids, its text, and what it would have to send or to run."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.absent: list[str] = []
        self.scripts = self.forms = 0
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.links += [str(given[name]) for name in ("href", "src") if name in given]
        if "data-absent" in given:
            self.absent.append(str(given["href"]))
        self.scripts += tag == "script" and "src" in given
        self.forms += tag == "form" and ("inert" not in given or "action" in given)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `kg init` makes, at an address below a path."""
    directory = tmp_path_factory.mktemp("small") / "project"
    assert run_kg("init", directory).returncode == 0
    settings = directory / "kg.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub("base = .*", f'base = "{BASE}"', text), "utf-8")
    assert run_kg("build", directory).returncode == 0
    return directory


@pytest.fixture(scope="module")
def copy(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("web") / "space"
    done = spawn_kg("freeze", out, "-d", project)
    assert done.returncode == 0, done.stderr
    assert "lead to what is not there" not in done.stderr
    assert re.search(r"Release \w+: [\d,]+ addresses in ", done.stdout)
    return out


@pytest.fixture(scope="module")
def pages(copy: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(copy.rglob("*.html"))}


def leading(pages: dict[Path, Page], path: Path) -> Iterator[tuple[Path, str]]:
    """Where the links of a page lead within the copy, with the id that each names."""
    for link in pages[path].links:
        if not re.match(r"[a-z]+:", link):
            file, _, fragment = link.partition("#")
            leads = os.path.normpath(path.parent / unquote(file)) if file else path
            yield Path(leads), unquote(fragment)


def test_each_link_leads_to_a_file(copy: Path, pages: dict[Path, Page]) -> None:
    """Relative ones all, so that the copy can lie at any address, or be opened from a disk."""
    assert len(pages) > 100
    files = {each for each in copy.rglob("*") if each.is_file()}
    for path, page in pages.items():
        assert "~copy~" not in page.text
        if path.name == "404.html":
            continue
        for target, fragment in leading(pages, path):
            assert target in files, (path, target)
            if fragment and target.suffix == ".html":
                assert fragment in pages[target].ids, (path, target, fragment)


def test_nothing_needs_a_server(pages: dict[Path, Page]) -> None:
    """No script, no form that would send; what is absent is marked, and leads to why."""
    for path, page in pages.items():
        assert not page.scripts, path
        assert not page.forms, path
        assert all(each.endswith("copy/index.html") for each in page.absent)
    assert sum(len(each.absent) for each in pages.values())


@pytest.mark.parametrize("path", ["copy", "search", "sparql", "reconcile"])
def test_what_it_cannot_do_is_said(copy: Path, path: str) -> None:
    text = (copy / path / "index.html").read_text("utf-8")
    assert "<h1>A still copy</h1>" in text
    assert "<h3>Queries (SPARQL) and reconciliation</h3>" in text


def test_choices_say_so_on_their_pages(copy: Path) -> None:
    """A page with a form says that it is not answered; lists by letter and by part are there."""
    assert "it answers no choices" in (copy / "timeline" / "index.html").read_text("utf-8")
    assert "A still copy" in (copy / "index.html").read_text("utf-8")
    assert list(copy.glob("page/*/index-facet-*.html"))


def test_things_have_pages_data_and_names(copy: Path, project: Path) -> None:
    """Each thing: a page, Turtle, JSON-LD, and its IRI, which leads to the page."""
    found = sorted(copy.glob("page/**/index.html"))
    refs = {each.parent.relative_to(copy / "page").as_posix() for each in found} - {"."}
    things = {each for each in refs if "/" in each}
    assert len(things) > 10
    for ref in things:
        name = (copy / "id" / ref / "index.html").read_text("utf-8")
        assert f'<link rel="canonical" href="{BASE}id/{ref}">' in name
        assert f'url={"../" * (ref.count("/") + 2)}page/{ref}/index.html"' in name
        assert (copy / "data" / f"{ref}.jsonld").is_file()
    ref = min(things)
    data = Graph().parse(copy / "data" / f"{ref}.ttl")
    assert any(str(each).startswith(f"{BASE}id/{ref}") for each in data.subjects())
    assert json.loads((copy / "data" / f"{ref}.jsonld").read_text("utf-8"))


def test_dumps_are_the_release_s(copy: Path, project: Path) -> None:
    release = project / "build" / "current" / "dumps"
    for each in release.iterdir():
        assert (copy / "dumps" / each.name).read_bytes() == each.read_bytes()
    told = Graph().parse(release.parent / "void.ttl")
    assert set(told) <= set(Graph().parse(copy / "void.ttl"))


def test_the_page_of_what_is_not_there(copy: Path) -> None:
    """It is shown at any depth, so its links begin at the site's own path."""
    links = Page(copy / "404.html").links
    assert "/kg/index.html" in links
    for each in links:
        assert each.startswith(("/kg/", "https://", "#"))
        assert not each.startswith("/kg/") or (copy / unquote(each[4:])).is_file()


def begun(out: Path, project: Path) -> subprocess.Popen[str]:
    """A run that has written its first pages."""
    run = subprocess.Popen(
        [sys.executable, "-m", "kg", "freeze", str(out), "-d", str(project)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (out.with_name(f".{out.name}.copying") / "copy" / "page").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return run


def test_a_second_run_replaces(copy: Path, project: Path) -> None:
    """What is no more is gone, and what a run left that was killed; the copy stays till then."""
    before = {each.relative_to(copy) for each in copy.rglob("*")}
    (copy / "page" / "gone.html").write_text("of an earlier release")
    run = begun(copy, project)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    assert (copy / "page" / "gone.html").exists()
    assert spawn_kg("freeze", copy, "-d", project).returncode == 0
    assert {each.relative_to(copy) for each in copy.rglob("*")} == before
    assert [each.name for each in copy.parent.iterdir()] == [copy.name]


@pytest.mark.parametrize("ending", ["interrupted", "worker"])
def test_what_ends_early_leaves_what_was_there(project: Path, ending: str, tmp_path: Path) -> None:
    """After Ctrl-C, or where a process is lost, the copy before is there, and nothing else."""
    out = tmp_path / "space"
    out.mkdir()
    (out / MARK).write_text("before")
    run = begun(out, project)
    if ending == "worker":
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
    else:
        os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode
    assert ending == "interrupted" or "was killed by signal 9" in said
    assert [each.name for each in tmp_path.rglob("*")] == ["space", MARK]
    assert (out / MARK).read_text() == "before"


def test_other_things_are_left_alone(project: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    done = run_kg("freeze", tmp_path, "-d", project)
    assert done.returncode == 1
    assert "holds other things" in done.stderr
    assert (tmp_path / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize(
    "base",
    ["http://localhost:8000/", "http://127.0.0.1/", "http://[::1]/kg/", "https://kg.localhost/",
     "http://192.168.1.20/", "http://archive/", "https://kg.test/"],
)  # fmt: skip
def test_a_base_where_others_find_nothing(project: Path, tmp_path: Path, base: str) -> None:
    done = run_kg("freeze", tmp_path / "out", "-d", project, KG_BASE=base)
    assert done.returncode == 2
    assert f"base: found '{base}'" in done.stderr
    assert "docs/publishing.md" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_release_of_another_base(project: Path, tmp_path: Path) -> None:
    """Pages would lead elsewhere than the IRIs in them."""
    done = run_kg("freeze", tmp_path / "out", "-d", project, KG_BASE="https://other.example.org/")
    assert done.returncode == 1
    assert f"was built for {BASE}" in done.stderr
