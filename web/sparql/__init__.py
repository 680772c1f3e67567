"""`/sparql`: the endpoint as a blueprint, and its editor."""

from __future__ import annotations

import flask
from flask import Blueprint, current_app, render_template

from kg.store import Cancel
from web import negotiation
from web.http import Request
from web.sparql import protocol
from web.sparql.endpoint import Endpoint

blueprint = Blueprint("sparql", __name__, template_folder="templates")
PATH = "/sparql"


@blueprint.record_once
def _open(state: flask.blueprints.BlueprintSetupState) -> None:
    config = state.app.config
    state.app.extensions["sparql"] = Endpoint(config["SETTINGS"], config["GRAPH"])


@blueprint.route(PATH, methods=["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"])
def endpoint() -> flask.Response:
    request = flask.request
    if request.method in ("GET", "HEAD") and not request.query_string:
        if negotiation.prefers_html(request.headers.get("Accept"), protocol.OFFERED):
            return flask.make_response(render_template("sparql/editor.html"))
    return _flask(current_app.extensions["sparql"].respond(_plain(request)))


def _plain(request: flask.Request) -> Request:
    return Request(
        method=request.method,
        query=request.environ.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers},
        body=request.get_data(cache=False),
        client=request.remote_addr or "",
        cancel=request.environ.get("chancery.cancel") or Cancel(),
    )


def _flask(response: object) -> flask.Response:
    return flask.Response(response.body[:], response.status, list(response.headers))  # type: ignore[attr-defined]
