"""The addresses of the views."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.model.iris import is_iri
from web.site import machines, site, tables
from web.site.maps import WORLD, View, outlines
from web.site.pages import html, svg, versioned
from web.site.paging import Paging
from web.site.standing import CONTRADICTED, DISPUTED
from web.views import narrowing
from web.views.narrowing import Form, Narrowing
from web.views.neighbourhood import Neighbourhood, neighbourhood
from web.views.places import LISTED, Places, places
from web.views.places import table as place_table
from web.views.timeline import ROWS, Timeline, chart, document, table, timeline

blueprint = versioned(Blueprint("views", __name__, template_folder="templates"))


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What `views/timeline.html` reads. `previous` and `next` are addresses, empty at the ends;
    `svg` is that of the chart by itself.
    """

    form: Form
    timeline: Timeline
    period: str
    svg: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """What `views/map.html` reads. `wider` and `whole` are the addresses of maps that show more,
    `svg` that of this one by itself, `previous` and `next` those of the list's other pages.
    """

    form: Form
    places: Places
    wider: str
    whole: str
    svg: str
    previous: str
    next: str


@blueprint.get("/timeline")
def timeline_page() -> Response:
    """Events in time: a page, or JSON by Accept.

    Parameters: `type`, `source`, `about`, `period`, `page`.
    """
    here, chosen = site(), Narrowing.read(request.args)
    if tables.wanted():
        return tables.answer(table(here, chosen, Paging.read(request.args, tables.MOST)))
    paging = Paging.read(request.args, ROWS)
    if machines.wanted():
        return jsonify(document(here, chosen, paging))
    shown = timeline(here, chosen, paging)
    previous, following = _around("/timeline", chosen, paging, more=shown.more)
    page = TimelinePage(
        form=narrowing.form(here, "/timeline", chosen, kinds=narrowing.kinds(here)),
        timeline=shown,
        period=chosen.period.label,
        svg=here.links().at("/timeline.svg", **chosen.parameters()),
        previous=previous,
        next=following,
    )
    return html("views/timeline.html", page)


@blueprint.get("/timeline.svg")
def timeline_chart() -> Response:
    """When events begin, as a chart. Parameters: `type`, `source`, `about`, `period`."""
    here, chosen = site(), Narrowing.read(request.args)
    drawn = chart(here, chosen)
    if drawn is None:
        raise NotFound(f"nothing finer than {chosen.period.label} is drawn")
    return svg(drawn, here.links().at("/timeline", **chosen.parameters()))


@blueprint.get("/map")
def map_page() -> Response:
    """Events in space. Parameters: `type`, `source`, `about`, `period`, `box`, `page`."""
    here, chosen, view = site(), Narrowing.read(request.args), _view()
    if tables.wanted():
        return tables.answer(place_table(here, chosen))
    paging = Paging.read(request.args, LISTED)
    found = places(here, chosen, view, paging)
    own = {"box": str(view)} if view else {}
    previous, following = paging.around(
        lambda number: here.links().at("/map", **chosen.parameters(), **own, page=number),
        more=paging.offset + LISTED < found.number,
    )
    page = MapPage(
        form=narrowing.form(here, "/map", chosen, kinds=narrowing.kinds(here)),
        places=found,
        wider=found.map.zoom(found.map.view.wider) if found.map.view != WORLD else "",
        whole=here.links().at("/map", **chosen.parameters(), box=str(WORLD)),
        svg=here.links().at("/map.svg", **chosen.parameters(), **own),
        previous=previous,
        next=following,
    )
    return html("views/map.html", page, disputed=DISPUTED, contradicted=CONTRADICTED)


@blueprint.get("/map.svg")
def map_drawing() -> Response:
    """The map by itself. Parameters: `type`, `source`, `about`, `period`, `box`."""
    here, chosen, view = site(), Narrowing.read(request.args), _view()
    drawn = places(here, chosen, view, Paging(1, LISTED)).map
    return svg(drawn.chart, drawn.zoom(drawn.view))


@blueprint.get("/world.svg")
def world() -> Response:
    """The outlines of the countries, those of the part `box` of the world."""
    return Response(outlines(_view() or WORLD), mimetype="image/svg+xml")


def _view() -> View | None:
    """The part of the world that the parameter `box` asks for."""
    box = request.args.get("box", "")
    try:
        return View.parse(box) if box else None
    except ValueError as error:
        allowed = "west,south,east,north in degrees, as -10,35,30,60"
        raise BadRequest(f"box: found {box[:80]!r}; allowed: {allowed}") from error


@blueprint.get("/neighbourhood")
def neighbourhood_data() -> Response:
    """An entity and its neighbours as JSON. Parameters: `iri`, `type`, `source`, `period`."""
    here, chosen = site(), Narrowing.read(request.args)
    iri = request.args.get("iri", "")
    if not is_iri(iri):
        raise BadRequest(f"iri: found {iri!r}; allowed: an absolute IRI")
    kinds = {segment: each.label for segment, each in here.ontology.segments.items()}
    form = narrowing.form(here, "/neighbourhood", chosen, kinds=kinds)
    found = neighbourhood(here, iri, chosen)
    if not found.edges and not chosen.parameters():
        raise NotFound(f"the graph links {iri} with nothing")
    text = f"What the graph links with {found.focus.label}, for the drawing on its page."
    return machines.answer(_graph(found, form), "Neighbourhood", text)


def _graph(found: Neighbourhood, form: Form) -> dict[str, object]:
    return {
        "focus": found.focus.iri,
        "nodes": [
            {"id": each.iri, "label": each.label, "kind": each.kind, "url": each.href}
            for each in found.nodes
        ],
        "edges": [
            {"source": each.source, "target": each.target, "label": each.label}
            for each in found.edges
        ],
        "more": bool(found.rest),
        "rest": [
            {"label": each.name, "count": each.count, "url": each.href} for each in found.rest
        ],
        "sparql": found.sparql,
        "choices": {
            "type": [{"value": each.value, "label": each.label} for each in form.kinds],
            "source": [{"value": each.value, "label": each.label} for each in form.sources],
        },
    }


def _around(path: str, chosen: Narrowing, paging: Paging, *, more: bool) -> tuple[str, str]:
    """The addresses of the page before and the one after."""
    links = site().links()
    return paging.around(
        lambda number: links.at(path, **chosen.parameters(), page=number), more=more
    )
