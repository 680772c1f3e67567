"""`/page/document/…`"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from kg.model.iris import is_iri
from web.claims.as_json import told
from web.claims.table import table
from web.documents.page import document_page
from web.site import machines, missing, site, tables
from web.site.citing.reference import key_of
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("documents", __name__, template_folder="templates"))


@blueprint.get("/page/document/<path:slug>")
def document(slug: str) -> Response:
    """The page of one document; JSON by Accept, `format=csv`: what it says."""
    iri = site().minter.entity(f"document/{slug}")
    page = document_page(site(), iri) if is_iri(iri) else None
    if page is None:
        return missing.not_found(iri)
    if tables.wanted(machines.JSON):
        return tables.answer(table(key_of(slug), page.claims))
    if machines.wanted():
        head = {"iri": iri, "label": page.title.text, "date": page.source.date}
        return jsonify({**head, "claims": list(map(told, page.claims))})
    return html("documents/page.html", page)
