"""From exceptions to responses: RFC 9457 for machines, a page for people, text where asked."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from kg import store
from web.site import negotiation
from web.site.problems import OFFERED, Kind, ProblemDetails, kinds, of_query

# The kinds of what Flask and Werkzeug refuse by themselves.
_OF_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    412: "precondition-failed",
    413: "request-too-large",
    415: "unsupported-media-type",
    416: "range-not-satisfiable",
}

log = logging.getLogger("chancery.web")


def of_http(error: HTTPException) -> ProblemDetails:
    """The problem that Flask's own refusal makes."""
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    kind = kinds().get(_OF_STATUS.get(status, "")) or _plain_status(status, error.name)
    return ProblemDetails(kind=kind, detail=error.description or error.name, headers=headers)


def _plain_status(status: int, name: str) -> Kind:
    return Kind(slug="", status=status, title=name, meaning="", remedy="")


def respond(problem: ProblemDetails) -> Response:
    """The response to the request at hand."""
    request.environ.setdefault("chancery.log", {})["problem"] = problem.slug
    accept = request.headers.get("Accept")
    if negotiation.choose(accept, OFFERED) == negotiation.HTML:
        body = render_template("problem.html", problem=problem).encode()
        content_type = f"{negotiation.HTML}; charset=utf-8"
    else:
        body, content_type = problem.body(current_app.config["SETTINGS"].base, accept)
    response = Response(body, problem.status, dict(problem.headers), content_type=content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Have `app` answer its errors this way."""

    @app.errorhandler(store.QueryError)
    def query_error(error: store.QueryError) -> Response:
        return respond(of_query(error))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:  # a redirect
            return error.get_response()  # type: ignore[return-value]
        return respond(of_http(error))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return respond(
            ProblemDetails.of(
                "internal-error", "The fault is ours, not yours, and has been logged."
            )
        )
