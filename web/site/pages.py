"""How pages and data leave the server: versioned by the release, compressed, under a strict policy.

What a page shows changes with the release and with nothing else, so a validator needs no look
at the store (RFC 9110 §13.1.2), and `web.serving.front` keeps a page that was made once.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from kg import __version__
from web.site import compression, etags, site
from web.site.heads import Head
from web.site.http import OPEN
from web.site.negotiation import HTML

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_OF_PAGES = (("Content-Security-Policy", POLICY), ("Referrer-Policy", "no-referrer"))
_VERSIONED = "chancery.versioned"  # names of the blueprints that are


def html(template: str, page: object, **more: object) -> Response:
    """`template` filled with its page, a documented dataclass; its head's links as headers too."""
    response = Response(render_template(template, page=page, **more), mimetype=HTML)
    head = getattr(page, "head", None)
    if isinstance(head, Head):
        response.headers["Link"] = head.link_header
    return response


def versioned(blueprint: Blueprint) -> Blueprint:
    """Give the GET responses of `blueprint` an ETag, and answer 304 to it."""
    blueprint.before_request(_not_modified)
    blueprint.after_request(_encoded)
    blueprint.record(
        lambda state: state.app.extensions.setdefault(_VERSIONED, set()).add(blueprint.name)
    )
    return blueprint


class Versioned:
    """Which requests of `app` have a versioned response."""

    def __init__(self, app: Flask) -> None:
        self._addresses = app.url_map.bind("")
        self._blueprints: frozenset[str] = frozenset(app.extensions[_VERSIONED])

    def __contains__(self, request: tuple[str, str]) -> bool:
        """Whether that is so of the method and the path."""
        method, path = request
        if method not in ("GET", "HEAD"):
            return False
        try:
            endpoint, _ = self._addresses.match(path, method)
        except HTTPException:
            return False
        return endpoint.rpartition(".")[0] in self._blueprints


def register(app: Flask) -> None:
    """Guard every response of `app`, whoever made it, and open it to other sites."""
    app.before_request(_raise_failure)
    app.after_request(_secured)


def _raise_failure() -> None:
    failure: Exception | None = request.environ.get("chancery.failure")
    if failure:
        raise failure


def _not_modified() -> Response | None:
    if request.method not in ("GET", "HEAD"):
        return None
    g.version = etags.digest(
        site().graph.release.id, __version__, request.script_root, request.full_path,
        request.headers.get("Accept", ""),
    )  # fmt: skip
    held = etags.held(request.headers.get("If-None-Match"), g.version)
    return _unchanged(held) if held else None


def _unchanged(tag: str) -> Response:
    response = Response(status=304, headers={"ETag": tag})
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _encoded(response: Response) -> Response:
    known = g.get("version")
    if known is None or response.status_code != 200 or response.is_streamed:
        return response
    if etags.matches(request.headers.get("If-None-Match"), etags.tag(known)):
        return _unchanged(etags.tag(known))  # `*`: only now it is known that there is a page
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask whether it is still so
    response.vary.add("Accept-Encoding")
    accepted = request.headers.get("Accept-Encoding")
    coding, body = compression.encode(accepted, response.content_type, response.get_data())
    if coding != "identity":
        response.set_data(body[:])
        response.content_encoding = coding
    response.headers["ETag"] = etags.tag(known, coding)
    return response


def _secured(response: Response) -> Response:
    fields = (*_OF_PAGES, *OPEN) if response.mimetype == HTML else OPEN
    named = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in fields if name.lower() not in named])
    return response
