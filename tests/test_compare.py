"""Two documents beside one another, over HTTP."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

BASE = "http://localhost:8000/id/"
RESET, CSIS = f"{BASE}document/another-reset", f"{BASE}document/csis-kerry-in-russia"
PAIR = "/compare/another-reset/csis-kerry-in-russia"


def compared(client: FlaskClient) -> Any:
    answer = client.get(PAIR, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert "Accept" in answer.headers["Vary"]
    return answer.get_json()


def sources(disagreement: Any) -> set[str]:
    """The documents on the sides of a disagreement, read from the names of its claims."""
    claims = [each for side in disagreement["sides"] for each in side["claims"]]
    return {each.rpartition("/")[0].replace("/claim/", "/document/") for each in claims}


def test_every_disagreement_of_the_two_is_there(client: FlaskClient) -> None:
    """What /disagreements has with both on its sides, and nothing else; what one of them has with
    somebody else stands apart.
    """
    listed = client.get("/disagreements", headers={"Accept": "application/json"}).get_json()
    assert listed["next"] is None
    found = compared(client)
    for name, many in [("differ", 2), ("elsewhere", 1)]:
        wanted = {
            each["iri"]
            for each in listed["disagreements"]
            if len(sources(each) & {RESET, CSIS}) == many
        }
        assert {each["iri"] for each in found[name]} == wanted != set()


def test_the_contested_place_has_both_passages_and_its_rule(client: FlaskClient) -> None:
    """Moscow and Sochi stand beside one another, with their passages and what settles it."""
    page = unescape(client.get(PAIR, headers={"Accept": "text/html"}).text)
    places = page.partition('id="disagreement/visit/kerry-russia-2015-05/place"')[2]
    places = places.partition("</article>")[0]
    one, other = places.split('class="side"')[1:]
    assert "traveled to Moscow" in one
    assert "passage in paragraph 2" in one
    assert "is in Sochi" in other
    assert "an official record outranks a document" in other
    assert "/page/record/travels/3568" in other


def test_what_both_state(client: FlaskClient) -> None:
    """The same statement of both, and no claim stands in two sections but on sides of a dispute."""
    found = compared(client)
    told = [each["statement"] for each in found["agree"]]
    assert any("John Kerry held the post of Secretary of State" in each for each in told)
    assert all(each["claims"][RESET] and each["claims"][CSIS] for each in found["agree"])
    sections = [
        {claim for each in found[name] for some in each["claims"].values() for claim in some}
        for name in ("agree", "onlyOne", "silent")
    ]
    assert not sections[0] & sections[1]
    assert not sections[0] & sections[2]
    assert not sections[1] & sections[2]


def test_silent_of_what_the_other_tells(client: FlaskClient) -> None:
    """A thing of which one document says nothing at all has claims of the other alone."""
    found = compared(client)
    assert found["silent"]
    for each in found["silent"]:
        assert sorted(map(bool, each["claims"].values())) == [False, True]


def test_claims_are_all_there(client: FlaskClient) -> None:
    """Each claim of the two documents stands somewhere."""
    found = compared(client)
    shown = {
        claim
        for name in ("agree", "differ", "onlyOne", "silent")
        for each in found[name]
        for some in each["claims"].values()
        for claim in some
    }
    for iri in (RESET, CSIS):
        page = client.get(iri.replace(BASE, "/page/"), headers={"Accept": "text/html"}).text
        claims = set(re.findall(r'<li class="[^"]*" id="(?:of-)?c-([^"]*)"', page))
        mine = {each.rpartition("/")[2] for each in shown if f"/{iri.rpartition('/')[2]}/" in each}
        assert mine == claims != set()


def test_one_address_for_two(client: FlaskClient) -> None:
    """The other order leads to the first; the chooser leads there as well."""
    answer = client.get("/compare/csis-kerry-in-russia/another-reset")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(PAIR)
    answer = client.get("/compare/?one=csis-kerry-in-russia&other=another-reset")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(PAIR)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/compare/another-reset/nothing", 404),
        ("/compare/another-reset/another-reset", 404),
        ("/compare/?one=nothing", 400),
        ("/compare/", 200),
        ("/compare/?one=another-reset&other=another-reset", 200),
    ],
)
def test_what_cannot_be_compared(client: FlaskClient, path: str, status: int) -> None:
    """An unknown document is told; the chooser is there until two are chosen."""
    assert client.get(path, headers={"Accept": "text/html"}).status_code == status


def test_a_document_leads_to_its_comparisons(client: FlaskClient) -> None:
    """Its page names others to compare it with."""
    page = client.get("/page/document/csis-kerry-in-russia", headers={"Accept": "text/html"}).text
    assert f'href="{PAIR}"' in page
    assert 'href="/compare/?one=csis-kerry-in-russia"' in page
