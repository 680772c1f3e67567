"""Another domain, whole: docs/examples/votes, built by the CLI, served, and asked over HTTP."""

from __future__ import annotations

import csv
import gzip
import html
import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyoxigraph
import pytest
import rdflib

from tests.conftest import ROOT, run_kg, served, spawn_kg
from tests.diplomacy import DIP, ONTOLOGY

EXAMPLE = ROOT / "docs" / "examples" / "votes"
VOTE = "https://example.org/votes#"
ID = "http://localhost:8000/id/"
HTML = "text/html"
# Labels of diplomacy's terms that are plain English, an attribute of HTML, or a method of HTTP.
ENGLISH = {
    "agent", "article", "date", "end", "event", "holder", "name of", "organization", "part of",
    "person", "place", "post", "speaker", "start", "state", "status", "target", "topic", "within",
}  # fmt: skip
DIPLOMATIC = "|".join(
    re.escape(each.label)
    for table in (ONTOLOGY.classes, ONTOLOGY.properties, ONTOLOGY.vocabulary)
    for each in table.values()
    if each.iri.startswith(str(DIP)) and each.label.lower() not in ENGLISH
)
FOREIGN = re.compile(
    r"diploma\w*|ambassador\w*|embass\w*|treat(?:y|ies)|visit(?:s|ors?)?|minister\w*|summits?"
    rf"|\bdip:|chancery/ns#|/(?:state|person|post|place)/|\b(?:{DIPLOMATIC})s?\b",
    re.IGNORECASE,
)
# Every page that the navigation leads to, and one of each other kind.
PAGES = [
    "/", "/page/", "/page/document/", "/disagreements", "/timeline", "/timeline?year=2022", "/map",
    "/queries/", "/sparql", "/ontology", "/search", "/search?q=wardens", "/dumps/",
    "/graph/accepted", "/tables/", "/tables/votes", "/tables/claims",
    "/page/document/morning-bell", "/page/claim/evening-wire/2-ayes",
    "/page/record/divisions/2021-017", "/page/dataset/divisions", "/ontology/Vote",
    "/ontology/ayes", "/ontology/Carried", "/ontology/TopicScheme", "/ontology/Party", "/problems/",
    "/votes", "/votes?by=motion&result=carried&period=2021",
    "/queries/closest", "/queries/moved-by", "/queries/counts",
    "/reconcile/preview?id=vote/2021-017",
    f"/neighbourhood?iri={ID}vote/2021-017",
]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, built."""
    root = tmp_path_factory.mktemp("votes") / "votes"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build"))
    done = spawn_kg("build", root)
    assert done.returncode == 0, done.stderr
    assert (root / "build/current/issues.jsonl").read_text("utf-8") == ""
    return root


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with served(project) as url:
        yield url


def get(url: str, accept: str = HTML) -> str:
    """What an address answers with 200, in the media type that is asked for."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            assert answer.headers.get_content_type() in accept, url
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code} at {url}") from error


def sparql(address: str, query: str) -> list[dict[str, Any]]:
    found = get(
        f"{address}/sparql?{urlencode({'query': query})}", "application/sparql-results+json"
    )
    return [
        {name: each["value"] for name, each in row.items()}
        for row in json.loads(found)["results"]["bindings"]
    ]


