"""A wrong sheet is refused with file, line, field, what was found and what is allowed."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from pathlib import Path

import pytest
import yaml

from kg.store.release import Release
from tests.conftest import run_kg
from web.documents.texts import text_of

TEXT = "Kerry traveled to Moscow to meet Lavrov.\n"
SHA = "b1ee29e8ba8b9a90f9fb6c1ba0d3c9d6a7e16e5ac2d9be3a5f4ac1fc6e16a8aa"

GOOD = """document:
  id: article
  title: An article
  rights: Restricted
  text:
    sha256: {sha}
    length: 41
entities:
  visit/v:
    label: A visit
  place/moscow:
    label: Moscow
claims:
  - id: 1
    subject: visit/v
    property: place
    object: place/moscow
    span: [6, 24]
    quote: traveled to Moscow
"""

FAULTS = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))


def write(directory: Path, sheet: str, name: str = "article.yaml") -> Path:
    (directory / "seeds").mkdir(exist_ok=True)
    (directory / "seeds" / name).write_text(sheet.replace("{sha}", SHA), "utf-8")
    return directory


def matches(problem: str, pattern: str) -> bool:
    """`*` in a pattern stands for any words."""
    parts = pattern.split("*")
    if not problem.startswith(parts[0]) or not problem.endswith(parts[-1]):
        return False
    return all(part in problem for part in parts)


def problems(directory: Path) -> list[str]:
    """The problems that `kg check` lists, without the file's name."""
    done = run_kg("check", directory)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    return [
        line.strip().removeprefix("seeds/article.yaml:").strip()
        for line in done.stderr.splitlines()[1:]
    ]


def test_a_good_sheet_passes(tmp_path: Path) -> None:
    """The sheet that the faults are planted in has none itself."""
    done = run_kg("check", write(tmp_path, GOOD))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "1 files, 1 claims: no fault; 0 claims proven against their texts; 65 queries fit\n"
        "1 claims not proven:\n"
        f"  seeds/article.yaml:6: all claims of article: no text at hand with SHA-256 {SHA}\n"
    )


@pytest.mark.parametrize("planted", FAULTS, ids=[each["fault"] for each in FAULTS])
def test_fault(tmp_path: Path, planted: dict[str, str]) -> None:
    """One planted fault is found, and named exactly."""
    assert planted["words"] in GOOD
    found = problems(write(tmp_path, GOOD.replace(planted["words"], planted["instead"], 1)))
    assert any(matches(each, planted["shown"]) for each in found), found


