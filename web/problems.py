"""Errors as answers: RFC 9457 for machines, a page for people, plain text where asked.

This is the one place that turns exceptions into responses.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from kg import store
from web import negotiation

JSON = "application/problem+json"
TEXT = "text/plain"
_OFFERED = (JSON, negotiation.HTML, TEXT, "application/json")
_STATUS: Mapping[type[store.QueryError], int] = {
    store.QuerySyntax: 400,
    store.QueryTooComplex: 400,
    store.UnknownFunction: 400,
    store.FederationDisabled: 400,
    store.ReadOnly: 403,
    store.NotAvailableAs: 406,
    store.QueryTooLong: 413,
    store.ResultTooLarge: 413,
    store.EngineFailed: 500,
    store.QueryTimeout: 503,
    store.MemoryLimit: 503,
    store.EngineBusy: 503,
    store.Cancelled: 499,
}
_RETRY_SECONDS: Mapping[type[store.QueryError], int] = {store.EngineBusy: 2}

log = logging.getLogger("chancery.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error response. `slug` names its kind, `extra` holds further members of the JSON."""

    status: int
    slug: str
    title: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, base: str) -> dict[str, Any]:
        """RFC 9457 §3."""
        return {
            "type": f"{base}problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }

    def text(self) -> str:
        excerpt = self.extra.get("excerpt")
        return "\n".join(part for part in (f"{self.title}.", self.detail, excerpt) if part) + "\n"


def of_query(error: store.QueryError) -> Problem:
    """The problem that a refused or failed query makes."""
    retry = _RETRY_SECONDS.get(type(error))
    extra: dict[str, Any] = {}
    if isinstance(error, store.QuerySyntax) and error.line is not None:
        extra = {"line": error.line, "column": error.column}
    if isinstance(error, store.NotAvailableAs):
        extra = {"available": list(error.available)}
    return Problem(
        status=_STATUS[type(error)],
        slug=error.slug,
        title=error.title,
        detail=str(error),
        extra=extra,
        headers={"Retry-After": str(retry)} if retry else {},
    )


def of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return Problem(
        status=status,
        slug=error.name.lower().replace(" ", "-"),
        title=error.name,
        detail=error.description or error.name,
        headers=headers,
    )


def plain(problem: Problem, base: str, accept: str | None) -> tuple[bytes, str]:
    """The body and its Content-Type, for a client that asked for no HTML."""
    if negotiation.choose(accept, _OFFERED) == TEXT:
        return problem.text().encode(), f"{TEXT}; charset=utf-8"
    return json.dumps(problem.document(base), ensure_ascii=False).encode(), JSON


def respond(problem: Problem) -> Response:
    """The response to the request at hand."""
    accept = request.headers.get("Accept")
    if negotiation.choose(accept, _OFFERED) == negotiation.HTML:
        body = render_template("problem.html", problem=problem).encode()
        content_type = f"{negotiation.HTML}; charset=utf-8"
    else:
        body, content_type = plain(problem, current_app.config["SETTINGS"].base, accept)
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
            Problem(
                status=500,
                slug="internal-error",
                title="Something went wrong here",
                detail="The fault is ours, not yours, and has been logged.",
            )
        )