def words(page: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_the_script_writes_the_same_rows_again(tmp_path: Path) -> None:
    """500 votes, byte for byte those that are committed."""
    script = shutil.copy(EXAMPLE / "make_divisions.py", tmp_path)
    subprocess.run([sys.executable, "-I", script], check=True)
    made = (tmp_path / "divisions.csv").read_bytes()
    assert made == (EXAMPLE / "divisions.csv").read_bytes()
    assert len(list(csv.DictReader(made.decode().splitlines()))) == 500


def test_the_project_is_checked(project: Path) -> None:
    """Sheets, texts, mapping and questions have no fault."""
    done = run_kg("check", project)
    assert done.returncode == 0, done.stderr
    assert "15 claims proven against their texts" in done.stdout


def test_the_vote_has_its_page(address: str) -> None:
    """What the ontology says of itself is what the page says, numbers by their names."""
    page = words(get(f"{address}/page/vote/2021-017"))
    assert "Carried: 85 ayes, 79 noes, 9 abstentions, 11 February 2021." in page
    for question in ("When", "How many", "How it ended", "About", "Part of"):
        assert f" {question} " in page
    assert "85 is taken as so: an official record outranks a document (" in page
    assert "Eighty-five members said aye" in page


def test_counts_that_differ_are_a_disagreement(address: str) -> None:
    """The register settles one; where it has no count, both stay."""
    page = get(f"{address}/disagreements")
    still_open, settled = map(words, page.split("<article")[1:3])
    assert re.search(r"vote 2021-017 85 ayes accepted .* 84 ayes contradicted", settled)
    assert "85 is taken as so: an official record outranks a document (" in settled
    assert re.search(r"vote 2021-040 71 ayes disputed .* 74 ayes disputed", still_open)
    assert "Sources of equal rank disagree" in still_open
    assert page.count("<article") == 2


def test_lists_and_search_find_everything(address: str) -> None:
    """Each class has its list, each thing is found by its name."""
    kinds = words(get(f"{address}/browse"))
    for kind, number in (("Votes", 500), ("Sittings", 72), ("Parties", 5)):
        assert re.search(rf" {kind} {number} ", kinds)
    assert "vote 2023-136" in get(f"{address}/page/vote/")
    for query, found in (("wardens 2021-017", "vote/2021-017"), ("Fenwick", "member/edda-fenwick")):
        assert f"/page/{found}" in get(f"{address}/search?{urlencode({'q': query})}")


def test_the_timeline_has_votes_and_the_map_nothing(address: str) -> None:
    """What falls on a day stands on the timeline; without places the map says so."""
    assert "572 events that may have been" in words(get(f"{address}/timeline"))
    assert "River Wardens Relief Order, vote 2021-017" in get(f"{address}/timeline?period=2021-02")
    assert "No event at a place" in words(get(f"{address}/map"))


def test_votes_are_explored(address: str) -> None:
    """The vocabulary names the explorer and its facets; rows and counts are the graph's own."""
    found = json.loads(get(f"{address}/votes?result=carried&period=2021", "application/json"))
    asked = "SELECT ?v { ?v vote:result vote:Carried ; vote:heldOn ?d FILTER(YEAR(?d) = 2021) }"
    query = urlencode({"query": asked, "output": "csv"})
    rows = get(f"{address}/sparql?{query}", "text/csv").splitlines()
    assert found["total"] == len(rows) - 1
    assert {each["value"] for each in found["facets"]["result"]} == {"carried", "lost"}
    page = get(f"{address}/votes")
    assert "500 votes" in words(page)
    assert "by=motion" in page
    for path in ("/visits", "/between/member/edda-fenwick/member/nobody"):
        with pytest.raises(AssertionError, match="404 at"):
            get(f"{address}{path}")


def test_the_ontology_has_its_pages(address: str) -> None:
    """Each term of the project has one, in its own words, and answers in Turtle too."""
    terms = {*re.findall(r"^vote:(\w+) a ", (EXAMPLE / "ontology/votes.ttl").read_text(), re.M)}
    assert len(terms) == 24
    listed = get(f"{address}/ontology")
    for term in terms:
        assert f'href="/ontology/{term}"' in listed or term.endswith("Scheme")
        page = words(get(f"{address}/ontology/{term}"))
        assert f"{VOTE}{term}" in page
    graph = rdflib.Graph().parse(data=get(f"{address}/ontology/ayes", "text/turtle"))
    assert (rdflib.URIRef(f"{VOTE}ayes"), None, None) in graph


def test_numbers_are_numbers(address: str) -> None:
    """Counts compare and average without taking words apart, in the graph and in the rows."""
    rows = csv.DictReader((EXAMPLE / "divisions.csv").read_text().splitlines())
    mean = fmean(int(row["abstentions"]) for row in rows if row["abstentions"])
    field = f"<{ID}field/divisions/abstentions>"
    for path in ("vote:abstentions", field):
        (found,) = sparql(address, f"SELECT (AVG(?n) AS ?mean) {{ ?each {path} ?n }}")
        assert float(found["mean"]) == pytest.approx(mean)
    found = sparql(address, "SELECT ?v { ?v vote:ayes ?n FILTER(?n > 170) }")
    assert found == []


@pytest.mark.parametrize(
    ("name", "given", "first"),
    [
        ("closest", {}, {"margin": "0"}),
        ("closest", {"topic": "Schools"}, {"topic": f"{VOTE}Schools"}),
        ("moved-by", {"member": "member/edda-fenwick"}, {"member": f"{ID}member/edda-fenwick"}),
        ("counts", {"vote": "vote/2021-040"}, {"value": "71", "count": f"{VOTE}ayes"}),
    ],
)
def test_its_questions(
    address: str, project: Path, name: str, given: dict[str, str], first: dict[str, str]
) -> None:
    """By name at the command line and over HTTP, the same answer; defaults come from the graph."""
    over_http = get(f"{address}/queries/{name}.csv?{urlencode(given)}", "text/csv")
    options = [part for each in given.items() for part in ("-p", "=".join(each))]
    done = run_kg("query", name, "-d", project, "--format", "csv", *options)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(over_http.splitlines()))
    assert rows == list(csv.DictReader(done.stdout.splitlines()))
    assert {key: rows[0][key] for key in first} == first


