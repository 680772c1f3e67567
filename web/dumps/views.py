"""`/dumps/`, its files, `/void.ttl` and `/.well-known/void`."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Sent

from web.dumps.files import dumps_page
from web.site import missing, site
from web.site.files import send
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("dumps", __name__, template_folder="templates"))
files = Blueprint("dump_files", __name__)

_JSON = "application/json"


@blueprint.get("/dumps/")
def dumps() -> Response:
    """The files of this release, as a page or as JSON."""
    page = dumps_page(site().graph.release, request.script_root)
    offered = [_JSON, HTML]
    chosen = choose(request.headers.get("Accept"), offered)
    if request.args.get("format") == "json" or chosen == _JSON:
        response = jsonify(asdict(page))
    elif chosen is None:
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


@blueprint.get("/void.ttl")
@blueprint.get("/.well-known/void")
def void() -> Response:
    """The graph's description of itself (VoID §7.2: /.well-known/void)."""
    path = site().graph.release.directory / "void.ttl"
    return Response(path.read_bytes(), content_type="text/turtle; charset=utf-8")
