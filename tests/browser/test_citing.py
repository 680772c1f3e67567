"""Citations in the browser: read without a script, copied with one, and nothing moves for it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit, assert_accessible, assert_fits
from tests.browser.test_pages import SHIFT

CLAIM = "/page/claim/csis-kerry-in-russia/66"
NOTE = (
    "Jeffrey Mankoff, “John Kerry in Russia” (Center for Strategic and International Studies, "
    "2015), para. 3."
)


@pytest.mark.parametrize("path", ["document/csis-kerry-in-russia", "visit/kerry-russia-2015-05"])
def test_to_a_citation_by_mouse(visit: Visit, path: str) -> None:
    """From a page its citation is one click away: a form opens, its text is all there."""
    page = visit(f"/page/{path}", width=390)
    page.locator(".cite summary", has_text="BibTeX").click()
    assert page.locator(".cite pre").first.is_visible()
    assert "@misc{" in page.locator(".cite pre").first.inner_text()
    assert_fits(page)


def test_copy(visit: Visit) -> None:
    """A button copies the footnote, by mouse and by keyboard, and says so; nothing has moved."""
    page = visit(CLAIM)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy").first
    button.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == NOTE
    page.get_by_role("button", name="Copy").nth(0).focus()
    page.keyboard.press("Enter")
    assert "Says That John Kerry’s Visit" in page.evaluate("navigator.clipboard.readText()")
    assert page.evaluate(SHIFT) == 0


def test_without_a_script(visit: Visit) -> None:
    """The same text stands there to be selected, and no button that does nothing."""
    page = visit(CLAIM, javascript=False)
    assert page.locator(".cite .copied").first.inner_text() == NOTE
    assert page.locator(".cite button").count() == 0
    page.locator(".cite summary", has_text="RIS").click()
    assert "PB  - Center for Strategic" in page.locator(".cite pre").nth(1).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/properties?type=Visit", CLAIM])
def test_accessible(visit: Visit, path: str, scheme: str) -> None:
    """axe finds nothing, with all forms of a citation open."""
    page = visit(path, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")
    assert_accessible(page)
