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
from web.problems.kinds import KINDS, Kind
from web.site import negotiation

JSON = "application/problem+json"
TEXT = "text/plain"
_OFFERED = (JSON, negotiation.HTML, TEXT, "application/json")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error response of a `kind`. `extra` holds further members of the JSON."""

    kind: Kind
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        slug: str,
        detail: str,
        *,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Problem:
        """A problem of the kind `slug`, which must be one of `KINDS`."""
        kind = KINDS[slug]
        retry = {"Retry-After": str(kind.retry)} if kind.retry else {}
        return cls(
            kind=kind, detail=detail, extra=extra or {}, headers={**retry, **(headers or {})}
        )

    @property
    def slug(self) -> str:
        return self.kind.slug

    @property
    def status(self) -> int:
        return self.kind.status

    @property
    def title(self) -> str:
        return self.kind.title

    def document(self, base: str) -> dict[str, Any]:
        """RFC 9457 §3."""
        return {
            "type": self.kind.iri(base),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }

    def text(self, base: str) -> str:
        excerpt = self.extra.get("excerpt")
        lines = (f"{self.title}.", self.detail, excerpt, f"See {self.kind.iri(base)}")
        return "\n".join(each for each in lines if each) + "\n"


def of_query(error: store.QueryError) -> Problem:
    """The problem that a refused or failed query makes."""
    extra: dict[str, Any] = {}
    if isinstance(error, store.QuerySyntax) and error.line is not None:
        extra = {"line": error.line, "column": error.column}
    if isinstance(error, store.NotAvailableAs):
        extra = {"available": list(error.available)}
    return Problem.of(error.slug, str(error), extra=extra)


def of_http(error: HTTPException) -> Problem:
    """The problem that Flask's own refusal makes."""
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    kind = KINDS.get(_OF_STATUS.get(status, "")) or _plain_status(status, error.name)
    return Problem(kind=kind, detail=error.description or error.name, headers=headers)


def _plain_status(status: int, name: str) -> Kind:
    return Kind(slug="", status=status, title=name, meaning="", remedy="")


def plain(problem: Problem, base: str, accept: str | None) -> tuple[bytes, str]:
    """The body and its Content-Type, for a client that asked for no HTML."""
    if negotiation.choose(accept, _OFFERED) == TEXT:
        return problem.text(base).encode(), f"{TEXT}; charset=utf-8"
    return json.dumps(problem.document(base), ensure_ascii=False).encode(), JSON


def respond(problem: Problem) -> Response:
    """The response to the request at hand."""
    accept = request.headers.get("Accept")
    if negotiation.choose(accept, _OFFERED) == negotiation.HTML:
        body = render_template("problems/answer.html", problem=problem).encode()
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
            Problem.of("internal-error", "The fault is ours, not yours, and has been logged.")
        )
