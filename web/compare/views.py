"""`/compare/…`"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from kg.model.iris import is_iri
from kg.store import rows
from web.compare.page import Comparison, compare, document, documents
from web.site import missing, negotiation, site
from web.site.pages import html, versioned
from web.site.sources import Source
from web.site.subject import facts_query

blueprint = versioned(Blueprint("compare", __name__, template_folder="templates"))
_MOST = 500  # documents to choose from


@dataclass(frozen=True, slots=True)
class Choice:
    """What `compare/choose.html` reads: documents with their slugs, and the one chosen already."""

    documents: tuple[tuple[str, Source], ...]
    one: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What `compare/page.html` reads; `again` is the address to choose others."""

    found: Comparison
    again: str


@blueprint.get("/compare/")
def choose() -> Response:
    """Choose two documents to compare: `one` and `other`, by the ends of their addresses."""
    one, other = (request.args.get(name, "") for name in ("one", "other"))
    prefix = site().minter.entity("document/")
    offered = tuple((each.iri.removeprefix(prefix), each) for each in documents(site(), _MOST))
    known = {slug for slug, _ in offered}
    for name, slug in (("one", one), ("other", other)):
        if slug and slug not in known and len(known) < _MOST:
            raise BadRequest(f"{name}: found {slug[:80]!r}; allowed: {', '.join(sorted(known))}")
    if one and other and one != other:
        first, second = sorted((one, other))
        address = site().links().at(f"/compare/{first}/{second}")
        return Response(status=303, headers={"Location": address})
    return html("compare/choose.html", Choice(offered, one))


@blueprint.get("/compare/<one>/<other>")
def compared(one: str, other: str) -> Response:
    """Two documents: what both say, where they differ, what only one says; or JSON by Accept."""
    here = site()
    iris = [here.minter.entity(f"document/{each}") for each in (one, other)]
    if one > other:
        address = here.links().at(f"/compare/{other}/{one}")
        return Response(status=301, headers={"Location": address})
    lacking = [each for each in iris if not is_iri(each) or not rows(here.graph, facts_query(each))]
    if lacking or one == other:
        return missing.not_found([*lacking, iris[0]][0])
    found = compare(here, *iris)
    if negotiation.prefers_html(request.headers.get("Accept"), ["application/json"]):
        answer = html(
            "compare/page.html", ComparePage(found, here.links().at("/compare/", one=one))
        )
    else:
        answer = jsonify(document(found))
    answer.vary.add("Accept")
    return answer
