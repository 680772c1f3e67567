"""The examples of docs/clients.md, run against a live server with the real clients."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from SPARQLWrapper import SPARQLWrapper

from tests.conftest import ROOT, copy_of_project, served, spawn_kg
from tests.serving.nginx import free_port

PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"^## (?P<title>[^\n]+)$(?:(?!^## ).)*?"
    r"```(?P<kind>sh|python|js)\n(?P<code>.*?)```\n+```text\n(?P<output>.*?)```",
    re.MULTILINE | re.DOTALL,
)
EXAMPLES = {match["title"]: match for match in EXAMPLE.finditer(PAGE)}
BIN = ROOT / "build" / "node" / "node_modules" / ".bin"


# What SPARQLWrapper may be told to ask for, by the form of a query.
FORMATS = {
    "SELECT ?s { ?s a dip:Visit } LIMIT 1": ("json", "xml", "csv", "tsv", "turtle", "n3", "rdf"),
    "CONSTRUCT WHERE { ?s a dip:Visit }": ("turtle", "n3", "rdf", "rdf+xml", "xml", "json-ld"),
    "ASK { ?s a dip:Visit }": ("json", "xml"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server at the very address that the graph's IRIs have, so that links can be followed."""
    project = copy_of_project(tmp_path_factory.mktemp("published"))
    port, settings = free_port(), (project / "kg.toml").read_text("utf-8")
    base = f"http://localhost:{port}"
    (project / "kg.toml").write_text(settings.replace("http://localhost:8000", base), "utf-8")
    assert spawn_kg("build", project).returncode == 0
    with served(project, "--port", str(port), KG_CLIENT_SECONDS="1e6"):
        yield base


def run(code: str, kind: str) -> str:
    command = {
        "sh": ["sh", "-c", code],
        "python": [sys.executable, "-c", code],
        "js": ["node", "--input-type=module", "--eval", code],
    }[kind]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        cwd=BIN.parent.parent if kind == "js" else None,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n")


def test_every_client_has_an_example() -> None:
    """The page shows each client that is known to be used, once."""
    assert list(EXAMPLES) == [
        "curl",
        "Python: SPARQLWrapper",
        "Python: rdflib",
        "JavaScript: Comunica",
        "JavaScript: Comunica, by dereferencing",
        "JavaScript: Comunica, by link traversal",
        "JavaScript: n3.js",
        "JavaScript: jsonld.js",
        "JavaScript: sparql-http-client",
        "Python: reconciler",
    ]


@pytest.mark.parametrize("title", EXAMPLES)
def test_example(title: str, published: str) -> None:
    """The example prints what the page says."""
    example = EXAMPLES[title]
    code, output = (
        example[part].replace("http://localhost:8000", published) for part in ("code", "output")
    )
    if title.startswith("JavaScript"):
        if not (BIN / "comunica-sparql-link-traversal").exists():
            message = "the clients are absent: run `make test`, which installs them in build/node"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        code = code.replace("npx ", "", 1)
    assert run(code, example["kind"]) == output


@pytest.mark.parametrize(("query", "name"), [(q, each) for q in FORMATS for each in FORMATS[q]])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of what another format came than was asked
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_sparqlwrapper(published: str, query: str, name: str) -> None:
    """Each format that SPARQLWrapper knows is answered, and read by it."""
    client = SPARQLWrapper(f"{published}/sparql", returnFormat=name)
    client.setQuery(query)
    assert client.queryAndConvert()


def test_the_page_names_no_other_place() -> None:
    """What a reader copies asks the server of this project alone."""
    hosts = set(
        re.findall(r"https?://([^/\s\"<>`)]+)", "".join(m["code"] for m in EXAMPLES.values()))
    )
    assert hosts <= {"localhost:8000", "w3id.org", "www.w3.org"}
