"""What readers see of disagreements of every kind: on their page, their things', their claims'."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from tests.conftest import graph_of
from web.app import create_app

PAIRS = Path(__file__).with_name("pairs")
DECISION = """
- dispute: {subject: visit/castlereagh-1814, property: place, object: place/ghent}
  reason: The register of the inn has his name.
  author: Ida Wold
  date: 2026-11-30
"""
Read = Callable[[str], str]


def client_of(pair: str, directory: Path, decisions: str = "") -> FlaskClient:
    project = Path(shutil.copytree(PAIRS / pair, directory / pair))
    if decisions:
        (project / "seeds" / "decisions.yaml").write_text(decisions, "utf-8")
    settings = Settings.load(project)
    return create_app(settings, graph_of(pipeline.build(settings), settings)).test_client()


def words(html: str) -> str:
    """The content of a page as its reader sees it."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture(scope="module")
def ghent(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of("ghent", tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def petrel(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of("petrel", tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of("ghent", tmp_path_factory.mktemp("pages"), DECISION)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return words(answer.text)


def test_a_denied_claim_says_that_it_is_denied(ghent: FlaskClient) -> None:
    """Nowhere "Taken as so"; and it names who states what it denies."""
    text = page(ghent, "/page/claim/almanac-of-1816/5")
    assert re.search(r"denies that .* took place in the Low Countries", text), text
    assert "denied Denied here and stated elsewhere, by sources of equal rank" in text
    assert "Taken as so" not in text
    assert "Where Ghent disputed “Notes of a clerk at Ghent”" in text


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("clerk-of-ghent/1", "Planned, so it is no fact that it came about; it came otherwise."),
        ("clerk-of-ghent/6", "Hypothetical, so it is no fact that it came about."),
        ("clerk-of-ghent/11", "Opinion, so it is a judgement of whoever makes it, and no fact."),
        ("clerk-of-ghent/2", "Taken as so."),
        ("clerk-of-ghent/5", "Taken as so beside what speaks against it: sources of equal rank"),
    ],
)
def test_each_claim_says_what_it_is(ghent: FlaskClient, claim: str, verdict: str) -> None:
    """A plan, a supposition, an evaluation and a fact, each in its own words."""
    assert verdict in page(ghent, f"/page/claim/{claim}")


def test_a_changed_plan_is_shown_with_both_sides(ghent: FlaskClient) -> None:
    """On the event's page, with who planned it; it counts as no dispute."""
    text = page(ghent, "/page/conference/ghent")
    assert "ources disagree" not in text
    shown = text.partition("What came otherwise")[2]
    assert re.match(r" Where Ghent accepted 2 independent sources .* Gothenburg planned", shown)
    assert "Changed plan . Nobody need be wrong." in shown


def test_disputed_dates_are_no_flat_dates(ghent: FlaskClient) -> None:
    """The headline, the data for search engines and the timeline join no two dates of which one
    alone can be.
    """
    html = ghent.get("/page/agreement/peace-of-ghent").text
    assert "24 December 1814 or 28 December 1814 (disputed)" in words(html)
    linked = json.loads(html.partition('<script type="application/ld+json">')[2].split("<")[0])
    assert "1814-12-24" not in json.dumps(linked)
    line = ghent.get("/timeline?type=agreement").text
    assert "24 December 1814 or 28 December 1814: sources disagree" in words(line)
    lane = line.partition('<ol class="lanes">')[2].partition("</ol>")[0]
    drawn = [
        float(each) for each in re.findall(r'<rect class="uncertain".*? width="([^"]*)%', lane)
    ]
    assert len(drawn) == 2
    assert max(drawn) < 30  # of the five days from one date to the other, one day each


def test_lists_and_inner_contradictions_have_all_their_sides(petrel: FlaskClient) -> None:
    """What both lists have is accepted, what one has is disputed."""
    text = page(petrel, "/page/voyage/first")
    assert re.search(
        r"Scientist Ada Wick accepted 2 independent sources .* Noor Sabel disputed .*"
        r" Otto Breen disputed .* Different lists",
        text,
    )
    assert re.search(r"84 jars disputed .* 85 jars disputed .* Within one source", text)


def test_who_decided_when_and_why(decided: FlaskClient) -> None:
    """On the disagreement, and on the pages of both claims."""
    by = r"decision of Ida Wold , 30 November 2026: The register of the inn has his name"
    listed = page(decided, "/disagreements")
    assert re.search(rf"Ghent is taken as so: a person decided so \( {by}", listed)
    won, lost = (
        page(decided, f"/page/claim/{c}") for c in ("clerk-of-ghent/5", "almanac-of-1816/5")
    )
    assert re.search(rf"accepted Taken as so, against what contradicts it.*{by}", won)
    assert re.search(
        rf"denied Denied here and stated elsewhere, but taken as so: a person decided so .*{by}",
        lost,
    )


def test_json_tells_sides_of_one_value_apart(ghent: FlaskClient) -> None:
    """A denial by its polarity, a plan by its modality."""
    answer = ghent.get("/disagreements", headers={"Accept": "application/json"}).json
    assert answer is not None
    sides = {
        (each["kind"], side["value"]["label"]): side
        for each in answer["disagreements"]
        for side in each["sides"]
        if "label" in side["value"]
    }
    assert sides["Denial", "Low Countries"]["polarity"] is False
    assert sides["ChangedPlan", "Gothenburg"]["modality"] == "Planned"
    assert sides["ChangedPlan", "Ghent"].keys() == {
        "value", "claims", "told", "independentSources"
    }  # fmt: skip
