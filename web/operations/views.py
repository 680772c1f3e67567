"""`/health` for balancers, `/metrics` for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request

from kg.store import Query, QueryError
from web.operations import exposition
from web.site import negotiation, site

blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 where a query sent now can be answered, else 503."""
    here = site()
    try:
        here.graph.answer(Query(text="ASK {}"))
        ready = True
    except QueryError:
        ready = False
    release = here.graph.release
    busy, idle, waiting = current_app.config["PROCESSES"]()
    response = jsonify(
        live=True,
        ready=ready,
        release=release.id,
        in_memory=here.settings.holds(release.manifest.counts.triples),
        processes={"busy": busy, "idle": idle, "waiting": waiting},
    )
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def measured() -> Response:
    """Requests, processes and cache for Prometheus."""
    accept = request.headers.get("Accept")
    media_type = negotiation.choose(accept, tuple(exposition.CONTENT_TYPES)) or exposition.PLAIN
    total = current_app.extensions["metrics"].total()
    response = Response(
        exposition.text(total, site().graph.release.id, media_type),
        content_type=exposition.CONTENT_TYPES[media_type],
    )
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response
