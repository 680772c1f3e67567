"""`kg mcp` as an agent meets it, by the SDK's own client over stdio; `/llms.txt`; JSON of pages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from flask import Flask
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from kg.agents.fitting import MOST, fitted
from kg.store import Graph, rows
from kg.store.release import Release
from tests.conftest import ROOT, run_kg
from tests.endpoint.killers import KILLERS

BASE = "http://localhost:8000/"
VISIT = "visit/kerry-russia-2015-05"
JSON = {"Accept": "application/json"}


class Refusal(Exception):
    """The tool says no."""


class Agent:
    """A session with `kg mcp`: tools are called by name, and answer with JSON or a refusal."""

    def __init__(self, call: Callable[[str, dict[str, Any]], Any], client: Client) -> None:
        self._call, self.client = call, client

    def __call__(self, tool: str, **given: Any) -> Any:
        answer = self._call(tool, given)
        text = answer.content[0].text
        assert len(text) <= MOST
        if answer.is_error:
            raise Refusal(text)
        return json.loads(text)


@pytest.fixture(scope="module")
def agent(project: Path, release: Release) -> Iterator[Agent]:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "kg", "mcp", str(project)],
        env={"KG_QUERY_TIMEOUT": "1", "KG_QUERY_MEMORY": "256"},
    )
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        client = Client(stdio_client(command))
        stack.enter_context(portal.wrap_async_context_manager(client))
        yield Agent(lambda name, given: portal.call(client.call_tool, name, given), client)


def told(found: Any) -> Iterator[dict[str, Any]]:
    """Each claim in an answer, wherever it stands."""
    if isinstance(found, dict) and "says" in found and "claim" in found:
        yield found
    for each in found.values() if isinstance(found, dict) else found:
        if isinstance(each, (dict, list)):
            yield from told(each)


def test_it_says_what_it_is_and_how_to_cite(agent: Agent) -> None:
    words = agent.client.instructions or ""
    assert words.startswith("Chancery: A knowledge graph of diplomacy")
    assert "IRI of the `claim`" in words
    assert agent.client.server_info.name == "chancery"


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("find", {"text": "traveled to Moscow"}),
        ("entity", {"thing": VISIT}),
        ("who_says", {"thing": VISIT}),
        ("who_says", {"thing": f"{BASE}id/document/another-reset", "page": 2}),
        ("who_says", {"thing": f"{BASE}page/claim/another-reset/9"}),
        ("disagreements", {"about": VISIT}),
        ("disagreements", {"kind": "Denial"}),
        ("between", {"one": "John Kerry", "other": "Sergey Lavrov"}),
        ("ask", {"question": "denials"}),
        ("sparql", {"query": "SELECT ?claim { ?claim clm:disputed true } LIMIT 3"}),
    ],
)
def test_what_is_told_can_be_cited(
    agent: Agent, graph: Graph, tool: str, given: dict[str, Any]
) -> None:
    """Each claim is one of the graph, with its very quotes, a place and a source."""
    found = agent(tool, **given)
    if tool == "find":
        assert any("/id/claim/" in each["iri"] for each in found["hits"])
        return
    claims = list(told(found))
    assert claims
    for each in claims:
        query = "SELECT ?quote { ?claim clm:evidence/oa:hasSelector/oa:exact ?quote }"
        quotes = {
            str(row["quote"].value)  # type: ignore[union-attr]
            for row in rows(graph, query.replace("?claim", f"<{each['claim']}>"))
        }
        assert {one["quote"] for one in each.get("passages", ()) if "quote" in one} == quotes
        assert all(one["where"] for one in each.get("passages", ()))
        assert each["says"]
        assert each["standing"]
        assert each["source"]["label"]


def test_facts_of_registers_have_their_rows(agent: Agent) -> None:
    """What no document claims leads to the row that records it, in the register's words."""
    found = agent("entity", thing="John Kerry in Geneva, 12–15 September 2013")
    sources = {
        one["source"]["iri"]
        for fact in found["facts"]
        for value in fact["values"]
        for one in value["evidence"]
    }
    assert sources == {f"{BASE}id/record/travels/3379"}
    met = agent("between", one="person/john-kerry", other="person/sergey-lavrov")
    assert "Syrian crisis" in json.dumps(met["events"])


def test_where_they_differ(agent: Agent) -> None:
    found = agent("disagreements", about=VISIT, state="settled")["disagreements"]
    (place,) = (each for each in found if each["question"] == "Where")
    assert [each["value"]["label"] for each in place["sides"]] == ["Sochi", "Moscow"]
    assert place["settledBy"] == [f"{BASE}id/record/travels/3568"]


def test_time(agent: Agent) -> None:
    found = agent("timeline", about="John Kerry", period="2015-05-12")
    assert "John Kerry in Sochi, 12 May 2015" in [each["label"] for each in found["events"]]


