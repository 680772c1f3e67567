"""`/data/TYPE/SLUG.EXT` and `/graph/NAME`."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.urls import iri_to_uri

from kg.model.formats import BY_EXTENSION
from kg.model.iris import is_iri
from kg.store import Query, rows
from web.data.graph import graph_page
from web.site import missing, site
from web.site.asking import ask
from web.site.description import described
from web.site.negotiation import AVAILABLE, HTML, graph_format
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("data", __name__, template_folder="templates"))


@blueprint.get("/data/<path:ref>.<any(ttl, nt, nq, trig, jsonld, rdf):extension>")
def data(ref: str, extension: str) -> Response:
    """The description of an entity in the format that its address names."""
    return described(site().minter.entity(ref), extension)


@blueprint.get("/graph/<path:name>")
def named_graph(name: str) -> Response:
    """A named graph: a page on it, or all its triples; `format` overrides Accept."""
    response = _named_graph(name)
    response.vary.add("Accept")
    return response


def _named_graph(name: str) -> Response:
    here, iri = site(), site().minter.graph(name)
    wanted = graph_format(request.headers.get("Accept"), request.args.get("format", ""))
    if not is_iri(iri) or not rows(here.graph, ask("web.data", "exists", graph=iri)):
        return missing.not_found(iri)
    if wanted == HTML:
        return html("data/graph.html", graph_page(here, iri))
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    written = BY_EXTENSION[wanted]
    query = Query(
        text=ask("web.data", "graph", graph=iri), accept=(written.media_type,), trusted=True
    )
    response = Response(here.graph.answer(query).read(), content_type=written.content_type)
    response.headers["Link"] = f'<{iri_to_uri(iri)}>; rel="canonical"'
    return response
