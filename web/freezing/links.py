"""Links of a page as a copy has them: relative, or leading to what says why they lead nowhere."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import urljoin

from web.freezing.places import ABOUT, Place, Places

ROOT = "/~copy~"  # where the app is mounted while it is copied, so that its links can be told
_LINK = re.compile(rf'\s(href|src|action|data-[a-z-]+)="(?:{ROOT}([^"]*)|(\?[^"]*))"')
_ELEMENT = re.compile(r"<link\b[^<>]*+>\n?")
_SCRIPT = re.compile(r"<script\b[^<>]*+></script>\n?")  # one that is a file
_FORM = re.compile(r"<form\b")
_NOTE = (
    '<p class="note">This is a copy of still files: it answers no choices, searches and queries. '
    f'<a href="{ROOT}{ABOUT}">What it cannot do</a></p>\n'
)


_LACKING = ' data-absent title="Not in this copy"'
_ABOUT = Place(f"{ABOUT[1:]}index.html")


class Linked:
    """Rewrites pages, and gathers what they link to. Links are relative, or begin with `start`."""

    def __init__(self, places: Places, base: str, start: str = "") -> None:
        self.found: set[str] = set()
        self._places, self._base, self._start = places, base, start

    def page(self, text: str, address: str, file: str) -> str:
        """The HTML `text` of `address`, as it is to stand in `file`. It needs no script, and sends
        no form.
        """
        text = text.replace(urljoin(self._base, ROOT), self._base[:-1])  # told in full
        path = address.partition("?")[0]  # to which a link that is a query alone belongs
        head, main, body = text.partition("<main")
        if _FORM.search(body):
            first = body.index(">") + 1
            body = body[:first] + _NOTE + _FORM.sub("<form inert", body[first:])
        text = _SCRIPT.sub("", head + main + body)
        text = _ELEMENT.sub(self._element, text)
        return _LINK.sub(
            lambda each: self._link(each[1], unescape(each[2] or path + (each[3] or "")), file),
            text,
        )

    def moved(self, address: str, file: str, iri: str) -> str:
        """A page that leads on to `address`, at once and without a script."""
        link = escape(self._leading(address, file)[0])
        return (
            f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(iri)}</title>\n'
            f'<link rel="canonical" href="{escape(iri)}">\n'
            f'<meta http-equiv="refresh" content="0; url={link}">\n'
            f'<p><a href="{link}">{escape(iri)}</a></p></html>\n'
        )

    def _element(self, found: re.Match[str]) -> str:
        """A `<link>`, unless a copy has nothing there."""
        link = _LINK.search(found[0])
        return "" if link and not self._places.of(unescape(link[2] or "?")) else found[0]

    def _link(self, name: str, address: str, file: str) -> str:
        if name.startswith("data-") or name == "action":
            return ""
        link, known = self._leading(address, file)
        return f' {name}="{escape(link)}"' + ("" if known else _LACKING)

    def _leading(self, address: str, file: str) -> tuple[str, bool]:
        """The link to `address`, and whether it leads there."""
        address = self._places.told(address)
        known = self._places.of(address)
        self.found.add(address.partition("#")[0] if known else ABOUT)
        return (known or _ABOUT).seen_from(file, self._start), known is not None
