"""`/ontology`, `/ontology/TERM`, `/shapes` and `/context.jsonld`"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, request

from kg.model.formats import BY_EXTENSION
from kg.model.rdf import Iri
from kg.ontology.shapes import load_shapes
from kg.store.serialise import serialise
from web.site import missing, site
from web.site.context import context, terms
from web.site.machines import MachinePage
from web.site.negotiation import AVAILABLE, HTML, graph_format
from web.site.pages import html, versioned
from web.terms.page import ontology_page, term_page

_SHAPES = (
    "The shapes to which each release is held (SHACL): those of the ontology's files, and those "
    "that the domains and ranges of its properties imply."
)
blueprint = versioned(Blueprint("terms", __name__, template_folder="templates"))


@blueprint.get("/ontology")
def ontology() -> Response:
    """The ontology, as a page or as RDF; `format` overrides Accept."""
    wanted = _wanted()
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    if wanted == HTML:
        return _negotiated(html("terms/ontology.html", ontology_page(site())))
    return _data(None, wanted)


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> Response:
    """One term, by its local name (`Visit`) or its CURIE (`dcterms:title`); a former name leads to
    that of today.
    """
    found = site().ontology.named(name)
    if found is None:
        return missing.not_found(name)
    if site().ontology.is_former(name):
        here = site().links().at(f"/ontology/{found.name}", **request.args)
        return Response(status=301, headers={"Location": here})
    iri = found.iri
    wanted = _wanted()
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    if wanted == HTML:
        return _negotiated(html("terms/term.html", term_page(site(), found)))
    return _data(iri, wanted)


@blueprint.get("/context.jsonld")
def context_document() -> Response:
    """The terms of our JSON-LD, as a context that other documents may refer to (JSON-LD 1.1)."""
    found = context(site().ontology)
    response = Response(json.dumps(found, ensure_ascii=False, indent=1))
    response.content_type = BY_EXTENSION["jsonld"].content_type
    return response


@blueprint.record_once
def _read_shapes(state: Any) -> None:
    # Now, as a process that answers may read no file but the release's.
    ontology = state.app.extensions["chancery"].ontology
    state.app.extensions["chancery.shapes"] = load_shapes(ontology)


@blueprint.get("/shapes")
def shapes() -> Response:
    """What a release must satisfy (SHACL), as a page or as RDF; `format` overrides Accept."""
    wanted, found = _wanted(), current_app.extensions["chancery.shapes"]
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    written = BY_EXTENSION["ttl" if wanted == HTML else wanted]
    text = found.serialize(format=written.media_type)
    if wanted == HTML:
        page = MachinePage("What a release must satisfy", _SHAPES, text, written.label)
        return _negotiated(html("machine.html", page))
    return _negotiated(Response(text, content_type=written.content_type))


def _wanted() -> str:
    return graph_format(request.headers.get("Accept"), request.args.get("format", ""))


def _data(iri: Iri | None, extension: str) -> Response:
    """The triples of the ontology, or those with `iri` as their subject."""
    written = BY_EXTENSION[extension]
    triples = (each for each in site().ontology.triples if iri is None or each[0] == iri)
    response = Response(
        serialise(triples, written.media_type, site().ontology.prefixes, terms(site().ontology)),
        content_type=written.content_type,
    )
    return _negotiated(response)


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response
