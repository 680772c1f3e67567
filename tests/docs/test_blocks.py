"""What the documentation shows is so: commands run, queries answer, sheets are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import rdflib
import yaml

from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.queries.project import read_query
from kg.registers.us_state.corrections import Corrections
from kg.store import Graph, Query
from kg.store.release import Release
from tests.conftest import ROOT
from tests.diplomacy import PREFIXES
from tests.docs.blocks import BASE, Block, Shell, blocks, fits

# Blocks with a test of their own, which takes them from the page.
ELSEWHERE = {
    ("README.md", "console"): "test_readme.py",
    ("README.md", "python"): "test_readme.py",
    ("README.md", "sparql"): "test_readme.py",
    ("README.md", "turtle"): "test_readme.py",
    ("agents.md", "python"): "test_agents.py",
    ("clients.md", "python"): "test_clients.py",
    ("clients.md", "sh"): "test_clients.py",
    ("installing.md", "console"): "test_packaging.py",
    ("operating.md", "console"): "test_operating.py",
    ("operating.md", "yaml"): "test_metrics.py",
    ("publishing.md", "console"): "test_freezing.py",
    ("python.md", "python"): "test_api.py",
    ("releases.md", "python"): "test_history.py",
    ("sources.md", "python"): "records/test_new_source.py",
    ("sources.md", "toml"): "test_packaging.py",
    ("sources.md", "yaml"): "records/test_tables.py",
    ("tutorial.md", "toml"): "docs/test_blocks.py",  # files of its project
    ("tutorial.md", "yaml"): "docs/test_blocks.py",
    ("tables.md", "python"): "test_release_tables.py",
    ("vocabulary.md", "console"): "test_own_vocabulary.py",
    ("vocabulary.md", "sparql"): "test_own_vocabulary.py",
    ("vocabulary.md", "toml"): "test_own_vocabulary.py",
    ("vocabulary.md", "turtle"): "test_own_vocabulary.py",
    ("vocabulary.md", "yaml"): "test_own_vocabulary.py",
}
# Commands that cannot run here.
CANNOT = {
    "git clone": "what is cloned lies on another host",
    "kg mcp": "it speaks a protocol, as in test_agents.py",
    "perf stat": "it looks into a running server by a program of the kernel's",
}
# What a page takes for granted before its first command.
_HEAD = "#+ title: Mine\n#+ question: Who was where?\n#+ group: Mine\n\n\n\n\n"
GIVEN = {
    "queries.md": {
        "mykg/seeds/entities.yaml": "place/here: {label: Here}\n",
        "mykg/queries/stops.rq": f"{_HEAD}SELECT ?it WHERE {{ ?visit dip:palce ?it }}\n",
        "mykg/queries/who.rq": f"{_HEAD}SELECT ?it WHERE {{\n  ?visit dpi:traveller ?it\n}}\n",
    }
}
FULL = {"people.md"}  # what it shows is of the registers at full size
ROWS = {"linked-data.md", "queries.md", "sources.md"}  # what they ask is in the seeds
FORMS = re.compile(r"\b(?:SELECT|CONSTRUCT|ASK)\b")


def mine(*languages: str) -> list[Block]:
    return [each for each in blocks(*languages) if (each.page, each.language) not in ELSEWHERE]


@pytest.fixture
def shell(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shell]:
    with ExitStack() as stack:
        yield Shell(tmp_path, lambda: request.getfixturevalue("server"), stack)


@pytest.mark.parametrize("page", sorted({each.page for each in mine("console", "sh")}))
def test_commands(page: str, shell: Shell) -> None:
    """A reader who follows the page from its top gets what it shows."""
    for file, text in GIVEN.get(page, {}).items():
        shell.write(file, text)
    for block in blocks("console", "sh", "yaml", "toml", "sparql", "text", "csv"):
        if block.page != page:
            continue
        if block.file:
            shell.write(block.file, block.text)
        for command, shown in block.commands():
            if not command.startswith(tuple(CANNOT)):
                said = shell.run(command)
                assert not shown or fits(shown, said), f"{block}: {command}\n{said}"


@pytest.mark.parametrize("block", mine("sparql"), ids=str)
def test_queries(block: Block, graph: Graph, settings: Settings, tmp_path: Path) -> None:
    """The graph of the seeds answers it: a query, a saved one, its defaults, a pattern."""
    asked = block.text
    if asked.startswith("#+ title"):
        (tmp_path / "asked.rq").write_text(asked, "utf-8")
        assert read_query(tmp_path / "asked.rq", settings, project_ontology(settings)).title
    elif asked.startswith("#+ defaults: |\n"):
        asked = asked.partition("\n")[2].replace("#+", "")
    elif not FORMS.search(asked):
        asked = f"SELECT * WHERE {{ {asked} }}"
    form = "text/turtle" if "CONSTRUCT" in asked else "text/csv"
    answer = graph.answer(Query(text=asked, accept=(form,))).read()
    assert block.page not in ROWS or "?date" in asked or answer.count(b"\n") > 1


@pytest.mark.parametrize("block", mine("turtle"), ids=str)
def test_turtle(block: Block, release: Release) -> None:
    """Each triple that it shows is one of the seeds' graph, or at least in the terms of one."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    shown = rdflib.Graph().parse(data=prefixes + block.text, format="turtle", publicID=f"{BASE}/")
    published = rdflib.Graph().parse(release.dumps / "chancery.ttl")
    assert block.page in FULL or set(shown) <= set(published)
    for term in shown.predicates():
        assert (None, term, None) in published or (term, None, None) in published, term


