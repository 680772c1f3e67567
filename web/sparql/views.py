"""Flask's side of the endpoint: data through `Endpoint`, a page with the editor for people."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint, current_app, render_template

from web.site import openapi, site
from web.site.http import Request
from web.sparql import page
from web.sparql.endpoint import Deadline, Endpoint, wants_page
from web.sparql.offer import offer
from web.sparql.operations import operations

PATH = "/sparql"

blueprint = Blueprint("sparql", __name__, template_folder="templates")
openapi.describe(blueprint, lambda here: {PATH: operations(here.settings, here.ontology)})


@blueprint.record_once
def _open(state: Any) -> None:
    config = state.app.config
    state.app.extensions["sparql"] = Endpoint(
        config["SETTINGS"], config["GRAPH"], state.app.extensions["chancery"].ontology.prefixes
    )


@blueprint.route(PATH, methods=["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"])
def endpoint() -> flask.Response:
    """The SPARQL 1.1 Protocol; without a query the editor, or the service description."""
    opened: Endpoint = current_app.extensions["sparql"]
    request = _request(flask.request)
    if request.method in ("GET", "HEAD") and wants_page(request):
        return _page(opened, request)
    if request.method == "HEAD":  # Flask takes the body away, and needs its length
        request = request._replace(method="GET")
    response = opened.respond(request, _deadline())
    flask.request.environ["chancery.log"].update(response.log)
    return flask.Response(response.body[:], response.status, list(response.headers))


def _page(opened: Endpoint, request: Request) -> flask.Response:
    asked = flask.request.args.get("query", "")
    editor = page.run(opened, current_app.config["SETTINGS"], request, asked, _deadline())
    body = render_template("sparql/editor.html", editor=editor, offer=offer(site(), asked))
    response = flask.make_response(body, editor.status)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-store" if asked else "public, no-cache"
    return response


def _request(request: flask.Request) -> Request:
    return Request(
        method=request.method,
        query=request.environ.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers},
        body=request.get_data(cache=False),
    )


def _deadline() -> Deadline | None:
    """What a server that ends late queries wants to be told."""
    found: Deadline | None = flask.request.environ.get("chancery.deadline")
    return found
