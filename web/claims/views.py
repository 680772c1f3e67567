"""`/page/claim/…`"""

from __future__ import annotations

from flask import Blueprint, Response

from kg.model.iris import is_iri
from web.claims.page import claim_page
from web.site import missing, site
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("claims", __name__, template_folder="templates"))


@blueprint.get("/page/claim/<path:slug>")
def claim(slug: str) -> Response:
    """The page of one claim."""
    iri = site().minter.entity(f"claim/{slug}")
    page = claim_page(site(), iri) if is_iri(iri) else None
    return missing.not_found(iri) if page is None else html("claims/page.html", page)
