"""`/releases/`, each release and its files; `/releases/latest/…` leads to those of the newest, or
of the one that was the newest at a time (Memento, RFC 7089).
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, Gone, NotFound
from werkzeug.wrappers import Response as Sent

from kg.model.formats import BY_EXTENSION, GRAPHS
from kg.store.release import Release
from kg.store.serialise import serialise
from web.releases import described, memento
from web.releases.changes import SIZE, Choice
from web.releases.page import SUMS, document, entries, release_page, releases_page, short, sums
from web.site import Site, missing, site
from web.site.files import published, send
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.site.paging import Paging

blueprint = versioned(Blueprint("releases", __name__, template_folder="templates"))
files = Blueprint("release_files", __name__)

_JSON = "application/json"
_OFFERED = {_JSON: "json", **{each.media_type: each.extension for each in GRAPHS}, HTML: "html"}
# Bytes that the id of a release stands for (kg/build/publish/manifest.py): they never change.
_LASTING = ("dumps/", "tables/")
_YEAR = "public, max-age=31536000, immutable"  # RFC 8246


@blueprint.get("/releases/")
def listed() -> Response:
    """All releases: a page; JSON or RDF by `format` or Accept."""
    here = site()
    match _wanted():
        case "html":
            response = html("releases/list.html", releases_page(here))
        case "json":
            response = jsonify({"releases": [*map(short, releases_page(here).listed)]})
        case "":
            return missing.not_acceptable([*_OFFERED])
        case extension:
            response = _graph(here, described.described(here, *here.releases.all), extension)
    response.vary.add("Accept")
    return response


@blueprint.get("/releases/<release>/")
def one(release: str) -> Response:
    """One release: what it changed, its files, how to cite it; or JSON or RDF by Accept.

    Parameters: `kind`, `what` and `source` of changes, `page`.
    """
    here, found = site(), _found(release)
    if isinstance(found, Response):
        return found
    paging = Paging.read(request.args, SIZE)
    page = release_page(here, found, Choice.read(request.args), paging)
    match _wanted():
        case "html":
            response = html("releases/page.html", page)
        case "json":
            response = jsonify(document(here, page))
        case "":
            return missing.not_acceptable([*_OFFERED])
        case extension:
            triples = [*described.described(here, found), *described.distributed(page)]
            response = _graph(here, triples, extension)
    response.vary.add("Accept")
    response.headers["Link"] = f'<{page.iri}>; rel="canonical"'
    return memento.of(response, here, found, "")


@files.get("/releases/<release>/<path:name>")
def file(release: str, name: str) -> Sent:
    """One file of a release, for good, whole or a range of it; `SHA256SUMS` has all checksums."""
    here, found = site(), _found(release, name)
    if isinstance(found, Response):
        return found
    if name == SUMS:
        return _fresh(Response(sums(found), mimetype="text/plain"))
    known = next((each for each in entries(found) if each.name == name), None)
    if known is None:
        if any(each.name == name for each in found.published):
            raise Gone(
                f"Release {found.id} was pruned: its manifest, which has the checksum of {name}, "
                "and its changes are kept; its files are not."
            )
        raise NotFound(f"release {found.id} publishes no file {name!r}; its page lists them")
    response = send(found.directory / name, published(known, ""))
    if not name.startswith(_LASTING):
        return _fresh(response)
    response.headers["Cache-Control"] = _YEAR
    return memento.of(response, here, found, name)


@files.get("/timemap/releases/latest/")
@files.get("/timemap/releases/latest/<path:name>")
def timemap(name: str = "") -> Sent:
    """The releases, or one file in each, as a TimeMap (RFC 7089 §5)."""
    found = memento.timemap(site(), name)
    if not found:
        raise NotFound(f"no release has a file {name!r}")
    return _fresh(Response(found, mimetype="application/link-format"))


def _found(wanted: str, name: str = "") -> Release | Response:
    """The release that an address names; or what leads to it."""
    here = site()
    if wanted == "latest":
        return memento.negotiated(here, name, request.headers.get("Accept-Datetime"))
    found = here.releases.find(wanted)
    if found is None:
        raise NotFound(f"no release is called {wanted[:80]!r}; /releases/ lists them")
    if found.id != wanted:
        address = here.links().at(f"/releases/{found.id}/{name}")
        return Response(status=301, headers={"Location": address})
    return found


def _wanted() -> str:
    """The file extension of what the client wants; empty where it wants nothing that there is.

    Raises:
        BadRequest: `format` names none.
    """
    given = request.args.get("format", "")
    if given and given not in _OFFERED.values():
        allowed = ", ".join(_OFFERED.values())
        raise BadRequest(f"format: found {given[:80]!r}; allowed: {allowed}")
    return given or _OFFERED.get(choose(request.headers.get("Accept"), [*_OFFERED]) or "", "")


def _graph(here: Site, triples: Iterable[described.Triple], extension: str) -> Response:
    written = BY_EXTENSION[extension]
    content = serialise(sorted(triples, key=repr), written.media_type, here.ontology.prefixes)
    return Response(content, content_type=written.content_type)


def _fresh(response: Sent) -> Sent:
    response.headers["Cache-Control"] = "no-cache"
    return response
