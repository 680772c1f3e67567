"""`/disagreements` and its feed"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.disagreements.choosing import Chosen
from web.disagreements.feed import feed
from web.disagreements.page import MOST, SIZE, disagreements_page, document, table
from web.site import negotiation, site, tables
from web.site.pages import html, versioned
from web.site.paging import Paging

blueprint = versioned(Blueprint("disagreements", __name__, template_folder="templates"))


@blueprint.get("/disagreements")
def disagreements() -> Response:
    """Where sources disagree: a page; JSON, or CSV with a row for each side, by Accept.

    Parameters: `kind`, `state` (`open` or `settled`), `source`, `about`, `type`, `period`, `page`.
    """
    here, chosen = site(), Chosen.read(site(), request.args)
    if tables.wanted("application/json"):
        return tables.answer(table(here, chosen, Paging.read(request.args, MOST)))
    page = disagreements_page(here, chosen, Paging.read(request.args, SIZE))
    if negotiation.prefers_html(request.headers.get("Accept"), ["application/json"]):
        answer = html("disagreements/page.html", page)
    else:
        answer = jsonify(document(page))
    answer.vary.add("Accept")
    return answer


@blueprint.get("/disagreements.atom")
def atom() -> Response:
    """The same as an Atom feed (RFC 4287), narrowed by the same parameters."""
    here = site()
    paging = Paging.read(request.args, SIZE)
    chosen = Chosen.read(here, request.args)
    return feed(here, chosen, disagreements_page(here, chosen, paging), paging)
