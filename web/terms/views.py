"""`/ontology` and `/ontology/TERM`"""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.model.rdf import Iri
from kg.store.serialise import serialise
from web.site import missing, site
from web.site.heads import FORMATS, media_types
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.terms.page import ontology_page, term_page

blueprint = versioned(Blueprint("terms", __name__, template_folder="templates"))

_BY_EXTENSION = {end: media_type for _, end, media_type in FORMATS}


@blueprint.get("/ontology")
def ontology() -> Response:
    """The ontology, as a page or as RDF; `format` overrides Accept."""
    media_type = _wanted()
    if media_type is None:
        return missing.not_acceptable([*media_types(), HTML])
    if media_type == HTML:
        return _negotiated(html("terms/ontology.html", ontology_page(site())))
    return _data(None, media_type)


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> Response:
    """One term, by its local name (`Visit`) or its CURIE (`dcterms:title`)."""
    found = site().ontology.named(name)
    if found is None:
        return missing.not_found(name)
    iri = found.iri
    media_type = _wanted()
    if media_type is None:
        return missing.not_acceptable([*media_types(), HTML])
    if media_type == HTML:
        return _negotiated(html("terms/term.html", term_page(site(), found)))
    return _data(iri, media_type)


def _wanted() -> str | None:
    extension = request.args.get("format", "")
    if extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    chosen = choose(request.headers.get("Accept"), [*media_types(), HTML])
    return "application/ld+json" if chosen == "application/json" else chosen


def _data(iri: Iri | None, media_type: str) -> Response:
    """The triples of the ontology, or those with `iri` as their subject."""
    triples = (each for each in site().ontology.triples if iri is None or each[0] == iri)
    response = Response(
        serialise(triples, media_type, site().ontology.prefixes),
        content_type=_content_type(media_type),
    )
    return _negotiated(response)


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type == "text/turtle" else media_type


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response
