"""`/id/…` sends a client to the page or the data; `/page/…` is the page."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.model.iris import is_iri
from kg.store import rows
from web.entities.gather import gather
from web.entities.page import page
from web.entities.references import references_page
from web.site import missing, site
from web.site.citing import citation
from web.site.heads import media_types
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.site.standing import DISPUTED
from web.site.subject import facts_query

blueprint = versioned(Blueprint("entities", __name__, template_folder="templates"))


@blueprint.get("/id/<path:ref>")
def identify(ref: str) -> Response:
    """Cool URIs for the Semantic Web §4.2: 303 from the thing to a document about it."""
    links, iri = site().links(), site().minter.entity(ref)
    offered = media_types()
    chosen = choose(request.headers.get("Accept"), [*offered, HTML])
    if chosen is None:
        return missing.not_acceptable([*offered, HTML])
    address = links.to(iri) if chosen == HTML else links.data(iri, offered[chosen])
    response = Response(status=303, headers={"Location": address or links.at("/")})
    response.vary.add("Accept")
    return response


@blueprint.get("/page/<path:ref>")
def entity(ref: str) -> Response:
    """The page of any entity that has no page kind of its own."""
    here, iri = site(), site().minter.entity(ref)
    found = gather(here, iri) if is_iri(iri) else None
    if found is None:
        return missing.not_found(iri)
    if found.subject.withdrawn:
        return missing.withdrawn(iri, found.subject.replacement)
    names = here.names(found.iris(), found.labels)
    built = page(found, names, here.settings, here.graph.release)
    return html("entities/page.html", built, disputed=DISPUTED)


@blueprint.get("/references")
def references() -> Response:
    """Everything that refers to `iri` by the property `by`, page by page."""
    iri, by = request.args.get("iri", ""), request.args.get("by", "")
    number = max(1, request.args.get("page", 1, int))
    if not is_iri(iri) or not is_iri(by):
        return missing.not_found(iri)
    return html("entities/references.html", references_page(site(), iri, by, number))


@blueprint.get("/cite/<path:ref>.<any(json, bib):form>")
def cite(ref: str, form: str) -> Response:
    """The citation of an entity or a claim, as CSL-JSON or BibTeX."""
    here, iri = site(), site().minter.entity(ref)
    if not is_iri(iri) or not rows(here.graph, facts_query(iri)):
        return missing.not_found(iri)
    title = here.names([iri]).thing(iri).label
    cited = citation(iri, title, here.settings, here.graph.release, here.links())
    if form == "json":
        return Response(cited.csl, mimetype="application/vnd.citationstyles.csl+json")
    return Response(cited.bibtex, content_type="application/x-bibtex; charset=utf-8")
