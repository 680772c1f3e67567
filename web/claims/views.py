"""`/page/claim/…`"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from kg.model.iris import is_iri
from web.claims import as_json
from web.claims.page import claim_page
from web.site import machines, missing, site
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("claims", __name__, template_folder="templates"))


@blueprint.get("/page/claim/<path:slug>")
def claim(slug: str) -> Response:
    """The page of one claim; or JSON by Accept."""
    iri = site().minter.entity(f"claim/{slug}")
    page = claim_page(site(), iri) if is_iri(iri) else None
    if page is None:
        return missing.not_found(iri)
    return jsonify(as_json.page(page)) if machines.wanted() else html("claims/page.html", page)
