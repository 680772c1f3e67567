"""The views as readers meet them: with a mouse, with keys, on a phone, without JavaScript."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.browser.conftest import Visit, assert_accessible, assert_fits

QUERY = (
    "SELECT ?place WHERE { <http://localhost:8000/id/visit/kerry-russia-2015-05> dip:place ?place }"
)
KINDS = (
    "/compare/",
    "/compare/another-reset/csis-kerry-in-russia",
    "/search?q=kerry",
    "/timeline",
    "/map",
    "/disagreements",
    "/queries/",
    "/queries/where-did-they-meet",
    "/sparql",
    f"/sparql?query={quote(QUERY)}",
)


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_accessible(visit: Visit, path: str, scheme: str, width: int) -> None:
    """Each kind of page fits its window and has no fault that axe finds."""
    page = visit(path, scheme=scheme, width=width)
    page.wait_for_load_state("networkidle")
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("path", KINDS)
def test_without_javascript(visit: Visit, path: str) -> None:
    """Each kind of page has its content and its form without JavaScript."""
    page = visit(path, javascript=False)
    assert page.locator("h1").is_visible()
    assert page.locator("main form, main ul").first.is_visible()


def test_typeahead(visit: Visit) -> None:
    """Typing part of a name offers the person; arrow and Enter lead to the page."""
    page = visit("/disagreements")
    page.locator(".find input").press_sequentially("lavr", delay=20)
    page.locator("#suggestion-0", has_text="Sergey Lavrov").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator(".find input").get_attribute("aria-activedescendant") == "suggestion-0"
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/person/sergey-lavrov")


def test_typeahead_can_be_left(visit: Visit) -> None:
    """Escape closes the suggestions; Enter then searches for what was typed."""
    page = visit("/disagreements")
    page.locator(".find input").press_sequentially("lavr", delay=20)
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=lavr")


def test_timeline_zooms(visit: Visit) -> None:
    """A bar leads to its year, a bar there to its month."""
    page = visit("/timeline", width=390)
    page.get_by_role("link", name="2015:").click()
    page.wait_for_url("**/timeline?period=2015")
    page.get_by_role("link", name="May 2015:").click()
    page.wait_for_url("**/timeline?period=2015-05")
    assert page.locator(".lanes").get_by_text("John Kerry in Sochi").is_visible()
    page.locator("nav[aria-label=Zoom]").get_by_role("link", name="All").click()
    page.wait_for_url("**/timeline")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (390, False)])
def test_map(visit: Visit, width: int, javascript: bool) -> None:
    """Each mark is whole in the map and can be chosen: a place leads to its events, the contested
    one among them; several near one another to a closer map, on which they are apart.
    """
    page = visit("/map", width=width, javascript=javascript)
    box = page.locator("svg.world").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    marks = page.locator("svg.world a:visible")
    assert marks.count() > 3
    for each in marks.locator("circle:last-of-type").all():
        mark = each.bounding_box()
        assert mark
        assert box["x"] - 1 <= mark["x"]
        assert mark["x"] + mark["width"] <= box["x"] + box["width"] + 1
    page.locator("svg.world a:visible", has_text="A closer map").first.click()
    page.wait_for_url("**/map?box=*")
    page.goto(page.url.partition("/map")[0] + "/map?box=30,40,50,60")
    page.get_by_role("link", name="Moscow: 1 event, 1 placed here by a source").click()
    page.wait_for_url("**/timeline?about=*place%2Fmoscow")
    assert page.locator(".lanes").get_by_text("John Kerry in Sochi").is_visible()


def test_two_documents_are_compared(visit: Visit) -> None:
    """From a document's page, by choosing another, without JavaScript."""
    page = visit("/page/document/csis-kerry-in-russia", javascript=False)
    page.get_by_role("link", name="another document").click()
    page.get_by_label("The other").select_option("another-reset")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/another-reset/csis-kerry-in-russia")
    assert page.get_by_text("traveled to Moscow").first.is_visible()
    assert page.get_by_text("is in Sochi").first.is_visible()


