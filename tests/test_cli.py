"""The commands as a user types them: output, errors, exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

from kg.model.settings import declared
from kg.store.release import Release
from tests.conftest import members, run_kg, wait_until_empty

SOCHI = """SELECT ?label WHERE {
  ?v a dip:Visit ; dip:traveller/rdfs:label "John Kerry"@en ; dip:start "2015-05-12"^^xsd:date ;
     dip:place/rdfs:label ?label }"""


def test_query_as_table(project: Path, release: Release) -> None:
    """Kerry was in Sochi on 12 May 2015, and in Antalya, never in Moscow."""
    assert release.id
    done = run_kg("query", "-", "-d", project, stdin=SOCHI)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == ["label", "───────"]
    assert sorted(done.stdout.splitlines()[2:]) == ["Antalya", "Sochi"]


def test_query_that_asks(project: Path, release: Release) -> None:
    """The answer to ASK is a line with one word, and no table."""
    assert release.id
    done = run_kg("query", "-", "-d", project, stdin="ASK { ?s ?p ?o }")
    assert (done.returncode, done.stdout) == (0, "true\n")


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ("csv", "n\n1\n"),
        ("tsv", "?n\n1\n"),
        ("json", '"n":{"type":"literal","value":"1","datatype"'),
        ("xml", '<binding name="n"><literal datatype='),
    ],
)
def test_query_formats(project: Path, release: Release, extension: str, expected: str) -> None:
    """Rows come in each of the SPARQL 1.1 result formats."""
    assert release.id
    done = run_kg("query", "-", "-d", project, "--format", extension, stdin="SELECT (1 AS ?n) {}")
    assert expected in done.stdout


def test_query_of_a_graph(project: Path, release: Release) -> None:
    """A CONSTRUCT is printed as Turtle, or as the format asked for."""
    assert release.id
    claim = "<http://localhost:8000/id/claim/another-reset/9>"
    text = f"CONSTRUCT WHERE {{ ?s clm:value ?o ; clm:claim {claim} }}"
    turtle = run_kg("query", "-", "-d", project, stdin=text).stdout
    triples = run_kg("query", "-", "-d", project, "--format", "nt", stdin=text).stdout
    assert len(triples.splitlines()) == 2
    assert set(rdflib.Graph().parse(data=turtle)) == set(
        rdflib.Graph().parse(data=triples, format="nt")
    )


def test_saved_query_with_parameter(project: Path, release: Release, tmp_path: Path) -> None:
    """A saved query takes its defaults, or the values given."""
    assert release.id
    saved = tmp_path / "places.rq"
    saved.write_text(
        "#+ title: T\n#+ question: Q?\n#+ group: G\n#+ parameters:\n"
        "#+   - {name: visit, type: iri, label: Visit, default: visit/kerry-russia-2015-05}\n"
        "SELECT ?visit ?place WHERE { ?visit dip:place/rdfs:label ?place }\n"
    )
    default = run_kg("query", saved, "-d", project, "--format", "csv").stdout
    assert default.splitlines()[1:] == ["http://localhost:8000/id/visit/kerry-russia-2015-05,Sochi"]
    given = run_kg(
        "query", saved, "-d", project, "--format", "csv", "-p", "visit=visit/kerry-turkey-2015-05"
    )
    assert given.stdout.endswith(",Antalya\n")
    wrong = run_kg("query", saved, "-d", project, "-p", "visits=x")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "kg: visits: no parameter of places; allowed: visit\n",
    )


def test_saved_query_by_name(project: Path, release: Release) -> None:
    """A packaged query goes by its name, with the defaults of the release or the values given."""
    assert release.id
    call = ("query", "itinerary", "-d", project, "--format", "csv")
    assert run_kg(*call).stdout.splitlines()[1].startswith("http://localhost:8000/id/person/")
    given = run_kg(*call, "-p", "since=2015-05-12", "-p", "until=2015-05-12").stdout
    assert [line.split(",")[5] for line in given.splitlines()[1:]] == ["Sochi", "Antalya"]
    wrong = run_kg("query", "itinerery", "-d", project)
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "kg: 'itinerery' is neither a file nor a saved query; did you mean itinerary?\n",
    )


def test_saved_queries_are_listed(project: Path, release: Release) -> None:
    """`kg query --list` names each query with its question, its parameters and their defaults."""
    assert release.id
    listed = run_kg("query", "--list", "-d", project).stdout
    assert "itinerary\n    Which stops did a person make between two dates?\n" in listed
    assert "    -p person=person/john-kerry\n" in listed
    assert len([line for line in listed.splitlines() if not line.startswith(" ")]) == 65


@pytest.mark.parametrize(
    "call",
    [
        (["query", "-"], "SELECT * {", "kg: "),
        (["query", "-"], "SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "kg: "),
        (["query", "-"], "DELETE WHERE { ?s ?p ?o }", "kg: "),
        (["query", "-", "--param", "x"], "ASK {}", "'x' is not NAME=VALUE"),
        (["query", "nowhere.rq"], None, "kg: 'nowhere.rq' is neither a file nor a saved query; "),
        (["query"], None, "name a file or a saved query"),
        (["build", "nowhere"], None, "Directory 'nowhere' does not exist."),
        (["build", "--source", "x"], None, "'x' is not NAME=VALUE"),
        (["build", "--source", "x=."], None, "kg: sources: x: unknown 'x'; allowed: "),
        (["serve", "--port", "x"], None, "'x' is not a valid integer range."),
    ],
)
def test_wrong_calls(
    project: Path,
    release: Release,
    monkeypatch: pytest.MonkeyPatch,
    call: tuple[list[str], str | None, str],
) -> None:
    """A wrong call ends with 2 and one message, never with a traceback."""
    assert release.id
    monkeypatch.chdir(project)
    arguments, stdin, message = call
    done = run_kg(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_syntax_error_is_shown(project: Path, release: Release) -> None:
    """A query that is no SPARQL is answered with line, column, a caret and a way to mend it."""
    assert release.id
    done = run_kg("query", "-", "-d", project, stdin="SELECT ?x WHERE {\n  ?x dpi:place ?y }\n")
    assert done.returncode == 2
    first, *shown = done.stderr.splitlines()
    assert first.startswith("kg: Line 2, column ")
    assert "the prefix 'dpi:' is not declared. Did you mean 'dip:'" in first
    assert shown[0] == "  ?x dpi:place ?y }"
    assert shown[1].strip() == "^"


def test_query_without_release(tmp_path: Path) -> None:
    """Before the first build there is nothing to ask."""
    done = run_kg("query", "-", "-d", tmp_path, stdin="ASK {}")
    assert done.returncode == 2
    assert done.stderr.startswith("kg: ")
    assert done.stderr.endswith("holds no release; run 'kg build' first\n")


def test_settings(tmp_path: Path) -> None:
    """Every setting is listed with its value, where that differs its default, and its meaning."""
    (tmp_path / "kg.toml").write_text('title = "Mine"\nquery_timeout = 7\n')
    done = run_kg("settings", tmp_path, KG_PORT="9")
    assert done.returncode == 0
    assert 'title = "Mine"  (default "Chancery")\n' in done.stdout
    assert "query_timeout = 7.0  (default 30.0)\n" in done.stdout
    assert "port = 9  (default 8000)\n" in done.stdout
    for each in declared():
        assert re.search(rf"^{each.name} = ", done.stdout, re.MULTILINE), each.name


@pytest.mark.parametrize(
    ("content", "environment", "message"),
    [
        ("query_timout = 5\n", {}, "kg.toml: unknown setting 'query_timout'; did you mean"),
        ("xyz = 5\n", {}, "kg.toml: unknown setting 'xyz'; see 'kg settings'"),
        ('port = "many"\n', {}, "kg.toml: port: found 'many'; allowed: a whole number"),
        ("title = 5\n", {}, "kg.toml: title: found 5; allowed: text"),
        ('base = "example.org"\n', {}, "base: found 'example.org'; allowed: an http(s) IRI"),
        ("title = \n", {}, "kg.toml: "),
        ("sources = 3\n", {}, "kg.toml: sources: found 3; allowed: a table of name = path"),
        ('report_to = "me@x"\n', {}, "report_to: found 'me@x'; allowed: mailto:NAME@HOST, or"),
        ('report_to = "javascript:x"\n', {}, "report_to: found 'javascript:x'; allowed: mailto"),
        ('report_to = "https://x/{y}"\n', {}, "report_to: found 'https://x/{y}'; allowed: mail"),
        ("", {"KG_PORT": "x"}, "KG_PORT: found 'x'; allowed: a whole number"),
        ('base = "http:///"\n', {}, "base: found 'http:///'; allowed: an http(s) IRI"),
        ('base = "http://me@x/"\n', {}, "base: found 'http://me@x/'; allowed: an http(s) IRI"),
        ('base = "http://a:b@x/"\n', {}, "base: found 'http://a:b@x/'; allowed: an http(s) IRI"),
        ('base = "http://@x/"\n', {}, "base: found 'http://@x/'; allowed: an http(s) IRI"),
        ('base = "http://[::1/"\n', {}, "base: found 'http://[::1/'; allowed: an http(s) IRI"),
        ('base = "http://:80/"\n', {}, "base: found 'http://:80/'; allowed: an http(s) IRI"),
        ('base = "http://x:/"\n', {}, "base: found 'http://x:/'; allowed: an http(s) IRI"),
        ('base = "http://x:70000/"\n', {}, "base: found 'http://x:70000/'; allowed: an http"),
        ('base = "http://x/?a/"\n', {}, "base: found 'http://x/?a/'; allowed: an http(s) IRI"),
        ('base = "http://x/<a>/"\n', {}, "base: found 'http://x/<a>/'; allowed: an http(s) IRI"),
    ],
)  # fmt: skip
def test_wrong_settings(
    tmp_path: Path, content: str, environment: dict[str, str], message: str
) -> None:
    """A wrong setting is named with what is allowed."""
    (tmp_path / "kg.toml").write_text(content)
    done = run_kg("settings", tmp_path, **environment)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: {message}")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("port", "70000", "a whole number from 0 to 65535"),
        ("port", "8000.5", "a whole number from 0 to 65535"),
        ("port", "true", "a whole number from 0 to 65535"),
        ("query_memory", "0", "a whole number from 1"),
        ("query_timeout", "-1", "a number from 0.001"),
        ("query_timeout", "nan", "a number from 0.001"),
        ("client_seconds", "inf", "a number from 0"),
    ],
)
def test_numbers_have_bounds(tmp_path: Path, name: str, value: str, allowed: str) -> None:
    """A limit that would refuse everything, or nothing, is no limit."""
    (tmp_path / "kg.toml").write_text(f"{name} = {value}\n")
    done = run_kg("settings", tmp_path)
    found = {"true": "True"}.get(value, value)
    assert done.returncode == 2
    assert done.stderr == f"kg: kg.toml: {name}: found {found}; allowed: {allowed}\n"
    (tmp_path / "kg.toml").unlink()
    done = run_kg("settings", tmp_path, **{f"KG_{name.upper()}": value})
    assert done.returncode == 2
    assert done.stderr.endswith(f"found {value!r}; allowed: {allowed}\n")


def test_init_refuses_a_directory_in_use(tmp_path: Path) -> None:
    """A new project overwrites nothing."""
    (tmp_path / "file").write_text("mine")
    done = run_kg("init", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"kg: {tmp_path} is not empty; choose a new directory\n"


def test_a_port_in_use(project: Path, release: Release) -> None:
    """A second server on a port ends at once with one clear line."""
    assert release.id
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_kg("serve", project, "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"kg: port {port} of 127.0.0.1 is in use; give another with --port\n"


@pytest.mark.parametrize("stage", ["Reading the sheets", "Writing the graph", "Loading"])
def test_a_build_is_interrupted(tmp_path: Path, stage: str) -> None:
    """Ctrl-C ends a build and its helpers, whatever they do, with one word; it can be run again."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    build = _building(directory, stage)
    os.killpg(build.pid, signal.SIGINT)
    errors = build.communicate(timeout=20)[1].splitlines()
    assert (build.returncode, errors[-1]) == (1, "Aborted!")
    assert all(line.endswith(" …") for line in errors[:-2]), errors
    wait_until_empty(build.pid)
    assert run_kg("build", directory).returncode == 0


