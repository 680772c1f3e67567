"""Charts: over HTTP as files, and what they draw of values."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from web.site.charts import Bar, Chart, Lane, Span, interval, over_time, ranking, spans

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "path", ["/timeline.svg", "/timeline.svg?period=2015", "/page/person/john-kerry/years.svg"]
)
def test_a_chart_is_a_file_of_its_own(client: FlaskClient, path: str) -> None:
    """It is XML with a title, what it shows in words, its source with the release, and whole
    addresses; nothing in it leads to another host or runs.
    """
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title")
    assert re.search(r"\d+ events? in all; most in .*release [0-9a-f]{12}", answer.text)
    links = [each.get("href") for each in root.iter(f"{SVG}a")]
    assert links
    assert all(each and each.startswith("http://localhost:8000/timeline?") for each in links)
    assert not {each.tag for each in root.iter()} & {f"{SVG}script", f"{SVG}image"}
    assert "http:" not in re.sub(r"http://(localhost:8000|www\.w3\.org/2000/svg)", "", answer.text)


@pytest.mark.parametrize("path", ["/timeline.svg?period=2015-05", "/page/person/nobody/years.svg"])
def test_no_chart_without_bars(client: FlaskClient, path: str) -> None:
    """What has nothing to draw is not found."""
    assert client.get(path).status_code == 404


def drawn(counts: dict[int, int]) -> Chart:
    return over_time("Votes", counts, lambda *ends: f"/v?period={interval(*ends)}", "vote")


def names(chart: Chart) -> list[str]:
    return re.findall(r'aria-label="([^"]*)"', str(chart.svg))


def test_each_bar_says_its_count_and_leads_on() -> None:
    """A bar a year, its link named by what it says; none where nothing is."""
    chart = drawn({2009: 3, 2011: 1})
    assert names(chart) == ["2009: 3 votes", "2011: 1 vote"]
    assert 'href="/v?period=2009"' in chart.svg
    assert chart.numbers == (("2009", "3", "/v?period=2009"), ("2011", "1", "/v?period=2011"))
    assert chart.description == "4 votes in all; most in 2009: 3."


def test_long_times_have_longer_bars() -> None:
    """Decades past forty years, centuries past forty decades."""
    assert names(drawn({1950: 1, 2015: 2})) == ["1950s: 1 vote", "2010s: 2 votes"]
    assert 'href="/v?period=2010s"' in drawn({1950: 1, 2015: 2}).svg
    assert names(drawn({1066: 1, 2015: 2})) == ["1000s: 1 vote", "2000s: 2 votes"]
    assert 'href="/v?period=2000/2099"' in drawn({1066: 1, 2015: 2}).svg


def test_a_few_far_off_share_a_bar() -> None:
    """One event of antiquity does not press those of our time into one bar."""
    chart = drawn({-43: 1} | dict.fromkeys(range(1990, 2020), 9))
    assert names(chart)[:2] == ["before 1990: 1 vote", "1990: 9 votes"]
    assert 'href="/v?period=../1989"' in chart.svg


def test_a_scale_has_few_round_steps() -> None:
    """Where bars are too many to bear their counts, a scale does, up to above the highest."""
    chart = drawn({year: year - 1979 for year in range(1980, 2018)})
    assert re.findall(r'class="rank"[^>]*>(\d+)<', str(chart.svg)) == ["20", "40"]


def test_ranking() -> None:
    """Names with counts and lengths in proportion; what is no name of a chart stays text."""
    chart = ranking("States", [Bar("<Turkey>", 4, "/t"), Bar("Iran", 1)], "vote")
    assert "&lt;Turkey&gt;" in chart.svg
    assert re.findall(r'class="bar"[^>]* width="([^"]*)"', str(chart.svg)) == ["100%", "25%"]


def test_spans() -> None:
    """Each on a line of its own, on one scale of years."""
    first = Span(2009, 2013, "certain", "2009 to 2013")
    chart = spans("Offices", [Lane("A", (first,), "/a"), Lane("B", (), "/b")])
    assert names(chart) == ["A: 2009 to 2013", "B: "]
    assert 'x="0%"' in chart.svg
