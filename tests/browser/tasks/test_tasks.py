"""What readers come for: from the home page to the answer in at most three steps, by the mouse and
by the keyboard alone, on all records. The answers are those of the rows themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kg.model.settings import Settings
from kg.store.release import Release
from tests.browser.tasks import raw
from tests.browser.tasks.reader import Reader
from tests.conftest import served

SOCHI = "John Kerry in Sochi, 12 May 2015"


@pytest.fixture(scope="module")
def full_server(full_release: Release, full_settings: Settings) -> Iterator[str]:
    assert full_release.id  # X
    with served(full_settings.directory, KG_CLIENT_SECONDS="1e6") as url:
        yield url


@pytest.fixture(params=["mouse", "keyboard"])
def reader(request: pytest.FixtureRequest, browser: Browser, full_server: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.goto(full_server)
    yield Reader(page, keyboard=request.param == "keyboard")
    context.close()


def choose(reader: Reader, **choices: str) -> None:
    """Fill the explorer's form."""
    fields = reader.page.locator("form.choose")
    reader.ask(
        *((fields.get_by_label(name.capitalize()), words) for name, words in choices.items())
    )


# Of pages.md


def test_who_met_in_sochi_and_who_says_so(reader: Reader, shared: Path) -> None:
    row = next(each for each in raw.secretaries(shared) if each.id == "3568")
    reader.go(SOCHI)
    for words in ("Sergey Lavrov", "Vladimir Putin", "row 3568", "CSIS (Mankoff, 2015)"):
        assert words in reader.text
    assert row.remarks in reader.text


def test_how_often_kerry_had_met_lavrov(reader: Reader, shared: Path) -> None:
    before = [
        each
        for each in raw.secretaries(shared)
        if "Kerry" in each.name and "Lavrov" in each.remarks and each.start < "2015-05-12"
    ]
    reader.search("kerry lavrov")
    reader.go("John Kerry and Sergey Lavrov")
    reader.ask((reader.page.get_by_label("Before"), "2015-05-12"))
    for each in before:
        assert f"row {each.id}" in reader.text
    assert f"{len(before)} " in reader.text


def test_which_secretaries_went_to_turkey(reader: Reader, shared: Path) -> None:
    rows = [
        each
        for each in raw.secretaries(shared)
        if each.country == "turkey" and "2010" <= each.start < "2017"
    ]
    reader.go("Visits", "header")
    choose(
        reader,
        office="Secretary of State of the United States",
        country="Turkey",
        period="2010-2016",
    )
    assert f"{len(rows)} visits" in reader.text
    for each in rows:
        assert f"row {each.id}" in reader.text
        assert {"Clinton": "Hillary Clinton", "Kerry": "John Kerry"}[
            each.name.split()[-1]
        ] in reader.text


def test_which_countries_no_president_visited(reader: Reader, shared: Path) -> None:
    visited = {each.country for each in raw.presidents(shared)}
    reader.go("Visits", "header")
    choose(reader, office="President of the United States")
    reader.go("as a chart by Country")
    never = reader.page.locator("section", has=reader.page.locator("#by"))
    reader.unfold(never.get_by_text("None of these"))
    for name in ("Madagascar", "Moldova", "Zimbabwe"):
        assert name.lower() not in visited
        assert name in never.inner_text()


def test_what_the_two_articles_disagree_on(reader: Reader) -> None:
    reader.go("Disagreements", "header")
    for words in ("Moscow", "Sochi", "Denial", "Different lists", "Different dates"):
        assert words.lower() in reader.text.lower()


def test_cite_a_claim(reader: Reader) -> None:
    reader.go("claim", "li.losing:has-text('Moscow')")
    assert "traveled to Moscow" in reader.text
    assert "Kerry in Russia for Another Reset" in reader.text
    assert "n.d." in reader.text


def test_a_table_for_a_spreadsheet(reader: Reader) -> None:
    reader.go("Disagreements", "header")
    text = reader.take(reader.page.get_by_role("link", name="As CSV"))
    assert "Moscow" in text
    assert "Sochi" in text


