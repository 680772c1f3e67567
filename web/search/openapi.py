"""The search in OpenAPI 3.1."""

from __future__ import annotations

from web.site.openapi import PROBLEM, Paths
from web.site.parameters import longest

_PARAMETERS = {
    "q": "Words; the last one may be a beginning",
    "type": "The TYPE of id/TYPE/SLUG",
    "of": "The name of a class; those below it count, too",
    "source": "IRI of a document or data set",
}


def paths() -> Paths:
    """The path item of `/search`."""
    parameters = [
        {"name": name, "in": "query", "required": name == "q", "description": text,
         "schema": {"type": "string", "maxLength": longest(name)}}
        for name, text in _PARAMETERS.items()
    ]  # fmt: skip
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "/search": {
            "get": {
                "operationId": "search",
                "summary": "Search names, claims and open texts",
                "parameters": parameters,
                "responses": {
                    "200": {"description": "The answer", "content": content},
                    "default": PROBLEM,
                },
            }
        }
    }
