"""`/id/…` sends a client to the page or the data; `/page/…` is the page, `/describe` either."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request

from kg.model.iris import is_iri
from kg.model.rdf import Iri
from kg.store import rows
from web.claims.shown import Shown, show
from web.claims.subjects import speaking
from web.claims.table import table as claims_table
from web.entities.as_json import document
from web.entities.feed import feed
from web.entities.gather import Found, gather
from web.entities.page import EntityPage, page
from web.entities.references import SIZE, references_page
from web.site import machines, missing, site, tables
from web.site.citing.reference import key_of
from web.site.description import described
from web.site.negotiation import AVAILABLE, HTML, graph_format
from web.site.pages import html, svg, versioned
from web.site.paging import Paging
from web.site.standing import DISPUTED
from web.site.subject import facts_query

blueprint = versioned(Blueprint("entities", __name__, template_folder="templates"))


@blueprint.get("/id/<path:ref>")
def identify(ref: str) -> Response:
    """Cool URIs for the Semantic Web §4.2: 303 from the thing to a document about it; 410 where an
    earlier release had it.
    """
    links, iri = site().links(), site().minter.entity(ref)
    wanted = _wanted()
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    told = rows(site().graph, facts_query(iri)) if is_iri(iri) else []
    if absent := missing.absent(iri, ((str(each["p"]), each["o"]) for each in told)):
        return absent
    address = links.to(iri) if wanted == HTML else links.data(iri, wanted)
    response = Response(status=303, headers={"Location": address or links.at("/")})
    response.vary.add("Accept")
    return response


@blueprint.get("/page/<path:ref>")
def entity(ref: str) -> Response:
    """The page of any entity without a page kind of its own; JSON by Accept, `format=csv`: claims
    about it.
    """
    here, iri = site(), site().minter.entity(ref)
    found = gather(here, iri) if is_iri(iri) else None
    if found is None:
        return missing.not_found(iri)
    if found.subject.withdrawn:
        return missing.withdrawn(iri, found.subject.replacement)
    if tables.wanted(machines.JSON):
        return tables.answer(claims_table(key_of(ref), _claims(found)))
    if machines.wanted():
        return jsonify(document(_built(found), _claims(found)))
    return _page(found)


@blueprint.get("/page/<path:ref>.atom")
def entity_feed(ref: str) -> Response:
    """The claims that name an entity, as an Atom feed (RFC 4287)."""
    iri = site().minter.entity(ref)
    found = feed(site(), iri) if is_iri(iri) else None
    return found or missing.not_found(iri)


@blueprint.get("/page/<path:ref>/<any(years, services, company):name>.svg")
def chart(ref: str, name: str) -> Response:
    """A chart of an entity's page: its events by year, its times of service, whom it met."""
    iri = site().minter.entity(ref)
    found = gather(site(), iri) if is_iri(iri) else None
    drawn = getattr(_built(found), name) if found else None
    if drawn is None or drawn.chart is None:
        return missing.not_found(iri)
    return svg(drawn.chart, site().links().to(iri) or "")


@blueprint.get("/describe")
def describe() -> Response:
    """Page or data of any IRI of the graph, wherever it is hosted; `format` overrides Accept."""
    response = _describe(request.args.get("iri", ""))
    response.vary.add("Accept")
    return response


def _wanted() -> str:
    return graph_format(request.headers.get("Accept"), request.args.get("format", ""))


def _describe(iri: Iri) -> Response:
    if not is_iri(iri):
        return missing.not_found(iri)
    here, wanted = site(), _wanted()
    if not wanted:
        return missing.not_acceptable(AVAILABLE)
    if wanted != HTML:
        return described(iri, wanted)
    ours = (f"{here.settings.base}id/", f"{here.settings.base}graph/")
    if iri.startswith(ours) or here.ontology.names.owns(iri):
        return Response(status=303, headers={"Location": here.links().to(iri) or "/"})
    found = gather(here, iri, referenced=True)
    return _page(found) if found else missing.not_found(iri)


def _claims(found: Found) -> list[Shown]:
    names = speaking(site(), found.claims, told=found.labels)
    return [show(each, names) for each in found.claims]


def _page(found: Found) -> Response:
    return html("entities/page.html", _built(found), disputed=DISPUTED)


def _built(found: Found) -> EntityPage:
    here = site()
    names = speaking(here, (*found.claims, *found.told), found.iris(), found.labels)
    together = "explorer.between" in current_app.view_functions  # where there is an explorer
    return page(found, names, here, together=together)


@blueprint.get("/references")
def references() -> Response:
    """Everything that refers to `iri` by the property `by`, page by page."""
    iri, by = request.args.get("iri", ""), request.args.get("by", "")
    if not is_iri(iri) or not is_iri(by):
        return missing.not_found(iri)
    csv = tables.wanted()
    page = references_page(site(), iri, by, Paging.read(request.args, tables.MOST if csv else SIZE))
    return tables.answer(page.table) if csv else html("entities/references.html", page)
