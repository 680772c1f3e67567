"""Copying a site: all that can be reached from its first page, by as many processes as cores.

The copy grows beside its place and takes that in one step, so that whoever stops a run, or it
itself, leaves what was there before.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response

from kg.model.files import exchange
from kg.store.release import Release
from web.freezing.links import ROOT, Linked
from web.freezing.places import ABOUT, ASKED, Places
from web.freezing.rendering import Renderer
from web.freezing.workers import NotCopied, rendered
from web.site import site
from web.site.holdings import holdings
from web.site.pages import html

_MARK = "copy.json"  # by which a copy is known as one that may be replaced
_FIRST = ("/", ABOUT, *ASKED, "/ontology", "/void.ttl", "/sitemap.xml", "/feed.atom")
_SHOWN = 5  # addresses that lead nowhere
_MANY = 1000  # addresses of a round that is told: long lists end in hundreds of short ones
Item = TypeVar("Item")


class Progress(Protocol):
    """Is told of the stages of a run, as `kg.build.progress` has it."""

    def stage(self, title: str) -> None: ...

    def track(self, items: Iterator[Item], total: int | None, unit: str) -> Iterator[Item]: ...

    def warn(self, text: str) -> None: ...


def freeze(
    app: Flask, ready: Callable[[], None], release: Release, out: Path, progress: Progress
) -> int:
    """Copy the site that `app` is into the folder `out`; tells how many addresses it has.

    `app` is not used before; each process calls `ready` first.

    Raises:
        NotCopied: a page cannot be made, or `out` holds other things.
    """
    app.config["COPY"] = True
    app.register_blueprint(_blueprint())
    base, wanted = release.manifest.base, app.config["SETTINGS"].base
    if base != wanted:
        raise NotCopied(f"the release was built for {base}, not for {wanted}; run 'kg build'")
    with app.test_request_context():
        places = Places(frozenset(f"{year:04}" for year in holdings(site()).years))
    with _beside(out) as made:
        renderer = Renderer(app, places, made, base)
        count = _all(renderer, ready, progress)
        progress.stage("The page of what is not there")
        _missing(app, places, made, base)
        told = {"release": release.id, "base": base, "addresses": count}
        (made / _MARK).write_text(f"{json.dumps(told, indent=2)}\n", "utf-8")
    return count


def _all(renderer: Renderer, ready: Callable[[], None], progress: Progress) -> int:
    """Render all that can be reached; tells how many addresses that are."""
    seen, todo, lost = set(_FIRST), list(_FIRST), []
    while todo:
        found, made = set[str](), rendered(renderer, ready, todo)
        if len(todo) >= _MANY:
            progress.stage(f"{len(todo):,} pages and files")
            made = progress.track(made, len(todo), "pages")
        for told in made:
            if told.status >= 500:
                raise NotCopied(f"{told.address} cannot be made (status {told.status})")
            if told.status == 404:
                lost.append(told.address)
            found.update(told.links)
        todo = sorted(found - seen)
        seen.update(todo)
    if lost:
        shown = ", ".join(sorted(lost)[:_SHOWN])
        progress.warn(f"{len(lost)} links lead to what is not there, as {shown}")
    return len(seen)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of `out` at the end."""
    out = out.absolute()
    if out.exists() and not (out / _MARK).exists() and (not out.is_dir() or any(out.iterdir())):
        raise NotCopied(f"{out} holds other things; name a new folder, an empty one, or a copy")
    room = out.with_name(f".{out.name}.copying")
    room.mkdir(parents=True, exist_ok=True)
    lock = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise NotCopied(f"another run is making {out}") from None
    try:
        made = room / "copy"
        shutil.rmtree(made, ignore_errors=True)  # of a run that was killed
        made.mkdir()
        yield made
        if out.exists():
            exchange(made, out, "replaced")
        else:
            made.rename(out)
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(lock)


def _missing(app: Flask, places: Places, made: Path, base: str) -> None:
    """404.html, which web spaces show at any address: its links begin at that of the site."""
    answer = app.test_client().get(
        "/nothing", base_url=f"http://localhost{ROOT}", headers={"Accept": "text/html"}
    )
    page = Linked(places, base, urlsplit(base).path).page(
        answer.get_data(as_text=True), "/nothing", "404.html"
    )
    (made / "404.html").write_text(page, "utf-8")


def _blueprint() -> Blueprint:
    """The page that says what a copy cannot do."""
    made = Blueprint("freezing", "web.freezing", template_folder="templates")

    @made.get(ABOUT)
    def about() -> Response:
        return html("freezing/about.html", None)

    return made
