"""`/page/document/…`"""

from __future__ import annotations

from flask import Blueprint, Response

from kg.model.iris import is_iri
from web.documents.page import document_page
from web.site import missing, site
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("documents", __name__, template_folder="templates"))


@blueprint.get("/page/document/<path:slug>")
def document(slug: str) -> Response:
    """The page of one document."""
    iri = site().minter.entity(f"document/{slug}")
    page = document_page(site(), iri) if is_iri(iri) else None
    return missing.not_found(iri) if page is None else html("documents/page.html", page)
