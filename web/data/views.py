"""`/data/TYPE/SLUG.EXT`, `/describe?iri=` and `/graph/NAME`."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.urls import iri_to_uri

from kg.model.formats import BY_EXTENSION
from kg.model.iris import is_iri
from kg.model.rdf import Iri
from kg.store import Query, rows
from kg.store.serialise import serialise_quads
from web.data.description import description
from web.data.graph import graph_page
from web.entities.gather import gather
from web.entities.page import page
from web.site import missing, site
from web.site.asking import ask
from web.site.heads import head, media_types
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.site.standing import DISPUTED

blueprint = versioned(Blueprint("data", __name__, template_folder="templates"))


@blueprint.get("/data/<path:ref>.<any(ttl, nt, nq, trig, jsonld, rdf):extension>")
def data(ref: str, extension: str) -> Response:
    """The description of an entity in the format that its address names."""
    return _described(site().minter.entity(ref), extension)


@blueprint.get("/describe")
def describe() -> Response:
    """The same for any IRI of the graph, wherever it is hosted; `format` overrides Accept."""
    iri, extension = request.args.get("iri", ""), request.args.get("format", "")
    if not is_iri(iri):
        return missing.not_found(iri)
    offered = media_types()
    chosen = choose(request.headers.get("Accept"), [*offered, HTML])
    if extension in offered.values() or (chosen and chosen != HTML and extension != "html"):
        return _negotiated(_described(iri, extension or offered[chosen or ""]))
    if chosen is None and not extension:
        return missing.not_acceptable([*offered, HTML])
    links = site().links()
    ours = (f"{site().settings.base}id/", f"{site().settings.base}graph/")
    if iri.startswith(ours) or site().ontology.names.owns(iri):
        return _negotiated(Response(status=303, headers={"Location": links.to(iri) or "/"}))
    found = gather(site(), iri, referenced=True)
    if found is None:
        return missing.not_found(iri)
    here = site()
    built = page(found, here.names(found.iris(), found.labels), here.settings, here.graph.release)
    return _negotiated(html("entities/page.html", built, disputed=DISPUTED))


@blueprint.get("/graph/<path:name>")
def named_graph(name: str) -> Response:
    """A named graph: a page on it, or all its triples; `format` overrides Accept."""
    here, iri = site(), site().minter.graph(name)
    extension, offered = request.args.get("format", ""), media_types()
    chosen = choose(request.headers.get("Accept"), [*offered, HTML])
    if not is_iri(iri) or not rows(here.graph, ask("web.data", "exists", graph=iri)):
        return missing.not_found(iri)
    if extension in offered.values() or (chosen and chosen != HTML and extension != "html"):
        written = BY_EXTENSION[extension or offered[chosen or ""]]
        query = Query(text=ask("web.data", "graph", graph=iri), accept=(written.media_type,))
        answer = here.graph.answer(query)
        response = Response(answer.read(), content_type=written.content_type)
        response.headers["Link"] = f'<{iri_to_uri(iri)}>; rel="canonical"'
        return _negotiated(response)
    if chosen is None:
        return missing.not_acceptable([*offered, HTML])
    return _negotiated(html("data/graph.html", graph_page(here, iri)))


def _described(iri: Iri, extension: str) -> Response:
    here = site()
    quads = description(here.graph, iri) if is_iri(iri) else []
    if not quads:
        return missing.not_found(iri)
    written = BY_EXTENSION[extension]
    response = Response(
        serialise_quads(quads, written.media_type, site().ontology.prefixes),
        content_type=written.content_type,
    )
    links = head(iri, here.links(), (), here.settings.licence, {})
    response.headers["Link"] = f'{links.link_header}, <{iri_to_uri(iri)}>; rel="describes"'
    return response


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response
