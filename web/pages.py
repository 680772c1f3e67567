"""How pages and data leave the server: versioned by the release, kept, compressed, under a strict
policy.

What a page shows changes with the release and with nothing else, so a validator needs no look
at the store (RFC 9110 §13.1.2), and a page that was made once is kept until the next release.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from flask import Blueprint, Flask, Response, current_app, g, render_template, request

from kg import __version__
from web import compression
from web.heads import Head
from web.negotiation import HTML
from web.site import site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The Fetch standard §3.2: what is published is for the scripts of any site, redirects, files and
# problems included.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
    "Access-Control-Expose-Headers": "Content-Range, ETag, Link, Retry-After",
}
_BUDGET = 32 * 2**20  # bytes of finished pages


class Kept:
    """Finished responses, the least recently used dropped first."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held: OrderedDict[str, Response] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> Response | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, response: Response) -> None:
        size = len(response.get_data())
        if size > self._budget // 8:
            return
        with self._lock:
            if key in self._held:
                return
            self._held[key] = response
            self._size += size
            while self._size > self._budget:
                _, dropped = self._held.popitem(last=False)
                self._size -= len(dropped.get_data())


def html(template: str, page: object, **more: object) -> Response:
    """`template` filled with its page, a documented dataclass; its head's links as headers too."""
    response = Response(render_template(template, page=page, **more), mimetype=HTML)
    head = getattr(page, "head", None)
    if isinstance(head, Head):
        response.headers["Link"] = head.link_header
    return response


def versioned(blueprint: Blueprint) -> Blueprint:
    """Give the GET responses of `blueprint` an ETag, answer 304 to it, and keep them."""
    blueprint.before_request(_known)
    blueprint.after_request(_remember)
    return blueprint


def register(app: Flask) -> None:
    """Guard every response of `app`, whoever made it, and open it to other sites."""
    app.extensions["chancery.kept"] = Kept(_BUDGET)
    app.after_request(_guard)


def _known() -> Response | None:
    if request.method not in ("GET", "HEAD"):
        return None
    g.tag = _tag()
    if request.if_none_match.contains(g.tag):
        response = Response(status=304)
        response.set_etag(g.tag)
        response.vary.update(("Accept", "Accept-Encoding"))
        return response
    kept: Response | None = current_app.extensions["chancery.kept"].get(g.tag)
    if kept is None:
        return None
    g.kept = True
    return _copy(kept)


def _tag() -> str:
    """A name for the response: all that it depends on, in one hash."""
    parts = (
        site().graph.release.id, __version__, request.script_root, request.full_path,
        request.headers.get("Accept", ""), _coding(HTML),
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _remember(response: Response) -> Response:
    tag = g.get("tag")
    if tag is None or response.status_code != 200 or response.is_streamed or g.get("kept"):
        return response
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask whether it is still so
    response.vary.add("Accept-Encoding")
    coding, body = _coding(response.content_type), response.get_data()
    if coding != "identity" and len(body) >= compression.SMALLEST:
        response.set_data(bytes(compression.compress(body, coding)))
        response.content_encoding = coding
    current_app.extensions["chancery.kept"].put(tag, _copy(response))
    return response


def _coding(content_type: str) -> str:
    accepted = request.headers.get("Accept-Encoding")
    return compression.choose(accepted, content_type, compression.SMALLEST)


def _copy(response: Response) -> Response:
    """Later hooks and HEAD change a response, so the kept one stays out of their reach."""
    return Response(response.get_data(), response.status_code, response.headers)


def _guard(response: Response) -> Response:
    if response.mimetype == HTML:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    for name, value in _OPEN.items():
        response.headers.setdefault(name, value)
    return response
