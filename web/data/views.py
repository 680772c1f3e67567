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
from web.site.heads import media_types
from web.site.negotiation import HTML, asked, choose
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
    offered = media_types()
    extension = asked(request.args.get("format", ""), offered.values())
    chosen = choose(request.headers.get("Accept"), [*offered, HTML])
    if not is_iri(iri) or not rows(here.graph, ask("web.data", "exists", graph=iri)):
        return missing.not_found(iri)
    if extension in offered.values() or (chosen and chosen != HTML and extension != "html"):
        written = BY_EXTENSION[extension or offered[chosen or ""]]
        query = Query(
            text=ask("web.data", "graph", graph=iri), accept=(written.media_type,), trusted=True
        )
        answer = here.graph.answer(query)
        response = Response(answer.read(), content_type=written.content_type)
        response.headers["Link"] = f'<{iri_to_uri(iri)}>; rel="canonical"'
        return response
    if chosen is None:
        return missing.not_acceptable([*offered, HTML])
    return html("data/graph.html", graph_page(here, iri))
