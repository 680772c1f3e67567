"""One process that renders addresses into files, and tells what they link to."""

from __future__ import annotations

import re
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from flask import Flask
from werkzeug.test import Client

from web.freezing.links import ROOT, Linked
from web.freezing.places import ABOUT, ASKED, Places

_HTML = "text/html"
_MOST = 100_000  # addresses that one process remembers to have told


class Told(NamedTuple):
    """What came of one address: its status, and the addresses in it that were not told before."""

    address: str
    status: int
    links: tuple[str, ...]


class Renderer:
    """Renders with `app` into the folder `out`."""

    def __init__(self, app: Flask, places: Places, out: Path, base: str) -> None:
        self._client, self._places, self._out, self._base = Client(app), places, out, base
        self._told: set[str] = set()
        self._listed = re.compile(rf"<loc>{re.escape(base[:-1])}(/[^<]*)</loc>")

    def run(self, addresses: list[str], channel: Connection) -> None:
        """Render all, and tell of each."""
        for address in addresses:
            channel.send(self.render(address))

    def render(self, address: str) -> Told:
        """Write the file of `address`.

        Raises:
            OSError: it cannot be written.
        """
        known = self._places.of(address)
        if known is None:
            return Told(address, 404, ())
        linked = Linked(self._places, self._base)
        asked = ABOUT if address in ASKED else address
        answer = self._client.get(
            asked, base_url=f"http://localhost{ROOT}", headers={"Accept": f"{_HTML}, */*;q=0.5"}
        )
        target = self._out / known.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if answer.status_code != 200 and target.exists():
            pass  # another address of the same file had its answer
        elif 300 <= answer.status_code < 400:
            to = answer.headers["Location"].partition(ROOT)[2]
            target.write_text(linked.moved(to, known.path, self._base + to[1:]), "utf-8")
        elif answer.mimetype == _HTML:
            target.write_text(
                linked.page(answer.get_data(as_text=True), address, known.path), "utf-8"
            )
        else:
            with target.open("wb") as file:
                file.writelines(answer.iter_encoded())
            if address.startswith("/sitemap"):
                linked.found |= set(self._listed.findall(target.read_text("utf-8")))
        answer.close()
        if answer.status_code == 200 and address.startswith("/page/"):
            self._named(address, linked)
        new = linked.found - self._told
        self._told |= new if len(self._told) < _MOST else set()
        return Told(address, answer.status_code, tuple(sorted(new)))

    def _named(self, address: str, linked: Linked) -> None:
        """Have the IRI of a thing, which is not that of its page, lead there."""
        name = f"/id/{address.removeprefix('/page/')}"
        known = self._places.of(name)
        if known and not address.endswith("/") and "?" not in address:
            target = self._out / known.path
            target.parent.mkdir(parents=True, exist_ok=True)
            iri = self._base + unquote(name[1:])
            target.write_text(linked.moved(address, known.path, iri), "utf-8")
