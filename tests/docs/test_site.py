"""The documentation builds into a site that stands alone: from any folder, without another host."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from lxml import html

from tests.conftest import ROOT


def built(target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "properdocs", "build", "--site-dir", str(target)]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built strictly: a broken link or anchor, and a page outside the navigation, end it."""
    target = tmp_path_factory.mktemp("site")
    done = built(target)
    assert done.returncode == 0, (
        f"mend the page, or put it into the navigation (properdocs.yml): {done.stderr}"
    )
    return target


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, html.HtmlElement]:
    return {path: html.parse(path).getroot() for path in sorted(site.glob("*.html"))}


def test_links_lead_somewhere(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    """Each link that stays on the site is relative, and its file and anchor are there."""
    anchors = {path: {each.get("id") for each in page.iter()} for path, page in pages.items()}
    assert len(pages) == 1 + len(list((ROOT / "docs").glob("*.md"))) + 1  # changes, measurements
    for path, page in pages.items():
        for element, name, link, _ in page.iterlinks():
            if name == "href" and element.tag == "a" and urlsplit(link).scheme:
                continue
            target, anchor = urldefrag(link)
            there = (path.parent / target).resolve() if target else path
            assert there.is_relative_to(site), (path.name, link)
            assert there.is_file(), (path.name, link)
            assert not anchor or anchor in anchors[there], (path.name, link)


def test_no_other_host(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    """Reading it asks nothing of others and runs no script; only what readers follow leads away."""
    for path, page in pages.items():
        assert not page.xpath(
            "//script | //iframe | //style | //@style[not(starts-with(., 'text-align'))]"
        ), path.name
        asked = [link for each, _, link, _ in page.iterlinks() if each.tag != "a"]
        assert not [link for link in asked if urlsplit(link).netloc], path.name
    for sheet in site.glob("*.css"):
        assert not {"url(", "@import"} & set(sheet.read_text("utf-8").split()), sheet.name


def test_pages_are_read_by_all(pages: dict[Path, html.HtmlElement]) -> None:
    """One heading of the first order each, none skipped; a title and a language."""
    for path, page in pages.items():
        orders = [
            int(each.tag[1])
            for each in page.iter("h1", "h2", "h3", "h4")
            if not each.xpath("ancestor::nav")
        ]
        assert orders.count(1) == 1, path.name
        assert all(after <= before + 1 for before, after in pairwise(orders)), path.name
        assert page.get("lang") == "en"
        assert page.findtext("head/title")
