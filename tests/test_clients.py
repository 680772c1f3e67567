"""The examples of docs/clients.md, run against a live server with the real clients."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"^## (?P<title>.+?)$.*?```(?P<kind>sh|python)\n(?P<code>.*?)```\n+```text\n(?P<output>.*?)```",
    re.MULTILINE | re.DOTALL,
)
EXAMPLES = {match["title"]: match for match in EXAMPLE.finditer(PAGE)}
BIN = ROOT / "build" / "node" / "node_modules" / ".bin"


def run(code: str, kind: str) -> str:
    command = {"sh": ["sh", "-c", code], "python": [sys.executable, "-c", code]}[kind]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n")


def test_every_client_has_an_example() -> None:
    """The page shows curl, SPARQLWrapper, rdflib and Comunica."""
    assert list(EXAMPLES) == [
        "curl",
        "Python: SPARQLWrapper",
        "Python: rdflib",
        "JavaScript: Comunica",
    ]


@pytest.mark.parametrize("title", EXAMPLES)
def test_example(title: str, server: str) -> None:
    """The example prints what the page says."""
    example = EXAMPLES[title]
    code = example["code"].replace("http://localhost:8000", server)
    if "npx " in code:
        if not (BIN / "comunica-sparql").exists():
            message = "Comunica is absent: run `make test`, which installs it in build/node"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        code = code.replace("npx ", "", 1)
    assert run(code, example["kind"]) == example["output"]


def test_the_page_names_no_other_place() -> None:
    """What a reader copies asks the server of this project alone."""
    hosts = set(
        re.findall(r"https?://([^/\s\"<>`)]+)", "".join(m["code"] for m in EXAMPLES.values()))
    )
    assert hosts <= {"localhost:8000", "w3id.org", "www.w3.org"}
