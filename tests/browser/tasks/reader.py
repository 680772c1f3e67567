"""A reader who goes by the mouse, or by the keyboard alone, and counts the steps."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

MOST_STEPS = 3
_STOPS = 600  # of the Tab key, on the way through one page


class Reader:
    """Someone at the home page. A step: a link that is followed, or a form that is sent."""

    def __init__(self, page: Page, *, keyboard: bool) -> None:
        self.page = page
        self.keyboard = keyboard
        self.steps = 0

    def follow(self, link: Locator) -> None:
        """Go where the link leads."""
        self._step()
        with self.page.expect_navigation():
            if self.keyboard:
                self._reach(link)
                self.page.keyboard.press("Enter")
            else:
                link.click()

    def go(self, name: str, within: str = "body") -> None:
        """Follow the first link whose name holds these words."""
        self.follow(self.page.locator(within).get_by_role("link", name=name).first)

    def ask(self, *fields: tuple[Locator, str]) -> None:
        """Fill a form, and send it by the last field's Enter."""
        self._step()
        for field, words in fields:
            if field.evaluate("e => e.tagName") == "SELECT":
                self._choose(field, words)
                continue
            if self.keyboard:
                self._reach(field)
                self.page.keyboard.press("Control+a")
            else:
                field.click()
                field.fill("")
            self.page.keyboard.type(words)
        with self.page.expect_navigation():
            if fields[-1][0].evaluate("e => e.tagName") == "SELECT":  # which takes Enter for itself
                button = fields[-1][0].locator("xpath=ancestor::form").get_by_role("button").last
                self._reach(button) if self.keyboard else button.focus()
            self.page.keyboard.press("Enter")

    def search(self, words: str) -> None:
        self.ask((self.page.locator("main input[type=search]"), words))

    def take(self, link: Locator) -> str:
        """What the link leads to, as a file of text."""
        self._step()
        if self.keyboard:
            self._reach(link)
        address = link.evaluate("e => e.href")
        return self.page.request.get(address).text()

    def unfold(self, summary: Locator) -> None:
        """Open what is folded. Nothing is left behind, so it is no step."""
        if self.keyboard:
            self._reach(summary)
            self.page.keyboard.press("Enter")
        else:
            summary.click()

    @property
    def text(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def _choose(self, field: Locator, words: str) -> None:
        if self.keyboard:
            self._reach(field)
            self.page.keyboard.type(words)  # the option that begins so
        else:
            option = field.locator("option", has_text=re.compile(f"^{re.escape(words)}")).first
            field.select_option(option.get_attribute("value"))

    def _step(self) -> None:
        self.steps += 1
        assert self.steps <= MOST_STEPS, "the answer is further from the home page"

    def _reach(self, target: Locator) -> None:
        """Press Tab until it has the focus."""
        target.wait_for()
        for _ in range(_STOPS):
            if target.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}")
