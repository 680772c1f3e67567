"""`/browse`, by its old name `/page/`, and `/page/TYPE/`"""

from __future__ import annotations

from flask import Blueprint, Response, request

from web.lists.page import SIZE, kinds_page, list_page, table
from web.site import missing, site, tables
from web.site.pages import html, versioned
from web.site.paging import Paging

blueprint = versioned(Blueprint("lists", __name__, template_folder="templates"))


@blueprint.get("/browse")
@blueprint.get("/page/")
def kinds() -> Response:
    """All kinds of things."""
    return html("lists/kinds.html", kinds_page(site()))


@blueprint.get("/page/<segment>/", strict_slashes=False)
def things(segment: str) -> Response:
    """The things of one kind, narrowed by letter or year (`facet`), `period`, what they have."""
    kind = site().ontology.segments.get(segment)
    if kind is None:
        return missing.not_found(site().minter.entity(segment))
    if not request.path.endswith("/"):
        return Response(status=308, headers={"Location": site().links().at(f"/page/{segment}/")})
    if tables.wanted():
        paging = Paging.read(request.args, tables.MOST)
        return tables.answer(table(site(), kind, request.args, paging))
    paging = Paging.read(request.args, SIZE)
    return html("lists/list.html", list_page(site(), kind, request.args, paging))
