"""Pages as readers meet them: the tour from the home page to a passage, on any screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit, assert_accessible, assert_fits
from tests.hostile import hostile_project

VISIT = "/page/visit/kerry-russia-2015-05"
KINDS = (
    "/",
    VISIT,
    "/page/person/john-kerry",
    "/page/post/us-secretary-of-state",
    "/page/place/sochi",
    "/page/record/travels/3568",
    "/page/claim/another-reset/9",
    "/page/document/another-reset",
    "/page/document/may-2015",
    "/browse",
    "/on/2015",
    "/on/05-12",
    "/page/person/",
    "/page/place/",
    "/disagreements?state=settled",
    "/page/visit/",
    "/page/claim/",
    "/references?iri=http%3A%2F%2Flocalhost%3A8000%2Fid%2Fperson%2Fjohn-kerry&by=https%3A%2F%2Fw3id.org%2Fchancery%2Fns%23traveller",
    "/graph/document/another-reset",
    "/dumps/",
    "/releases/latest/",
    "/ontology",
    "/ontology/place",
    "/page/person/jon-kerry",
    "/problems/",
    "/problems/query-timeout",
)
BUDGET = 60_000  # bytes of a page and all that it loads, as they travel
# Cumulative Layout Shift (web.dev/cls), which the browser measures itself.
SHIFT = """() => new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) shift += each.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(shift), 100);
})"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")].reduce((sum, each) => sum + each.transferSize, 0)"""


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_each_kind(visit: Visit, path: str, width: int, scheme: str) -> None:
    """Each kind of page fits, is accessible, stays where it is, and weighs within its budget."""
    page = visit(path, width=width, scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert_fits(page)
    assert_accessible(page)
    assert page.evaluate(SHIFT) == 0
    assert 0 < page.evaluate(WEIGHT) <= BUDGET


def test_narrow_window(visit: Visit) -> None:
    """The widest page fits a window of 360 pixels."""
    assert_fits(visit(VISIT, width=360))


@pytest.mark.parametrize("javascript", [True, False])
def test_tour(visit: Visit, javascript: bool) -> None:
    """Home, the visit, its disputed place, the passage in the document, and back."""
    page = visit("/", javascript=javascript)
    page.get_by_role("link", name="John Kerry in Sochi, 12 May 2015").first.click()
    page.wait_for_url(f"**{VISIT}")
    where = page.locator("dl.contested > div", has_text="Where")
    moscow = where.locator("dd.losing")
    assert "Moscow" in moscow.inner_text()
    assert "contradicted" in moscow.inner_text()
    assert "official record outranks" in where.inner_text()
    assert moscow.locator("q").inner_text() == "traveled to Moscow"
    moscow.get_by_role("link", name="passage").click()
    page.wait_for_url("**/page/document/another-reset#c-9")
    assert "traveled to Moscow" in _target(page)
    page.go_back()
    assert page.url.endswith(VISIT)


@pytest.mark.parametrize("javascript", [True, False])
def test_passage_in_its_text(visit: Visit, javascript: bool) -> None:
    """An open text is whole; a claim leads to its passage, and the passage to its claim."""
    page = visit("/page/document/may-2015", javascript=javascript)
    claim = page.locator("ol.claims > li", has_text="met in Sochi")
    claim.get_by_role("link", name="characters").click()
    assert "Vladimir Putin met" in page.locator("mark:target, mark:has(:target)").inner_text()
    page.locator("mark:target a, mark:has(:target) a").click()
    assert "meeting of John Kerry" in _target(page)


def test_keyboard(visit: Visit) -> None:
    """The first Tab offers to skip to the content, and Enter does."""
    page = visit(VISIT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_print(visit: Visit) -> None:
    """On paper the navigation is gone and the facts remain."""
    page = visit(VISIT)
    page.emulate_media(media="print")
    assert not page.locator(".masthead nav").is_visible()
    assert page.get_by_role("heading", name="What is known").is_visible()


def _target(page: Page) -> str:
    return page.locator(":target").inner_text()


def test_hostile_values(browser: Browser, serving: Callable[..., str], tmp_path: Path) -> None:
    """In a real browser too, hostile values open no dialog and break no policy."""
    url = serving(hostile_project(tmp_path))
    page = browser.new_page()
    complaints: list[str] = []
    page.on("dialog", lambda each: (complaints.append(each.message), each.dismiss()))
    page.on("console", lambda each: each.type == "error" and complaints.append(each.text))
    page.on("request", lambda each: each.url.startswith(url) or complaints.append(each.url))
    for path in ("visit/evil", "place/evil", "document/evil", "claim/evil/1"):
        page.goto(f"{url}/page/{path}")
        page.wait_for_load_state("networkidle")
        assert "<script>" in page.locator("main").inner_text()
    page.close()
    assert complaints == []
