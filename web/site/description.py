"""The concise description of a thing, as quads in one order whatever the engine's."""

from __future__ import annotations

from flask import Response
from werkzeug.urls import iri_to_uri

from kg.model.formats import BY_EXTENSION
from kg.model.iris import is_iri
from kg.model.rdf import Iri, Quad, line
from kg.store import Graph, rows
from kg.store.serialise import serialise_quads
from web.site import missing, site
from web.site.asking import ask
from web.site.context import terms
from web.site.heads import head


def description(graph: Graph, iri: Iri) -> list[Quad]:
    """Everything `/data` says of `iri`: sorted, each quad once, empty where there is nothing."""
    found = rows(graph, ask("web.site", "description", entity=iri))
    quads = {Quad(str(row["s"]), str(row["p"]), row["o"], str(row["graph"])) for row in found}
    return sorted(quads, key=line)


def described(iri: Iri, extension: str) -> Response:
    """The description of `iri` in the format with this file extension, or why there is none."""
    here = site()
    quads = description(here.graph, iri) if is_iri(iri) else []
    if absent := missing.absent(iri, ((p, o) for _, p, o, _ in quads)):
        return absent
    written = BY_EXTENSION[extension]
    response = Response(
        serialise_quads(quads, written.media_type, here.ontology.prefixes, terms(here.ontology)),
        content_type=written.content_type,
    )
    links = head(iri, here.links(), (), here.settings.licence, {})
    response.headers["Link"] = f'{links.link_header}, <{iri_to_uri(iri)}>; rel="describes"'
    return response