def test_a_helper_is_killed(tmp_path: Path) -> None:
    """As the kernel does where memory runs out: the last line says so, and no process is left."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    build = _building(directory, "Loading")
    # The children of the fork server, which is a child of the build.
    helpers = [each for each in members(build.pid) if _parent(_parent(each)) == build.pid]
    assert helpers
    for each in helpers:
        os.kill(each, signal.SIGKILL)
    errors = build.communicate(timeout=20)[1]
    assert build.returncode == 2
    last = errors.splitlines()[-1]
    assert last.startswith("kg: a process of the build was killed by SIGKILL (")
    assert last.endswith("; nothing was released")
    wait_until_empty(build.pid)


def _building(directory: Path, stage: str) -> subprocess.Popen[str]:
    """A `kg build` that has come to a stage. It heeds Ctrl-C, even where these tests do not, as
    what a shell starts in the background.
    """
    build = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, "-m", "kg", "build", str(directory)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert build.stderr is not None
    while not (line := build.stderr.readline()).startswith(stage):
        assert line
    return build


def _parent(process: int) -> int:
    """By proc_pid_stat(5), where the name in brackets may hold anything."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def test_serve_builds_first_and_leaves_no_process(tmp_path: Path) -> None:
    """`kg init` and `kg serve` are enough; Ctrl-C ends the server and all that it started."""
    directory = tmp_path / "mykg"
    assert run_kg("init", directory).returncode == 0
    server = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(directory), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    assert "http://127.0.0.1:" in server.stdout.readline()
    group = members(server.pid)
    assert len(group) > 1
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
    _, errors = server.communicate(timeout=20)
    assert server.returncode == 0
    assert "Traceback" not in errors
    wait_until_empty(server.pid)
    manifest = json.loads((directory / "build/current/manifest.json").read_text())
    assert manifest["counts"]["facts"]["claim"] == 4
