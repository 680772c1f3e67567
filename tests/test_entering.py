"""Where a reader comes in: the home page, and the pages of a year and of a day."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.store.release import Release
from web.site import pages

HTML = {"Accept": "text/html"}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def section(html: str, name: str) -> str:
    return html.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def test_home_leads_with_time_and_place(client: FlaskClient) -> None:
    """A chart whose bars lead on, and the places with their counts, before how to get the data."""
    html = get(client, "/")
    chart = section(html, "when")
    bars = re.findall(r'href="([^"]*)" aria-label="(\d+): (\d+) events?"', chart)
    assert ("/on/2013", "2013", "6") in bars
    for href, _, count in bars:
        assert f"{count} event" in words(get(client, unescape(href)))
    assert "Geneva" in section(html, "where")
    assert html.index('id="when"') < html.index('id="get"')
    assert "triples" not in section(html, "inside")
    assert "triples" in html.partition("<footer")[2]


def test_counts_of_home_are_those_of_the_lists(client: FlaskClient, release: Release) -> None:
    """What the home page counts of documents and claims is what the release holds."""
    inside = words(section(get(client, "/"), "inside"))
    counts = release.manifest.counts.classes
    for name in ("Document", "Claim", "Record"):
        number = counts[f"https://w3id.org/chancery/claims#{name}"]
        assert f"{number} {name.lower()}s" in inside


def test_on_this_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 12 May it shows what was on 12 May, under another tag than the day before."""
    client, seen = app.test_client(), {}
    for day in (date(2030, 5, 11), date(2030, 5, 12), date(2030, 5, 12)):
        monkeypatch.setattr(pages, "today", lambda day=day: day)
        answer = client.get("/", headers=HTML)
        seen[day] = answer.headers["ETag"]
        found = words(section(answer.text, "today"))
        assert ("2015 John Kerry in Sochi, 12 May 2015" in found) is (day.day == 12)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert f"{day.day + 1} May 2030 00:00:00 GMT" in answer.headers["Expires"]
    assert len(set(seen.values())) == 2
    again = client.get("/", headers={**HTML, "If-None-Match": seen[date(2030, 5, 11)]})
    assert again.status_code == 200
    again = client.get("/", headers={**HTML, "If-None-Match": seen[date(2030, 5, 12)]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "found", "other"),
    [
        ("/on/2015-05-12", "John Kerry in Sochi, 12 May 2015", "Abuja"),
        ("/on/2015-05", "John Kerry in Abuja", "Moscow, May 2013"),
        ("/on/2013", "John Kerry in Geneva, 12–15 September 2013", "Abuja"),
        ("/on/05-12", "John Kerry in Sochi, 12 May 2015", "Abuja"),
        ("/on/2010-2013", "John Kerry in Geneva, 12–15 September 2013", "Abuja"),
    ],
)
def test_days(client: FlaskClient, path: str, found: str, other: str) -> None:
    text = words(get(client, path))
    assert found in text
    assert other not in text


def test_ways_between_days(client: FlaskClient) -> None:
    """From a day to those beside it, to its month, its year, and itself in all years."""
    html = get(client, "/on/2015-12-31")
    for href in ("/on/2015", "/on/2015-12", "/on/2015-12-30", "/on/2016-01-01", "/on/12-31"):
        assert f'href="{href}"' in html
        get(client, href)
    assert 'rel="prev"' not in get(client, "/on/0001")
    assert 'rel="next"' not in get(client, "/on/9999-12-31")


@pytest.mark.parametrize("path", ["/on/2015-13", "/on/02-30", "/on/once", "/on/2015-02-30"])
def test_what_is_no_day_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 404


def test_the_server_does_not_keep_what_expires(client: FlaskClient) -> None:
    """Asked twice, the home page still says when it will be another one."""
    for _ in range(3):
        assert client.get("/", headers=HTML).headers["Expires"].endswith("00:00:00 GMT")


@pytest.mark.parametrize("event", ["kerry-russia-2015-05", "obama-france-2014-06"])
def test_a_date_leads_to_what_else_was_then(client: FlaskClient, event: str) -> None:
    """One click from the date of an event to its day, where the event is listed."""
    found = re.search(r'<dd.*?href="(/on/[^"]*)"', get(client, f"/page/visit/{event}"), re.DOTALL)
    assert found
    assert f"/page/visit/{event}" in get(client, found[1])
