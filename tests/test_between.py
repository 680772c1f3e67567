"""Two together, over HTTP: how often they met, when and where, in which words, what is claimed."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

KERRY, LAVROV, PUTIN = "person/john-kerry", "person/sergey-lavrov", "person/vladimir-putin"
PAIR = f"/between/{KERRY}/{LAVROV}"


def read(client: FlaskClient, path: str, **query: str) -> str:
    response = client.get(path, query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_two_persons(client: FlaskClient) -> None:
    """The count, each time with its day, its place, the register's own words and its row."""
    page = read(client, PAIR)
    assert "Together 3 times" in page
    assert "12 May 2015 , Sochi" in page
    assert "Met with President Vladimir Putin and Foreign Minister Sergei Lavrov." in page
    assert "State Department travel register, row 3568" in page


def test_what_is_claimed_of_both(client: FlaskClient) -> None:
    """Claims that name the two stand below, as sentences with their sources."""
    page = read(client, f"/between/person/barack-obama/{PUTIN}").partition("What is claimed")[2]
    assert "denies that Vladimir Putin took part in Barack Obama’s visit" in page


def test_what_was_only_planned_is_not_counted(client: FlaskClient) -> None:
    """A summit that was called off, and what has no date, stand apart."""
    page = read(client, f"/between/person/barack-obama/{PUTIN}")
    met, _, besides = page.partition("Without a day, planned, or it did not happen")
    assert "Together 2 times" in met
    assert "Planned Putin–Obama summit" not in met
    assert "cancelled" in besides


def test_one_day_told_twice_is_one_time(client: FlaskClient) -> None:
    """A meeting on the day and at the place of a visit is the same one."""
    page = read(client, f"/between/{KERRY}/{PUTIN}")
    assert "also told as Meeting of John Kerry and Vladimir Putin in May 2015" in page
    assert page.count("12 May 2015 , Sochi") == 1


def test_before_and_after(client: FlaskClient) -> None:
    """A date parts them; each half has an address of its own."""
    page = read(client, PAIR, date="2015-05-12")
    found = re.search(r"Before 12 May 2015: (\d+) · from then on: (\d+)", page)
    assert found
    assert (found[1], found[2]) == ("2", "1")
    assert "Together 1 time in from 12 May 2015" in read(client, PAIR, period="2015-05-12/..")


def test_person_and_state(client: FlaskClient) -> None:
    """Who was received by a state, or came for it."""
    page = read(client, "/between/person/john-kerry/state/united-states")
    assert "No source of this graph has the two together" in page
    assert "does not mean that they never met" in page
    page = read(client, f"/between/{PUTIN}/state/united-states")
    assert "Kennebunkport" in page


def test_order_does_not_matter(client: FlaskClient) -> None:
    """One canonical address, with what was asked of it."""
    response = client.get(f"/between/{LAVROV}/{KERRY}?period=2015")
    assert response.status_code == 308
    assert response.headers["Location"].endswith(f"{PAIR}?period=2015")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/between/{KERRY}/person/nobody", 404),
        (f"/between/{KERRY}/place/sochi", 400),
        (f"/between/{KERRY}/{KERRY}", 400),
        (f"/between/{KERRY}", 400),
        ("/between/nothing", 400),
        (f"{PAIR}?date=soon", 400),
        (f"{PAIR}?period=soon", 400),
        (f"{PAIR}?format=pdf", 400),
    ],
)
def test_what_cannot_be_asked(client: FlaskClient, path: str, status: int) -> None:
    """404 for who is not in the graph, 400 for what cannot meet."""
    response = client.get(path)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_rows_as_csv(client: FlaskClient) -> None:
    """The same as a table, with what else the rows tell."""
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAIR}?format=csv").text)))
    assert "12 May 2015" in [each["date"] for each in lines]
    assert all("Sergey Lavrov" in each["counterpart"] for each in lines)