def test_compare_two_ambassadors(reader: Reader, shared: Path) -> None:
    terms = {name: (start, end) for name, start, end in raw.chiefs(shared, "russia")}
    reader.search("us ambassador to russia")
    reader.go("Ambassador", "main")
    for person, name in (("mcfaul-michael-anthony", "McFaul"), ("beyrle-john-ross", "Beyrle")):
        start, end = map(date.fromisoformat, terms[person])
        assert name in reader.text
        assert f"{start.day} {start:%B %Y} – {end.day} {end:%B %Y}" in reader.text
        assert f"{(end - start).days // 365} year" in reader.text


# Others


def test_what_happened_on_a_day(reader: Reader, shared: Path) -> None:
    there = [each for each in raw.secretaries(shared) if each.start <= "2015-05-12" <= each.end]
    reader.search("12 May 2015")
    reader.go("12 May 2015", "main")
    assert {each.locale for each in there} == {"Sochi", "Antalya"}
    for each in there:
        assert each.locale in reader.text


def test_what_reagan_had_to_do_with_gorbachev(reader: Reader, shared: Path) -> None:
    rows = [
        each
        for each in raw.presidents(shared)
        if each.name == "Ronald Reagan" and "Gorbachev" in each.remarks
    ]
    assert {each.locale.split(",")[0] for each in rows} == {"Geneva", "Reykjavik", "Moscow"}
    reader.search("reagan gorbachev")
    reader.go("Ronald Reagan and Mikhail S. Gorbachev")
    for each in rows:
        assert f"row {each.id}" in reader.text
        assert each.locale.split(",")[0] in reader.text


def test_who_was_ambassador_then(reader: Reader, shared: Path) -> None:
    then = [
        name for name, start, end in raw.chiefs(shared, "russia") if start <= "2010-06-01" <= end
    ]
    assert then == ["beyrle-john-ross"]
    reader.search("ambassador to russia")
    reader.go("Ambassador", "main")
    assert "John Ross Beyrle" in reader.text or "John R. Beyrle" in reader.text


def test_which_countries_secretaries_visit_most(reader: Reader) -> None:
    reader.go("Visits", "header")
    choose(reader, office="Secretary of State of the United States")
    first = reader.page.locator("aside section", has_text="Country").locator("li a").first
    assert first.inner_text() == "United Kingdom"


def test_the_original_row(reader: Reader) -> None:
    reader.go("row 3568")
    original = reader.page.locator("main a[href*='history.state.gov']").first
    assert original.get_attribute("href")


def test_what_was_denied(reader: Reader) -> None:
    reader.go("Disagreements", "header")
    reader.go("denial", "main aside")
    assert "Barack Obama in France" in reader.text
    assert "not Vladimir Putin" in reader.text


def test_a_place_as_data(reader: Reader) -> None:
    reader.search("sochi")
    reader.go("Sochi", "main ol, main ul")
    reader.unfold(reader.page.locator("main summary", has_text="Data").first)
    assert "Sochi" in reader.take(reader.page.get_by_role("link", name="Turtle").first)


def test_which_presidents_went_to_moscow(reader: Reader, shared: Path) -> None:
    rows = [each for each in raw.presidents(shared) if "Moscow" in each.locale]
    reader.go("Visits", "header")
    choose(reader, office="President of the United States", place="Russia")
    reader.go("Moscow", "aside")
    for each in rows:
        assert f"row {each.id}" in reader.text


def test_on_this_day(reader: Reader, shared: Path) -> None:
    today = date.today()
    assert f"On this day, {today.day} {today:%B}" in reader.text
    reader.go("All", "section:has-text('On this day')")
    rows = [
        each
        for each in (*raw.presidents(shared), *raw.secretaries(shared), *raw.visits(shared))
        if each.start[5:] == f"{today:%m-%d}"
    ]
    years = {each.start[:4] for each in rows}
    assert years
    assert all(year in reader.text for year in years)


def test_how_long_someone_served(reader: Reader) -> None:
    reader.search("henry kissinger")
    reader.go("Henry", "main ol, main ul")
    assert "3 years" in reader.text
