"""What every page begins with: by mouse and keyboard, on a phone, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, assert_accessible, assert_fits


@pytest.mark.parametrize("box", [".find input", ".ask input"])
def test_every_search_box_suggests(visit: Visit, box: str) -> None:
    """The home page's own box as well as the masthead's; Enter opens what the arrow chose."""
    page = visit("/")
    page.locator(box).click()
    page.keyboard.type("sochi")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    expect(page.locator(box)).to_have_attribute("aria-activedescendant", "suggestion-0")
    assert_accessible(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/**sochi**")


def test_the_list_follows_the_focus(visit: Visit) -> None:
    """What one box suggests is not left open when the other is taken."""
    page = visit("/")
    page.locator(".ask input").press_sequentially("kerry")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.locator(".find input").focus()
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator(".ask input")).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_skip_link_paints_nothing(visit: Visit, scheme: str) -> None:
    """It is the first stop, goes past the menu, and the page looks as before."""
    page = visit("/page/visit/kerry-russia-2015-05", scheme=scheme)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main:target")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_data_menu(visit: Visit, width: int) -> None:
    """It opens by Enter, fits, and closes by Escape, which goes back to its word."""
    page = visit("/page/visit/kerry-russia-2015-05", width=width)
    word = page.locator(".masthead .menu summary")
    word.press("Enter")
    expect(page.locator(".masthead .menu a").first).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(word).to_be_focused()
    expect(page.locator(".masthead .menu a").first).to_be_hidden()
    page.locator(".title .menu summary").click()
    expect(page.get_by_role("link", name="Turtle")).to_be_visible()
    assert_fits(page)


def test_the_data_menu_without_a_script(visit: Visit) -> None:
    page = visit("/", javascript=False)
    page.locator(".masthead .menu summary").click()
    expect(page.locator(".masthead .menu a[href='/sparql']")).to_be_visible()


def test_browse_has_more_kinds_apart(visit: Visit) -> None:
    """The kinds that the ontology orders lead; abstract ones are one click away."""
    page = visit("/browse")
    expect(page.get_by_role("link", name="People")).to_be_visible()
    expect(page.get_by_role("link", name="Participations")).to_be_hidden()
    page.locator("details.more summary").click()
    expect(page.get_by_role("link", name="Participations")).to_be_visible()
    assert_accessible(page)
