"""`/problems/` and `/problems/SLUG`: what the `type` of a problem leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from kg.model.settings import Settings, declared
from web.site import missing, site
from web.site.negotiation import HTML, choose
from web.site.pages import html
from web.site.problems import Kind, kinds

blueprint = Blueprint("problems", __name__, template_folder="templates")

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Limit:
    """A setting that governs a kind of problem, and its value at this server."""

    name: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class KindPage:
    """What `problems/kind.html` reads."""

    kind: Kind
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """What `problems/list.html` reads."""

    kinds: tuple[Kind, ...]


@blueprint.after_request
def _described(response: Response) -> Response:
    """The limits are the server's, not the release's, so the content itself makes the tag."""
    if response.status_code == 200:
        response.vary.add("Accept")
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("/problems/")
def listed() -> Response:
    """All kinds of problems that an answer may name as its `type` (RFC 9457)."""
    page = ListPage(tuple(kinds().values()))
    if (chosen := _wanted()) is None:
        return missing.not_acceptable([_JSON, HTML])
    if chosen == HTML:
        return html("problems/list.html", page)
    base = site().settings.base
    return jsonify([{"type": each.iri(base), "title": each.title} for each in page.kinds])


@blueprint.get("/problems/<slug>")
def shown(slug: str) -> Response:
    """One kind of problem: what it means, what to do, and the limit that it met."""
    here = site()
    if slug not in kinds():
        return missing.not_found(f"{here.settings.base}problems/{slug}")
    if (chosen := _wanted()) is None:
        return missing.not_acceptable([_JSON, HTML])
    kind = kinds()[slug]
    page = KindPage(kind, tuple(_limits(kind, here.settings)))
    if chosen == HTML:
        return html("problems/kind.html", page)
    return jsonify(_document(page, here.settings.base))


def _wanted() -> str | None:
    if request.args.get("format") == "json":
        return _JSON
    return choose(request.headers.get("Accept"), [_JSON, HTML])


def _limits(kind: Kind, settings: Settings) -> Iterator[Limit]:
    for each in declared():
        if each.name in kind.settings:
            yield Limit(each.name, getattr(settings, each.name), each.metadata["help"])


def _document(page: KindPage, base: str) -> dict[str, Any]:
    kind = page.kind
    return {
        "type": kind.iri(base),
        "title": kind.title,
        "status": kind.status,
        "meaning": kind.meaning,
        "remedy": kind.remedy,
        "settings": [asdict(each) for each in page.limits],
    }