def test_dumps_hold_it_all(address: str, project: Path) -> None:
    """The dump, parsed anew, is the graph that the endpoint asks."""
    name = project / "build/current/dumps/chancery.nq.gz"
    assert name.is_file()
    quads = list(pyoxigraph.parse(gzip.decompress(name.read_bytes()), pyoxigraph.RdfFormat.N_QUADS))
    (counted,) = sparql(address, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert len(quads) == int(counted["n"])
    ayes = pyoxigraph.NamedNode(f"{VOTE}ayes")
    graph = pyoxigraph.NamedNode("http://localhost:8000/graph/accepted")
    accepted = [each for each in quads if each.predicate == ayes and each.graph_name == graph]
    assert len(accepted) == 501  # 499 of the register, and two of newspapers alone


def test_reconciling_names(address: str) -> None:
    """A spreadsheet's names of members find them."""
    asked = {"q0": {"query": "Edda Fenwick", "type": "Member"}}
    url = f"{address}/reconcile?{urlencode({'queries': json.dumps(asked)})}"
    found = json.loads(get(url, "application/json"))["q0"]["result"]
    assert found[0]["id"] == "member/edda-fenwick"
    assert found[0]["match"] is True


def sitemap(address: str) -> list[str]:
    """The first three pages of each kind, as the sitemap names them."""
    index = get(f"{address}/sitemap.xml", "application/xml")
    parts = re.findall(r"<loc>(.*?)</loc>", index)
    assert len(parts) == 6
    found = []
    for part in parts:
        path = urlsplit(part).path
        listed = re.findall(r"<loc>(.*?)</loc>", get(f"{address}{path}", "application/xml"))
        assert listed
        found += [
            re.sub("^/id/", "/page/", urlsplit(each).path) for each in (*listed[:2], listed[-1])
        ]
    return found


def test_no_word_of_diplomacy(address: str) -> None:
    """Pages of every kind answer, and none says a word that only diplomacy has."""
    leading = re.findall(r'<a href="(/[^"]*)"', get(f"{address}/").partition("<main")[0])
    assert {"/timeline", "/ontology", "/queries/"} <= {*leading}
    assert "/map" not in leading  # no class of the project is a place
    said = {}
    for path in dict.fromkeys([*leading, *PAGES, *sitemap(address)]):
        page = get(f"{address}{path}", "text/html, application/json;q=0.5")
        assert "Traceback" not in page, path
        if words_said := {found[0].lower() for found in FOREIGN.finditer(page)}:
            said[path] = words_said
    assert not said
