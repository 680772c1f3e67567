"""Installing: by the letter of the docs, from the lock, whatever else is uploaded or installed."""

from __future__ import annotations

import email
import gzip
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.installation import DISTRIBUTION
from tests.conftest import ROOT

from_the_index = pytest.mark.skipif(
    os.environ.get("CI") != "true", reason="installs from the package index, so CI runs it"
)
LOCK = ROOT / "requirements" / "test.txt"
PINNED = re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)(.*?) \\$", LOCK.read_text("utf-8"), re.MULTILINE)


def surroundings(**more: str) -> dict[str, str]:
    """The environment, without what leads to this clone or to the make that runs the tests."""
    ours = ("PYTHONPATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    return {key: value for key, value in os.environ.items() if key not in ours} | more


def run(*command: str | Path, cwd: Path, status: int = 0, **environment: str) -> str:
    """What a command says that ends with `status`."""
    done = subprocess.run(
        command,
        check=False,
        cwd=cwd,
        env=surroundings(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == status, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def pack(folder: Path, name: str, version: str, **modules: str) -> Path:
    """A wheel of the distribution `name`, with packages of the given sources."""
    stem = f"{re.sub(r'[-.]+', '_', name)}-{version}"
    files = {f"{module}/__init__.py": source for module, source in modules.items()}
    files[f"{stem}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    files[f"{stem}.dist-info/WHEEL"] = (
        "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = f"{stem}.dist-info/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def commands(block: str) -> list[str]:
    """What a reader types of the block of docs/installing.md that begins with a command."""
    text = (ROOT / "docs" / "installing.md").read_text("utf-8")
    (found,) = re.findall(rf"```console\n(\$ {block}\n.*?)```", text, re.DOTALL)
    return re.findall(r"^\$ (.*)$", found, re.MULTILINE)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone of what is committed."""
    folder = tmp_path_factory.mktemp("fresh") / "chancery"
    run("git", "clone", "--quiet", ROOT, folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def outside(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the clone, where the wheel is installed as docs/installing.md says."""
    home = tmp_path_factory.mktemp("outside")
    pins = home / "pins.txt"
    pins.write_text(
        "".join(f"{name}=={version}{when}\n" for name, version, when in PINNED), "utf-8"
    )
    for command in commands("make wheel"):
        here = command.replace("~", str(home))
        run("bash", "-ec", here, cwd=clone, PIP_CONSTRAINT=str(pins))
    return home


@contextmanager
def serving(*command: str | Path, cwd: Path, **environment: str) -> Iterator[str]:
    """The address that a command serves at, until Ctrl-C ends it."""
    server = subprocess.Popen(
        command,
        cwd=cwd,
        env=surroundings(**environment),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    try:
        said = iter(server.stdout)
        found = next(filter(None, (re.search(r"http://\S+/", line) for line in said)), None)
        assert found, "it ended without an address"
        yield found[0]
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.communicate(timeout=20)


def assert_pages(address: str, *paths: str) -> None:
    for path in paths:
        with urllib.request.urlopen(address + path) as answer:
            assert answer.status == 200, path


@from_the_index
def test_no_later_upload_reaches_the_installation(clone: Path, tmp_path: Path) -> None:
    """With a later release of everything that is locked, what is installed is what is locked."""
    for name in {"setuptools", *(name for name, *_ in PINNED)}:
        pack(tmp_path, name, "9999")
    others = os.environ.get("PIP_FIND_LINKS", "")
    run("make", ".venv/.test", cwd=clone, PIP_FIND_LINKS=f"{tmp_path} {others}")
    listed = run(clone / ".venv/bin/python", "-m", "pip", "list", "--format=freeze", cwd=clone)
    installed = dict(re.findall(r"^([\w.-]+)==(\S+)$", listed, re.MULTILINE))
    installed = {re.sub(r"[-_.]+", "-", name).lower(): found for name, found in installed.items()}
    locked = {name: version for name, version, when in PINNED if not when}
    assert locked.items() <= installed.items()
    assert "9999" not in installed.values()


@from_the_index
def test_make_serve_in_a_fresh_clone(clone: Path) -> None:
    """`make serve` builds the graph of the seeds and serves it, at the port of `KG_PORT`."""
    with serving("make", "serve", cwd=clone, KG_PORT="0") as address:
        assert_pages(address, "", "page/visit/kerry-russia-2015-05")


@from_the_index
def test_the_wheel_holds_what_it_reads(clone: Path, outside: Path) -> None:
    """Every file of kg/ and web/, ontology, queries and licences; nothing of seeds/ or tests/."""
    assert outside.is_dir()
    (wheel,) = (clone / "dist").glob("chancery_kg-*.whl")
    archive = zipfile.ZipFile(wheel)
    packed = set(archive.namelist())
    tracked = run("git", "ls-files", "kg", "web", "ontology", "queries", cwd=clone).split()
    for path in tracked:
        assert (path if path.startswith(("kg/", "web/")) else f"kg/packaged/{path}") in packed
    about = next(name for name in packed if name.endswith("/METADATA")).removesuffix("METADATA")
    rest = {name for name in packed if not name.startswith(("kg/", "web/"))}
    files = ("METADATA", "WHEEL", "RECORD", "entry_points.txt")
    assert rest == {about + name for name in (*files, "licenses/LICENSE", "licenses/LICENSE-DATA")}
    metadata = email.message_from_bytes(archive.read(f"{about}METADATA"))
    assert metadata["Name"] == DISTRIBUTION
    assert metadata["License-Expression"] == "MIT AND CC-BY-4.0"
    links = dict(each.split(", ") for each in metadata.get_all("Project-URL", []))
    assert {"Homepage", "Documentation"} <= links.keys()


@from_the_index
def test_the_wheel_alone_is_enough(outside: Path) -> None:
    """What docs/installing.md does with the wheel works outside the clone: init, build, serve."""
    first, *rest, last = commands(r"\. ~/chancery/bin/activate")
    path = f"{outside}/chancery/bin{os.pathsep}{os.environ['PATH']}"  # what activate sets
    assert first.startswith(". ")
    for command in rest:
        run(*shlex.split(command), cwd=outside, PATH=path)
    served = serving(*shlex.split(last), cwd=outside, PATH=path, KG_PORT="0")
    with served as address:
        pages = ("", "page/meeting/lakeside-2024", "ontology", "queries/", "static/page.css")
        assert_pages(address, *pages)


@dataclass(frozen=True)
class Stranger:
    kg: Path
    home: Path

    def follow(self, name: str, files: dict[str, str]) -> Path:
        """A new project of these files, which is checked and built without a word of trouble."""
        root = self.home / name
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        run(self.kg, "check", cwd=root)
        run(self.kg, "build", cwd=root)
        return root


@pytest.fixture(scope="module", params=["here", pytest.param("wheel", marks=from_the_index)])
def stranger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """Who has `kg`, from the wheel in CI, and an empty folder outside the clone."""
    found = sys.executable
    if request.param == "wheel":
        found = f"{request.getfixturevalue('outside')}/chancery/bin/python"
    return Stranger(Path(found).parent / "kg", tmp_path_factory.mktemp("stranger"))


def guide(page: str, section: str) -> dict[str, str]:
    """The code blocks of a section of the docs, by their language."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    text = text[text.index(f"## {section}") :]
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return dict(reversed(blocks))


def read(address: str, path: str, accept: str = "text/html") -> str:
    request = urllib.request.Request(address + path, headers={"Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return str(answer.read().decode())


def dump(root: Path) -> str:
    (file,) = (root / "build/current/dumps").glob("chancery.ttl.gz")
    return gzip.decompress(file.read_bytes()).decode()


def test_a_vocabulary_and_a_question_by_the_letter(stranger: Stranger) -> None:
    """A new class, property and question, as docs/vocabulary.md writes them, are everywhere."""
    text = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
    files = re.findall(r"^`(\S+)`\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    root = stranger.follow("games", dict(files))
    answer = run(stranger.kg, "query", "longest", "--format", "csv", cwd=root)
    assert answer.split() == ["gameLabel,most", "The", "final,43"]
    assert "chess:moves" in dump(root)
    with serving(stranger.kg, "serve", cwd=root, KG_PORT="0") as address:
        assert "number of moves" in read(address, "page/game/final")
        assert "page/game/final" in read(address, "search?q=final")
        assert "The final" in read(address, "page/game/")
        assert "The longest games" in read(address, "queries/")
        assert "The final,43" in read(address, "queries/longest.csv", "text/csv")
        for term in ("Game", "moves", "Draw"):
            assert f"chess#{term}" in read(address, f"ontology/{term}")


SOURCE = guide("sources.md", "A source of your own")
TABLE = guide("sources.md", "A table, without Python")
SOURCES = {
    "kg.toml": SOURCE["toml"] + TABLE["toml"],
    "embassies.csv": SOURCE["csv"],
    "embassies.py": SOURCE["python"],
    "posts.csv": TABLE["text"],
    "posts.yaml": TABLE["yaml"],
    "seeds/entities.yaml": "meeting/first: {label: The first meeting}\n",
}


def test_sources_by_the_letter(stranger: Stranger) -> None:
    """A source class and a table, as docs/sources.md writes them, are everywhere."""
    root = stranger.follow("embassies", SOURCES)
    told = dump(root)
    with serving(stranger.kg, "serve", cwd=root, KG_PORT="0") as address:
        for event in ("event/embassy-opened-2", "event/embassy-2"):
            assert "2 March 1964" in read(address, f"page/{event}")
            assert f"/{event}>" in told or f"{event}" in told
            assert f"page/{event}" in read(address, "search?q=embassy+nairobi+opened")
        for record in ("record/embassies/2", "record/posts/2"):
            assert "Nairobi" in read(address, f"page/{record}")
        assert "page/dataset/posts" in read(address, "page/dataset/")
        assert "page/dataset/embassies" in read(address, "page/dataset/")


SHEET = """dataset: rows
title: Rows
records:
  - id: 1
    label: A row
    about: meeting/first
    statements:
      - {property: palce, object: meeting/first}
"""


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("seeds/records/rows.yaml", SHEET, "seeds/records/rows.yaml:8"),
        (
            "posts.yaml",
            TABLE["yaml"].replace("propertyUrl: place", "propertyUrl: palce"),
            "posts.yaml:26",
        ),
        (
            "embassies.py",
            SOURCE["python"].replace('"place", city', '"palce", city'),
            "embassies.csv:2",
        ),
    ],
)
def test_a_misspelt_property_from_anywhere(
    stranger: Stranger, path: str, text: str, place: str
) -> None:
    """`palce` is refused with file and row, whoever states it, and what may have been meant."""
    root = stranger.home / f"misspelt-{Path(path).stem}"
    for name, each in {**SOURCES, path: text}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(each, "utf-8")
    said = run(stranger.kg, "build", cwd=root, status=1)
    assert place in said
    assert "palce" in said
    assert "did you mean 'place'?" in said


@from_the_index
def test_the_root_is_a_project(clone: Path, outside: Path) -> None:
    """The wheel builds the clone's root as any project, to the release that the clone builds."""
    kg = outside / "chancery/bin/kg"
    ours, theirs = (run(each, "build", cwd=clone) for each in (".venv/bin/kg", kg))
    assert theirs.splitlines()[-1].startswith("Release ")
    assert theirs.splitlines()[-1] == ours.splitlines()[-1]


@from_the_index
def test_a_web_written_over_ours(clone: Path, outside: Path, tmp_path: Path) -> None:
    """Installed later, another's `web` is named with its distribution; the remedy works."""
    pip = (outside / "chancery/bin/python", "-m", "pip", "--no-input")
    kg = outside / "chancery/bin/kg"
    another = pack(tmp_path, "web.py", "0.62", web="raise SystemExit('run, though not ours')")
    run(kg, "init", "mine", cwd=tmp_path)
    run(*pip, "install", "--no-index", another, cwd=tmp_path)
    said = run(kg, "serve", "mine", cwd=tmp_path, status=2)
    assert re.fullmatch(
        r"kg: the package 'web' is web\.py's, not ours: /\S+/web/__init__\.py; .*\n", said
    )
    run(kg, "check", "mine", cwd=tmp_path)
    run(*pip, "uninstall", "--yes", "web.py", cwd=tmp_path)
    said = run(kg, "serve", "mine", cwd=tmp_path, status=2)
    assert re.match(r"kg: /\S+/web/__init__\.py is absent; .*--force-reinstall --no-deps", said)
    (wheel,) = (clone / "dist").glob("chancery_kg-*.whl")
    run(*pip, "install", "--force-reinstall", "--no-deps", wheel, cwd=tmp_path)
    with serving(kg, "serve", "mine", cwd=tmp_path, KG_PORT="0") as address:
        assert_pages(address, "")


@from_the_index
def test_upgrading(clone: Path, outside: Path) -> None:
    """What docs/installing.md says of upgrading replaces the wheel, and builds a new release."""
    path = f"{outside}/chancery/bin{os.pathsep}{os.environ['PATH']}"
    run("kg", "init", "older", cwd=outside, PATH=path)
    before = run("kg", "build", "older", cwd=outside, PATH=path)
    (clone / "kg" / "__init__.py").write_text('"""Chancery, later."""\n\n__version__ = "99.0"\n')
    run("make", "wheel", cwd=clone)
    for command in commands(r"~/chancery/bin/pip install --upgrade .*"):
        here = command.replace("~", str(outside)).replace("mykg", str(outside / "older"))
        after = run("bash", "-ec", here, cwd=clone, PATH=path)
    assert run("kg", "--version", cwd=outside, PATH=path) == "kg, version 99.0\n"
    told = [re.findall(r"Release (\S+): (.*)", said)[0] for said in (before, after)]
    assert told[0][0] != told[1][0]
    assert told[0][1] == told[1][1]


@pytest.mark.parametrize("name", ["web.py", "web/__init__.py"])
def test_a_web_before_ours(tmp_path: Path, name: str) -> None:
    """A `web` that PYTHONPATH leads to first is named with its file, and is not run."""
    file = tmp_path / "others" / name
    file.parent.mkdir(parents=True)
    file.write_text("raise SystemExit('run, though not ours')", "utf-8")
    kg = Path(sys.executable).parent / "kg"
    run(kg, "init", "mine", cwd=tmp_path)
    said = run(kg, "serve", "mine", cwd=tmp_path, status=2, PYTHONPATH=f"{tmp_path}/others")
    assert said.startswith(f"kg: the package 'web' is {file}, not ours: it comes first on")
    assert said.count("\n") == 1
