"""`/dumps/`, its files, `/void.EXT` and `/.well-known/void`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request
from rdflib.namespace import DCAT, DCTERMS, XSD
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Sent

from kg.model.formats import BY_EXTENSION
from kg.model.rdf import Iri, Literal, Term
from kg.store.release import Release
from kg.store.serialise import translate
from web.dumps.files import dumps_page
from web.site import missing, site
from web.site.files import send
from web.site.negotiation import HTML, choose, graph_format
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("dumps", __name__, template_folder="templates"))
files = Blueprint("dump_files", __name__)

_JSON = "application/json"


@blueprint.get("/dumps/")
def dumps() -> Response:
    """The files of this release, as a page or as JSON."""
    page = dumps_page(site().graph.release, request.script_root)
    offered, given = [_JSON, HTML], request.args.get("format", "")
    if given not in ("", "json", "html"):
        raise BadRequest(f"format: found {given[:40]!r}; allowed: json, html")
    chosen = choose(request.headers.get("Accept"), offered)
    if given == "json" or (not given and chosen == _JSON):
        response = jsonify(asdict(page))
    elif not given and chosen is None:
        return missing.not_acceptable(offered)
    else:
        response = html("dumps/page.html", page)
    response.vary.add("Accept")
    return response


@files.get("/dumps/<name>")
def dump(name: str) -> Sent:
    """One file, whole or a range of it (RFC 9110 §14), under the strong ETag of its checksum."""
    release = site().graph.release
    page = dumps_page(release, request.script_root)
    known = {each.name: each for each in (*page.whole, *page.graphs)}
    if name not in known:
        raise NotFound(f"no dump is called {name!r}; /dumps/ lists them")
    return send(release.dumps / name, known[name])


@blueprint.get("/.well-known/void", defaults={"extension": ""})
@blueprint.get("/void.<any(ttl, nt, jsonld, rdf):extension>")
def void(extension: str) -> Response:
    """The graph, described by itself (VoID, DCAT): by address, or negotiated (VoID §7.2)."""
    release = site().graph.release
    given = extension or request.args.get("format", "")
    wanted = graph_format(request.headers.get("Accept"), given)
    written = BY_EXTENSION.get(wanted, BY_EXTENSION["ttl"])
    text = (release.directory / "void.ttl").read_bytes()
    content = translate(text, _times(release), written.media_type, site().ontology.prefixes)
    return Response(content, content_type=written.content_type)


def _times(release: Release) -> Iterator[tuple[Iri, Iri, Term]]:
    """What a release cannot say within, as the same input makes the same bytes on any day."""
    dataset = site().minter.entity("dataset/chancery")
    built = Literal(release.manifest.built, str(XSD.dateTime))
    for each in (dataset, f"{dataset}/catalogue"):
        for date in (DCTERMS.issued, DCTERMS.modified):
            yield each, date, built
    yield dataset, f"{DCAT}version", Literal(release.id)
