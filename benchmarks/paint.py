"""When a reader sees something: first contentful paint in Chromium, nothing cached.

W3C Paint Timing counts from the start of the navigation, so the server's time is in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_PAINTED = """() => new Promise(resolve => new PerformanceObserver(list => {
  const found = list.getEntriesByName('first-contentful-paint')[0];
  if (found) resolve(found.startTime);
}).observe({ type: 'paint', buffered: true }))"""


def first_paints(origin: str, paths: Iterable[str]) -> list[float]:
    """Milliseconds to the first paint of each page, each time an empty cache; none without
    Chromium.
    """
    program = shutil.which("chromium")
    if program is None:
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        # The first page of a new browser waits for the browser, not for the server.
        _first_paint(browser, f"{origin}/")
        painted = [_first_paint(browser, origin + path) for path in paths]
        browser.close()
    return painted


def _first_paint(browser: Browser, url: str) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(url)
    painted = float(page.evaluate(_PAINTED))
    context.close()
    return painted
