"""`/review`: a page for people, JSON by Accept."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.review.page import PATH, SIZE, document, review_page
from web.site import negotiation, openapi, site
from web.site.openapi import PROBLEM
from web.site.pages import html, versioned
from web.site.paging import Paging

_JSON = "application/json"

_OPERATION = {
    "operationId": "review",
    "summary": "What is not sure: what was found, and what would settle it",
    "parameters": [
        {"name": "kind", "in": "query", "schema": {"type": "string"}, "description": "Of one kind"},
        {"$ref": "#/components/parameters/page"},
    ],
    "responses": {
        "200": {
            "description": f"At most {SIZE} of them; `next` is the address of more.",
            "content": {_JSON: {"schema": {"type": "object"}}},
        },
        "default": PROBLEM,
    },
}

blueprint = versioned(Blueprint("review", __name__, template_folder="templates"))
openapi.describe(blueprint, lambda _: {PATH: {"get": _OPERATION}})


@blueprint.get(PATH)
def review() -> Response:
    """What is not sure, with what would settle it: a page, or JSON by Accept.

    Parameters: `kind`, `page`.
    """
    page = review_page(site(), request.args.get("kind", ""), Paging.read(request.args, SIZE))
    if negotiation.prefers_html(request.headers.get("Accept"), [_JSON]):
        answer = html("review/page.html", page)
    else:
        answer = jsonify(document(page))
    answer.vary.add("Accept")
    return answer
