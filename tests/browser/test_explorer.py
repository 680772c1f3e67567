"""The tasks of a historian in a browser: from the home page to the answer in three steps."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import Visit


def chosen(page: Page) -> list[str]:
    """The dates of the rows."""
    return page.locator("table.rows tbody th a").all_inner_texts()


def test_who_went_where_and_when_by_form(visit: Visit) -> None:
    """Home, the explorer, one form: which Secretaries of State were in Russia, 2010 to 2016."""
    page = visit("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Visits").click()
    page.get_by_role("combobox", name="Office").select_option(
        label="Secretary of State of the United States (15)"
    )
    page.get_by_role("combobox", name="Place").select_option(label="Russia (3)")
    page.get_by_role("textbox", name="Period").fill("2010-2016")
    page.get_by_role("button", name="Show").click()
    assert chosen(page) == ["7–8 May 2013", "12 May 2015"]


def test_the_same_by_keyboard_without_script(visit: Visit) -> None:
    """Names are typed, and Enter asks; nothing needs JavaScript or a mouse."""
    page = visit("/visits", javascript=False, width=390)
    page.get_by_role("combobox", name="Place").focus()
    page.keyboard.type("Russia")
    page.get_by_role("textbox", name="Period").focus()
    page.keyboard.type("2010-2016")
    page.keyboard.press("Enter")
    page.wait_for_url("**period=2010-2016")
    assert "12 May 2015" in chosen(page)


def test_a_choice_is_taken_back(visit: Visit) -> None:
    """Each value has a link to choose it and one to take it back."""
    page = visit("/visits")
    aside = page.get_by_role("complementary", name="Narrow")
    aside.get_by_role("link", name="John Kerry").first.click()
    assert "traveller=person/john-kerry" in page.url
    page.get_by_role("link", name="Without John Kerry").click()
    assert page.url.endswith("/visits")


def test_pages_are_accessible(visit: Visit) -> None:
    """axe finds nothing on the explorer, a drawn facet and two together, light and dark."""
    pair = "/between/person/john-kerry/person/sergey-lavrov?date=2015-05-12"
    for path in ("/visits", "/visits?by=place&traveller=person/john-kerry&period=2015", pair):
        for scheme, width in (("light", 1280), ("dark", 390)):
            page = visit(path, scheme=scheme, width=width)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