def test_map_tells_what_it_cannot_show(visit: Visit) -> None:
    """The count of what has no position leads to the list of it."""
    page = visit("/map", javascript=False)
    page.get_by_role("link", name="cannot be placed").click()
    assert page.locator("#unplaced").is_visible()


def test_neighbourhood_is_drawn_on_demand(visit: Visit) -> None:
    """The graph library is loaded when asked for, and the graph has the event's neighbours."""
    page = visit("/page/visit/kerry-russia-2015-05")
    assert page.evaluate("typeof cytoscape") == "undefined"
    page.get_by_role("button", name="Draw the graph").click()
    page.locator("dialog canvas").first.wait_for()
    page.locator("dialog .graph[aria-label='6 things and 5 links']").wait_for()
    page.locator("dialog select[name=type]").select_option("person")
    page.locator("dialog .graph[aria-label='4 things and 3 links']").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Close").click()
    assert page.locator("dialog").is_hidden()


def test_editor_completes_and_runs(visit: Visit) -> None:
    """A class is completed from the graph's own terms; the answer links to an entity's page."""
    page = visit("/sparql")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?v WHERE { ?v a dip:Visi")
    page.locator(".CodeMirror-hint", has_text="dip:Visit").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" ; dip:place id:sochi }")
    assert page.locator(".parseErrorIcon").count() == 1, "an undeclared prefix is marked"
    page.locator(".parseErrorIcon").hover()
    page.keyboard.press("Control+A")
    page.keyboard.type(QUERY)
    page.keyboard.press("Control+Enter")
    page.locator("#answer").get_by_role("link", name="id/place/sochi").click()
    page.wait_for_url("**/page/place/sochi")
    page.go_back()
    assert page.locator("#answer").get_by_role("link", name="id/place/sochi").is_visible()


def test_editor_downloads(visit: Visit) -> None:
    """An example runs by its link, and its answer downloads as CSV."""
    page = visit("/sparql")
    page.locator("aside summary", has_text="Where sources disagree").click()
    page.locator(".examples").get_by_role("link", name="Where did they meet?").click()
    with page.expect_download() as download:
        page.locator("#answer").get_by_role("link", name="CSV").click()
    text = download.value.path().read_text("utf-8")
    assert text.splitlines()[0].startswith("visit,placeLabel,accepted")
    assert "traveled to Moscow" in text


def test_editor_shows_the_line_at_fault(visit: Visit) -> None:
    """A syntax error is explained, and its line is marked in the editor."""
    page = visit("/sparql")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("SELECT * WHERE {\n  ?v a nope:Thing\n}")
    page.get_by_role("button", name="Run").click()
    page.locator("#answer .fault").wait_for()
    assert "nope" in page.locator("#answer .fault").inner_text()
    assert page.locator(".CodeMirror .faulty").count() == 1


def test_editor_without_javascript(visit: Visit) -> None:
    """The plain form answers too, with the same links."""
    page = visit("/sparql", javascript=False)
    page.locator("#query").fill(QUERY)
    page.get_by_role("button", name="Run").click()
    page.locator("#answer").get_by_role("link", name="id/place/sochi").wait_for()


def test_short_link_leads_back(visit: Visit) -> None:
    """The short link of an answer opens the same query."""
    page = visit(f"/sparql?query={quote(QUERY)}")
    page.locator("#short").click()
    page.wait_for_url("**/sparql?query=*")
    assert page.locator("#answer").get_by_role("link", name="id/place/sochi").is_visible()


def test_question_is_asked_anew(visit: Visit) -> None:
    """Another date in the form of a saved query gives another answer."""
    page = visit("/queries/office-holder-on-a-date")
    assert page.get_by_text("John Kerry").first.is_visible()
    page.locator("input[name=date]").fill("2009-03-06")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**date=2009-03-06")
    assert page.get_by_text("Hillary Clinton").first.is_visible()