def test_schema_and_questions(agent: Agent) -> None:
    """What is needed to write a query, and queries that are written."""
    assert agent("schema")["prefixes"]["dip"]
    (place,) = (
        e for e in agent("schema", term="dip:place")["properties"] if e["name"] == "dip:place"
    )
    assert place["definition"]
    asked = {each["name"] for each in agent("questions")["queries"]}
    answer = agent("ask", question="posts-of-a-person", parameters={"person": "John Kerry"})
    assert "posts-of-a-person" in asked
    assert answer["rows"][0]["postLabel"] == "Secretary of State of the United States"


def test_pages_follow_one_another(agent: Agent) -> None:
    """The parts of a long list are all of it, each once."""
    seen: list[str] = []
    page: int | None = 1
    while page:
        found = agent("who_says", thing="document/may-2015", page=page)
        seen += [each["claim"] for each in found["claims"]]
        page = found.get("next_page")
    assert len(seen) == len(set(seen)) == found["total"]


@pytest.mark.parametrize(
    ("tool", "given", "allowed"),
    [
        ("entity", {"thing": "Kerry"}, f"John Kerry (person): {BASE}id/person/john-kerry"),
        ("entity", {"thing": "person/nobody"}, "person/nobody"),
        ("disagreements", {"kind": "Quarrel"}, "allowed: ChangedPlan, Denial"),
        ("timeline", {"period": "once"}, "allowed: "),
        ("ask", {"question": "who"}, "allowed: agenda, agreements"),
        ("ask", {"question": "agenda", "parameters": {"who": "x"}}, "allowed: visit"),
        ("find", {"text": "x", "kind": "ship"}, "allowed: "),
        ("find", {"text": "x", "page": 0}, "greater than or equal to 1"),
        ("sparql", {"query": "SELECT * { ?s a dip:Visit "}, "something is missing"),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "read-only"),
        ("sparql", {"query": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"}, "other"),
    ],
)
def test_a_refusal_says_what_to_do(
    agent: Agent, tool: str, given: dict[str, Any], allowed: str
) -> None:
    with pytest.raises(Refusal, match=re.escape(allowed)):
        agent(tool, **given)


@pytest.mark.parametrize("query", KILLERS, ids=range(len(KILLERS)))
def test_no_query_ends_the_server(agent: Agent, query: str) -> None:
    """After one that hangs, or kills its process, the next is answered."""
    with suppress(Refusal):  # of one of them the engine is lucky to find an answer at once
        agent("sparql", query=query)
    assert agent("sparql", query="ASK {}") == {"answer": "yes"}


def test_the_documented_example(project: Path, release: Release) -> None:
    """It prints what docs/agents.md says."""
    text = (ROOT / "docs" / "agents.md").read_text("utf-8")
    code, printed = re.findall(r"```(?:python|text)\n(.*?)```", text, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=project, check=True
    )
    assert done.stdout == printed


def test_answers_are_short() -> None:
    """What is longer is cut where it is longest, and says of what how much."""
    long = {"iri": "x", "none": None, "rows": [{"text": "y" * 90, "n": [n]} for n in range(1000)]}
    answer = json.loads(fitted(long))
    assert len(fitted(long)) <= MOST
    assert answer["rows"] == long["rows"][: len(answer["rows"])]  # type: ignore[index]
    assert answer["left_out"] == {"rows": 1000 - len(answer["rows"])}
    assert "none" not in answer
    assert len(fitted({"turtle": "z" * 10**6})) < MOST


def test_a_place_that_is_none() -> None:
    done = run_kg("mcp", "/nowhere/at/all")
    assert done.returncode == 2
    assert "neither a directory nor an http(s) address" in done.stderr


@pytest.mark.parametrize(
    ("path", "member"),
    [
        (f"/page/{VISIT}", "facts"),
        ("/page/claim/another-reset/9", "verdict"),
        ("/page/document/another-reset", "claims"),
        ("/timeline", "events"),
        ("/queries/", "queries"),
    ],
)
def test_pages_as_json(app: Flask, path: str, member: str) -> None:
    """Pages are JSON for who asks for it, and pages for who takes anything."""
    client = app.test_client()
    assert client.get(path, headers=JSON).get_json()[member]
    assert client.get(path).mimetype == "text/html"


def test_llms_txt(app: Flask) -> None:
    """The form of llmstxt.org; every link leads to something."""
    client = app.test_client()
    answer = client.get("/llms.txt")
    lines = answer.text.splitlines()
    assert answer.mimetype == "text/markdown"
    assert [each for each in lines if each.startswith("# ")] == ["# Chancery"] == lines[:1]
    assert lines[2].startswith("> A knowledge graph of diplomacy")
    links = [each for each in lines if each.startswith("- ")]
    assert len(links) > 30
    for each in links:
        link = re.fullmatch(r"- \[[^\[\]]+\]\((http://localhost:8000/[^)\s]*)\)(: .+)?", each)
        assert link, each
        assert client.get(link[1].removeprefix("http://localhost:8000")).status_code == 200, each
