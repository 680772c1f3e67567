"""How pages and data leave the server: versioned by the release, compressed, under a strict policy.

What a page shows changes with the release and with nothing else, so a validator needs no look
at the store (RFC 9110 §13.1.2), and a child of the server keeps a page that was asked for again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

from flask import Blueprint, Flask, Response, g, render_template, request
from werkzeug.http import http_date

from kg import __version__
from web.site import compression, etags, site
from web.site.charts import Chart
from web.site.heads import Head
from web.site.http import OPEN
from web.site.negotiation import HTML
from web.site.svg import alone

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# RFC 9110 §15.4.5: a 304 says what the 200 would have, and is told before it is known what that is.
_VARIES = ("Accept", "Accept-Encoding")
_OF_PAGES = (("Content-Security-Policy", POLICY), ("Referrer-Policy", "no-referrer"))


def html(template: str, page: object, **more: object) -> Response:
    """`template` filled with its page, a documented dataclass; its head's links as headers too."""
    response = Response(render_template(template, page=page, **more), mimetype=HTML)
    head = getattr(page, "head", None)
    if isinstance(head, Head):
        response.headers["Link"] = head.link_header
    return response


def svg(chart: Chart, page: str) -> Response:
    """A chart of the page at this path, as a file that says where it is from."""
    here = site()
    base = here.settings.base
    release = here.graph.release.id[:12]
    source = f"{here.settings.title}, release {release}: {urljoin(base, page)}"
    response = Response(
        alone(
            chart.svg,
            chart.height,
            title=chart.title,
            description=chart.description,
            source=source,
            base=base,
        ),
        mimetype="image/svg+xml",
    )
    # Opened by itself it is a document, whose looks are in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def versioned(blueprint: Blueprint, *, daily: bool = False) -> Blueprint:
    """Give the GET responses of `blueprint` an ETag, and answer 304 to it. What is `daily` shows
    another day's things after midnight, in UTC.
    """
    blueprint.before_request(_new_each_day if daily else _not_modified)
    blueprint.after_request(_encoded)
    return blueprint


def today() -> date:
    """The day of the request."""
    return datetime.now(UTC).date()


def register(app: Flask) -> None:
    """Guard every response of `app`, whoever made it, and open it to other sites."""
    app.after_request(_secured)


def _new_each_day() -> Response | None:
    g.day = today()
    return _not_modified()


def _not_modified() -> Response | None:
    if request.method not in ("GET", "HEAD"):
        return None
    g.version = etags.digest(
        site().releases.state, __version__, request.script_root, request.full_path,
        request.headers.get("Accept", ""), site().language, str(g.get("day", "")),
    )  # fmt: skip
    held = etags.held(request.headers.get("If-None-Match"), g.version)
    return _unchanged(held) if held else None


def _unchanged(tag: str) -> Response:
    response = Response(status=304, headers={"ETag": tag})
    response.vary.update((*_VARIES, *site().varies))
    return response


def _encoded(response: Response) -> Response:
    known = g.get("version")
    if known is None or response.status_code != 200 or response.is_streamed:
        return response
    if etags.matches(request.headers.get("If-None-Match"), etags.tag(known)):
        return _unchanged(etags.tag(known))  # `*`: only now it is known that there is a page
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask whether it is still so
    if "day" in g:
        response.headers["Expires"] = http_date(g.day + timedelta(days=1))
    response.vary.update((*_VARIES, *site().varies))
    accepted = request.headers.get("Accept-Encoding")
    coding, body = compression.encode(accepted, response.content_type, response.get_data())
    if coding != "identity":
        response.set_data(body[:])
        response.content_encoding = coding
    response.headers["ETag"] = etags.tag(known, coding)
    return response


def _secured(response: Response) -> Response:
    if g.get("named"):
        response.vary.update(site().varies)
    fields = (*_OF_PAGES, *OPEN) if response.mimetype == HTML else OPEN
    place = response.headers.get("Location", "")
    if place.startswith(request.host_url):  # routing's own, which names a host and not the proxy's
        response.headers["Location"] = place[len(request.host_url) - 1 :]
        response.set_data(b"")
    named = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in fields if name.lower() not in named])
    return response
