"""`/page/document/…`"""

from __future__ import annotations

from flask import Blueprint, Response

from kg.model.iris import is_iri
from web.claims.table import table
from web.documents.page import document_page
from web.site import missing, site, tables
from web.site.citing.reference import key_of
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("documents", __name__, template_folder="templates"))


@blueprint.get("/page/document/<path:slug>")
def document(slug: str) -> Response:
    """The page of one document; `format=csv`: what it says."""
    iri = site().minter.entity(f"document/{slug}")
    page = document_page(site(), iri) if is_iri(iri) else None
    if page is None:
        return missing.not_found(iri)
    if tables.wanted():
        return tables.answer(table(key_of(slug), page.claims))
    return html("documents/page.html", page)