@pytest.mark.parametrize("block", mine("toml"), ids=str)
def test_settings(block: Block, tmp_path: Path) -> None:
    """They are settings of a project."""
    (tmp_path / "kg.toml").write_text(block.text, "utf-8")
    assert Settings.load(tmp_path)


def test_sheets(shell: Shell, tmp_path: Path) -> None:
    """What pages show of sheets, records, decisions and corrections makes one project, without a
    fault. It lacks the text, and another document; a row states what the decision is about, and
    another sheet withdraws what this one has.
    """
    sheet, withdrawn, entities, rows = (
        each.text for each in mine("yaml") if each.page == "sheets.md"
    )
    people, decisions = (each.text for each in mine("yaml") if each.page == "people.md")
    (dispute,) = (each.text for each in mine("yaml") if each.page == "judgement.md")
    named = set(
        re.findall(r"\b(?:organization|person|place|visit)/[\w-]+", sheet + entities + rows)
    )
    for ref in sorted(named - yaml.safe_load(entities).keys()):
        entities += f"{ref}: {{label: {ref}}}\n"
    start = "      - {property: start,"
    place = f"      - {{property: place, object: place/sochi}}\n{start}"
    sheet = re.sub(" +(?:file|derived_from):.*\n", "", sheet)
    other = re.sub(r"(?ms)^(?:entities|match):.*?(?=^\w|\Z)", "", sheet)
    other = other.replace("id: another-reset", "id: other").replace("id: 9 ", "id: 12-date ")
    shell.write("seeds/documents/reset.yaml", sheet)
    shell.write("seeds/documents/other.yaml", other + withdrawn)
    shell.write("seeds/entities.yaml", entities)
    shell.write("seeds/records/travels.yaml", rows.replace(start, place))
    shell.write("seeds/decisions.yaml", dispute + decisions)
    shell.write("seeds/records/corrections.yaml", people)
    assert "2 claims: no fault" in shell.run("kg check")
    (person,) = Corrections.load(tmp_path / "seeds/records/corrections.yaml").people
    assert person.name == "Konrad Adenauer"


def test_every_block_has_a_test() -> None:
    """Those of their own take them from the page; nothing is excused that is not there."""
    shown = blocks("console", "sh", "python", "sparql", "toml", "turtle", "yaml")
    assert ELSEWHERE.keys() <= {(each.page, each.language) for each in shown}
    for (page, _), test in ELSEWHERE.items():
        assert page in (ROOT / "tests" / test).read_text("utf-8"), test
    assert not mine("python"), "a page with Python needs a test of its own, and its name here"
    assert {each.page for each in mine("yaml")} == {"judgement.md", "people.md", "sheets.md"}
    told = [command for each in shown for command, _ in each.commands()]
    assert all(any(one.startswith(each) for one in told) for each in CANNOT)
