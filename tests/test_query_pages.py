"""Saved queries over HTTP: their pages, their API, its description, and short links."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kg.model.settings import Settings
from kg.queries import SavedQuery, project_queries
from tests.conftest import ROOT
from tests.diplomacy import ONTOLOGY
from web.site import short

QUERIES = project_queries(Settings(directory=ROOT), ONTOLOGY).queries
ASKED: dict[str, dict[str, str]] = yaml.safe_load(
    (ROOT / "tests/queries/asked.yaml").read_text("utf-8")
)
HTML = {"Accept": "text/html"}
TYPES = {
    "json": "application/sparql-results+json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/sparql-results+xml",
}


def examples(query: SavedQuery) -> dict[str, str]:
    return ASKED.get(query.name, {})


def table(client: FlaskClient, path: str) -> list[list[str]]:
    response = client.get(path)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.text)))


def test_list_has_each_query(client: FlaskClient) -> None:
    """The list links to every query with its title and question."""
    page = client.get("/queries/", headers=HTML).text
    for query in QUERIES:
        assert f'<a href="/queries/{query.name}">' in page


def test_list_sets_apart_what_has_no_source(client: FlaskClient) -> None:
    """In a release of the sheets alone, what needs the registers stands apart."""
    ready, _, waiting = client.get("/queries/", headers=HTML).text.partition(
        '<details class="more"'
    )
    lacking = [query for query in QUERIES if query.sources]
    assert f"{len(lacking)} more need sources" in waiting
    for query in QUERIES:
        assert (f'/queries/{query.name}"' in ready) == (not query.sources)
    assert "Needs travels, visits." in waiting


@pytest.mark.parametrize("query", QUERIES, ids=lambda each: each.name)
def test_page_of_each_query(client: FlaskClient, query: SavedQuery) -> None:
    """Each query has a page that answers with the values of its examples."""
    response = client.get(f"/queries/{query.name}", query_string=examples(query), headers=HTML)
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert 'role="alert"' not in response.text
    # Questions of the public records have no answer in the seeds.
    assert "<table" in response.text or query.name.startswith("records-")


@pytest.mark.parametrize(("extension", "content_type"), TYPES.items())
def test_formats(client: FlaskClient, extension: str, content_type: str) -> None:
    """The same rows come in each of the formats, open to any origin."""
    response = client.get(f"/queries/where-did-they-meet.{extension}")
    assert response.status_code == 200
    assert response.content_type == content_type
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "traveled to Moscow" in response.text


def test_parameter_changes_the_answer(client: FlaskClient) -> None:
    """Who held the office depends on the date that is given."""
    path = "/queries/office-holder-on-a-date.csv"
    assert table(client, path)[1][2] == "John Kerry"
    assert table(client, f"{path}?date=2009-03-06")[1][2] == "Hillary Clinton"


def test_answer_links_to_entities(client: FlaskClient) -> None:
    """A cell with an IRI is a link to the page of what it names, under its name."""
    page = client.get("/queries/where-did-they-meet", headers=HTML).text
    assert re.search(r'<a href="/page/claim/another-reset/9"><bdi[^>]*>[^<]*Moscow', page)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("date=2009-13-06", "date: found '2009-13-06'; allowed: a date that exists"),
        ("post=%3E", "post: nothing here is called '>'"),
        ("post=president", "post: 'president' may be President of "),
        ("colour=red", "colour: no parameter of office-holder-on-a-date; allowed: post, date"),
        ("page=0", "page: found '0'; allowed: a whole number from 1 to 10,000"),
        ("per_page=many", "per_page: found 'many'; allowed"),
    ],
)
def test_faulty_values(client: FlaskClient, query: str, detail: str) -> None:
    """A value that cannot be used is refused, with what is allowed, by the API and by the page."""
    response = client.get(f"/queries/office-holder-on-a-date.json?{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert detail in response.get_json()["detail"]
    if "page" not in query:
        page = client.get(f"/queries/office-holder-on-a-date?{query}", headers=HTML)
        assert page.status_code == 400
        assert 'role="alert"' in page.text


@pytest.mark.parametrize(
    ("query", "given", "title"),
    [
        (
            "office-holder-on-a-date",
            "post=secretary+of+state&date=2015-05-12",
            "Who was Secretary of State of the United States on 12 May 2015?",
        ),
        ("itinerary", "person=kerry&since=2015-05-01&until=2015-05-31",
         "Where was John Kerry from 1 May 2015 to 31 May 2015?"),
        ("events-at-a-place", "place=%D1%81%D0%BE%D1%87%D0%B8", "What happened in Sochi?"),
        ("events-at-a-place", "place=place/sochi", "What happened in Sochi?"),
        ("differing-values", "property=imposed+by", "Where do sources differ over imposed by?"),
    ],
)  # fmt: skip
def test_names_in_sentences(client: FlaskClient, query: str, given: str, title: str) -> None:
    """Any name is taken; the title says what is asked, and the answer is that of the reference."""
    page = client.get(f"/queries/{query}?{given}", headers=HTML)
    assert page.status_code == 200
    assert f"<title>{title} ·" in page.text
    (href,) = re.findall(r'rel="alternate" href="([^"]+)" title="CSV"', page.text)
    assert table(client, f"/queries/{query}.csv?{given}") == table(
        client, href.replace("&amp;", "&")
    )


def test_what_a_name_may_mean(client: FlaskClient) -> None:
    """A name of several is 400 with choices that lead on, as is one that is near to some."""
    page = client.get(
        "/queries/office-holder-on-a-date?post=president&date=2015-05-12", headers=HTML
    )
    assert page.status_code == 400
    assert "may mean several things" in page.text
    (href,) = re.findall(r'href="([^"]+)"><bdi>President of the United States<', page.text)
    assert client.get(href.replace("&amp;", "&"), headers=HTML).status_code == 200
    page = client.get("/queries/itinerary?person=lavrof", headers=HTML)
    assert "Nothing here is called" in page.text
    assert "<bdi>Sergey Lavrov</bdi>" in page.text


def test_columns_once(client: FlaskClient) -> None:
    """A thing and its label are one column, and what the form says is none."""
    page = client.get("/queries/posts-of-a-person?person=jeffrey+mankoff", headers=HTML).text
    heads = re.findall(r'<th scope="col">([^<]+)', page)
    assert len(set(heads)) == len(heads)
    assert "person" not in heads


@pytest.mark.parametrize("path", ["/queries/no-such", "/queries/sources.pdf", "/queries/no.json"])
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    """An unknown query and an unknown format are 404."""
    assert client.get(path).status_code == 404


def test_pages_follow_their_links(client: FlaskClient) -> None:
    """`next` leads through all rows, once each and in order; `prev` and `first` lead back."""
    path = "/queries/passages-in-order.csv"
    header, *whole = table(client, path)
    collected, address = [], f"{path}?per_page=7"
    relations: list[set[str]] = []
    while address:
        response = client.get(address)
        collected += list(csv.reader(io.StringIO(response.text)))[1:]
        links = dict(
            re.match(r'<(.*)>; rel="(.*)"', each).groups()[::-1]  # type: ignore[union-attr]
            for each in response.headers.getlist("Link")
        )
        relations.append(set(links) - {"service-desc"})
        address = links.get("next", "")
    assert collected == whole
    assert header[0] == "document"
    assert relations[0] == {"first", "next"}
    assert relations[-1] == {"first", "prev"}
    assert all(each == {"first", "prev", "next"} for each in relations[1:-1])


def test_query_with_its_own_limit_is_answered_whole(client: FlaskClient) -> None:
    """A stretch cannot be cut from a query that has a LIMIT, so all of it comes, without links."""
    response = client.get("/queries/next-stop.csv?per_page=1")
    assert response.status_code == 200
    assert response.headers.getlist("Link") == ['</openapi.json>; rel="service-desc"']


def test_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    """An answer has an ETag of its release, and a client that has it gets 304."""
    first = client.get("/queries/sources.json")
    again = client.get("/queries/sources.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_openapi_describes_each_address(client: FlaskClient, app: Flask) -> None:
    """The description is OpenAPI 3.1; each path in it answers with its examples, as it says."""
    document = client.get("/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    paths = {path: item["get"] for path, item in document["paths"].items()}
    assert len({each["operationId"] for each in paths.values()}) == len(paths)
    assert len([path for path in paths if path.startswith("/queries/")]) == 4 * len(QUERIES)
    for path, operation in paths.items():
        if not path.endswith(".json"):
            continue
        own = [each for each in operation["parameters"] if "name" in each]
        asked = ASKED.get(path.rpartition("/")[2].removesuffix(".json"), {})
        values = {
            each["name"]: each.get("example") or asked[each["name"]]
            for each in own
            if each["required"]
        }
        response = client.get(path, query_string=values)
        assert response.status_code == 200, path
        assert response.mimetype in operation["responses"]["200"]["content"]


def test_openapi_references_lead_somewhere(client: FlaskClient) -> None:
    """Each `$ref` names a component that is there."""
    response = client.get("/openapi.json")
    components = response.get_json()["components"]
    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', response.text)):
        assert name in components[kind]


def test_terms_of_the_editor(client: FlaskClient) -> None:
    """The editor completes the classes and properties that the graph uses, with their counts."""
    terms = client.get("/sparql/terms").get_json()
    classes = {each["name"]: each for each in terms["classes"]}
    assert classes["dip:Visit"]["label"] == "visit"
    assert classes["dip:Visit"]["count"] > 10
    assert "dip:place" in {each["name"] for each in terms["properties"]}
    assert terms["prefixes"]["dip"] == "https://w3id.org/chancery/ns#"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_short_links_keep_any_query(query: str) -> None:
    """What a short link unfolds to is what went in, in characters safe in a URL."""
    code = short.encode(query)
    assert short.decode(code) == query
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)


def test_short_links_are_short() -> None:
    """The saved queries' links are at most half as long as their text, over all of them."""
    texts = [query.text for query in QUERIES]
    assert sum(len(short.encode(text)) for text in texts) * 2 < sum(map(len, texts))


def test_short_link_leads_to_its_query(client: FlaskClient) -> None:
    """A short link redirects to the editor with the query in it."""
    response = client.get(f"/s/{short.encode('ASK { }')}")
    assert response.status_code == 303
    address = urlsplit(response.headers["Location"])
    assert address.path == "/sparql"
    assert parse_qs(address.query) == {"query": ["ASK { }"]}


@pytest.mark.parametrize("code", ["x", "AAAA", "eJw", "%00", short.encode("x" * 200_000)])
def test_broken_short_links(client: FlaskClient, code: str) -> None:
    """A link that holds no query, or one that unfolds past all bounds, is 404."""
    assert client.get(f"/s/{code}").status_code == 404