def test_all_faults_at_once(tmp_path: Path) -> None:
    """A run shows every fault of every file, not the first alone."""
    sheet = GOOD.replace("place/moscow\n    span", "place/moskow\n    span").replace(
        "[6, 24]", "[9, 5]"
    )
    write(tmp_path, sheet.replace("property: place", "property: place\n    modality: Sure"))
    write(
        tmp_path,
        "place/a: {label: A, within: place/b}\nplace/b: {label: B, within: place/a}\n",
        "entities.yaml",
    )
    done = run_kg("check", tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "kg: 5 problems found; nothing was released."
    assert done.stderr.count("seeds/article.yaml:") == 3
    assert done.stderr.count("seeds/entities.yaml:") == 2


def test_invalid_utf8(tmp_path: Path) -> None:
    """A byte that is no UTF-8 is named with its place."""
    write(tmp_path, GOOD)
    (tmp_path / "seeds" / "article.yaml").write_bytes(GOOD.encode()[:20] + b"\xff")
    assert problems(tmp_path) == ["2: found byte 0xff at 20; allowed: UTF-8"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[" * 3000, "33 levels of lists and mappings"),
        ("[" * 300 + "]" * 300, "33 levels of lists and mappings"),
        ("{b: " * 300 + "x" + "}" * 300, "33 levels of lists and mappings"),
        ("- " * 3000 + "x", "33 levels of lists and mappings"),
        ("a: &a [x]\nb: [*a, *a]\n", "a YAML alias (*name)"),
        ("a: b\n---\nc: d\n", "a YAML fault in column 1: but found another document"),
    ],
)
def test_yaml_without_end(tmp_path: Path, text: str, found: str) -> None:
    """Depth, aliases and further documents are refused by line before a tree is made."""
    (problem,) = problems(write(tmp_path, text))
    line, rest = problem.split(": found ")
    assert line.isdigit()
    assert rest.startswith(found)


def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe, a socket, a link to nowhere or to a folder by a sheet's name: each is named."""
    folder = write(tmp_path, GOOD) / "seeds"
    os.mkfifo(folder / "pipe.yaml")
    (folder / "lost.yaml").symlink_to("nowhere")
    (folder / "device.yaml").symlink_to("/dev/zero")
    (folder / "round.yaml").symlink_to("round.yaml")
    (folder / "linked").symlink_to(folder)
    (folder / "large.yaml").touch()
    os.truncate(folder / "large.yaml", 1 << 30)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.yaml"))
        done = run_kg("check", tmp_path)
    assert [line.strip() for line in done.stderr.splitlines()[1:]] == [
        "seeds/device.yaml: found a device; allowed: a file",
        "seeds/large.yaml: found 1,073,741,824 bytes; allowed: a file of at most 67,108,864",
        "seeds/linked: found a link to a folder; "
        "allowed: the folder itself, for links can lead round in a circle",
        "seeds/lost.yaml: found a link that leads nowhere; allowed: a file",
        "seeds/pipe.yaml: found a named pipe; allowed: a file",
        "seeds/round.yaml: found too many levels of symbolic links; "
        "allowed: a file that this user may read",
        "seeds/s.yaml: found a socket; allowed: a file",
    ]


def test_an_open_text(tmp_path: Path) -> None:
    """An open text that no format could hold, or that is none, is refused at its line."""
    texts = tmp_path / "seeds"
    open_ = GOOD.replace("rights: Restricted", "rights: Open\n  licence: https://a.org/l").replace(
        "length: 41", "length: 41\n    file: t.txt"
    )
    for raw, found in (
        (b"a\n\x0c", "found U+000C at character 3, in line 2 of the text; allowed: *"),
        (b"\xff", "found byte 0xff at 0; allowed: a file in UTF-8"),
    ):
        write(tmp_path, open_.replace("{sha}", hashlib.sha256(raw).hexdigest()))
        (texts / "t.txt").write_bytes(raw)
        (problem,) = (each for each in problems(tmp_path) if "text.file" in each)
        assert matches(problem, f"9: document.text.file: {found}")


def test_empty_sheet(tmp_path: Path) -> None:
    """A sheet that says nothing is a mistake, not an empty graph."""
    assert problems(write(tmp_path, "# nothing\n")) == [
        "found an empty file; allowed: a sheet as in docs/sheets.md"
    ]


def test_no_sheets(tmp_path: Path) -> None:
    """A project without sheets has nothing to publish."""
    done = run_kg("check", tmp_path)
    assert done.returncode == 1
    assert "seeds: found no sheet; allowed: at least one .yaml file" in done.stderr


@pytest.mark.parametrize("name", ["more.yml", "documents/MORE.YAML"])
def test_a_sheet_by_another_ending(tmp_path: Path, name: str) -> None:
    """A file that is meant as a sheet is not passed over in silence."""
    assert run_kg("init", tmp_path / "mykg").returncode == 0
    path = tmp_path / "mykg" / "seeds" / name
    path.write_text("topic/more: {label: More}\n")
    done = run_kg("check", tmp_path / "mykg")
    assert done.returncode == 1
    assert f"seeds/{name}: found the ending {path.suffix}; allowed: .yaml\n" in done.stderr


def test_duplicate_claim(tmp_path: Path) -> None:
    """Two claims of one id would be one node with two meanings."""
    claim = GOOD[GOOD.index("  - id: 1") :]
    found = problems(write(tmp_path, GOOD + claim))
    assert found == [
        "20: claims[1]: found duplicate id 'claim/article/1'; "
        "allowed: each id once; it stands at seeds/article.yaml:14 too"
    ]


def test_an_event_matched_in_two_sheets(tmp_path: Path) -> None:
    """What a sheet says of an event's rows is not replaced by what another says."""
    write(tmp_path, GOOD + "match: {visit/v: []}\n", "a.yaml")
    other = GOOD[: GOOD.index("entities:")].replace("id: article", "id: other")
    write(tmp_path, other + "match: {visit/v: []}\n", "b.yaml")
    done = run_kg("check", tmp_path)
    assert done.returncode == 1
    told = "seeds/b.yaml:8: match.visit/v: found 'visit/v'; "
    assert told + "allowed: each event in the match of one sheet" in done.stderr


def test_duplicate_entity_in_another_file(tmp_path: Path) -> None:
    """An entity is described once."""
    write(tmp_path, GOOD)
    write(tmp_path, "place/moscow: {label: Moscow}\n", "entities.yaml")
    done = run_kg("check", tmp_path)
    assert "duplicate id 'place/moscow'" in done.stderr
    assert done.returncode == 1


def test_quotes_and_hashes_are_proven(tmp_path: Path) -> None:
    """`--texts` finds a text by its hash and proves every span and quote against it."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, "utf-8")
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    good = GOOD.replace("{sha}", sha)
    done = run_kg("check", write(tmp_path, good), "--texts", texts)
    assert (
        done.stdout
        == "1 files, 1 claims: no fault; 1 claims proven against their texts; 65 queries fit\n"
    )
    write(tmp_path, good.replace("quote: traveled to", "quote: travelled to"))
    done = run_kg("check", tmp_path, "--texts", texts)
    assert done.returncode == 1
    assert (
        "claims[0].quote: found 'travelled to Moscow'; allowed: words found inside the span"
        in done.stderr
    )
    write(tmp_path, GOOD)
    done = run_kg("check", tmp_path, "--texts", texts)
    assert (
        f"document.text: found no such text; allowed: a file whose SHA-256 is {SHA}" in done.stderr
    )


def test_what_no_text_proves_is_named(tmp_path: Path) -> None:
    """The project's own texts prove what has a quote; a claim without one is named, not counted."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "kg.toml").write_text('texts = "texts"\n')
    claim = GOOD[GOOD.index("  - id: 1") :].replace("id: 1", "id: 2").replace("[6, 24]", "[0, 5]")
    sheet = GOOD + claim[: claim.index("    quote")]
    write(tmp_path, sheet.replace("{sha}", hashlib.sha256(TEXT.encode()).hexdigest()))
    done = run_kg("check", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "1 files, 2 claims: no fault; 1 claims proven against their texts; 65 queries fit",
        "1 claims not proven:",
        "  seeds/article.yaml:20: claim 2: without a quote, nothing shows that its span is right",
    ]
    text = TEXT.replace("Kerry", "Then Kerry")
    (tmp_path / "texts" / "a.txt").write_text(text, "utf-8")
    done = run_kg("check", tmp_path)
    assert done.stdout.splitlines()[1:] == [
        "2 claims not proven:",
        f"  seeds/article.yaml:6: all claims of article: no text at hand with SHA-256 {_sha(TEXT)}",
    ]
    write(tmp_path, sheet.replace("{sha}", _sha(text)))
    for command in ("check", "build"):
        done = run_kg(command, tmp_path)
        assert done.returncode == 1
        assert [line.strip() for line in done.stderr.splitlines() if "found" in line][1:] == [
            "seeds/article.yaml:7: document.text.length: found 41; "
            "allowed: 46, the code points of the text",
            "seeds/article.yaml:19: claims[0].quote: found 'traveled to Moscow'; "
            "allowed: words found inside the span",
        ]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_seeds_are_proven(shared: Path, project: Path) -> None:
    """Every span and quote of the seeds stands in the real texts."""
    done = run_kg("check", project, "--texts", shared / "seeds")
    assert done.returncode == 0, done.stderr


def test_nothing_is_released(tmp_path: Path) -> None:
    """A fault stops the build, and the last good release stays."""
    write(tmp_path, GOOD)
    assert run_kg("build", tmp_path).returncode == 0
    before = Release.current(tmp_path).id
    write(tmp_path, GOOD.replace("place/moscow\n    span", "place/moskow\n    span"))
    done = run_kg("build", tmp_path)
    assert done.returncode == 1
    assert Release.current(tmp_path).id == before


@pytest.mark.parametrize("name", ["kg.toml", "ontology/own.ttl", "queries/own.rq"])
def test_a_pipe_in_a_project(tmp_path: Path, name: str) -> None:
    """A named pipe among the files of a project is named, and nothing waits for its writer."""
    write(tmp_path, GOOD)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    done = run_kg("check", tmp_path)
    assert done.returncode in (1, 2)
    assert re.search(rf"{name}(:1)?: found a named pipe; allowed: a file", done.stderr)


def test_brackets_without_end_in_the_settings(tmp_path: Path) -> None:
    """Depth is a fault of `kg.toml`, too."""
    write(tmp_path, GOOD)
    (tmp_path / "kg.toml").write_text("keep = " + "[" * 5000)
    done = run_kg("check", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("kg: kg.toml: found brackets within brackets without end")


def test_a_pipe_among_the_texts(tmp_path: Path) -> None:
    """What is no file is no document's text."""
    (tmp_path / "texts").mkdir()
    os.mkfifo(tmp_path / "texts" / "a.txt")
    (tmp_path / "texts" / "b.txt").write_text(TEXT, "utf-8")
    (tmp_path / "kg.toml").write_text('texts = "texts"\n')
    write(tmp_path, GOOD.replace("{sha}", _sha(TEXT)))
    assert "1 claims proven" in run_kg("check", tmp_path).stdout
    assert text_of(tmp_path / "texts", _sha(TEXT)) == TEXT
