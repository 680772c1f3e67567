"""The HTTP API as an OpenAPI 3.1 document, to which each room adds the paths that it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, current_app

from kg import __version__
from web.site import Site, site
from web.site.paging import MOST

Paths = Mapping[str, Any]
PROBLEM = {"$ref": "#/components/responses/Problem"}
_EXTENSION = "chancery.openapi"


def describe(blueprint: Blueprint, paths: Callable[[Site], Paths]) -> None:
    """Have the document tell what `blueprint` answers; `paths` gives its path items."""
    blueprint.record(lambda state: state.app.extensions.setdefault(_EXTENSION, []).append(paths))


def document() -> dict[str, Any]:
    """OpenAPI 3.1.0 of the current app."""
    here = site()
    settings = here.settings
    paths: dict[str, Any] = {}
    for each in current_app.extensions[_EXTENSION]:
        paths |= each(here)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.title,
            "summary": settings.description,
            "version": __version__,
            "license": {"name": "Licence of the data", "url": settings.licence},
        },
        "servers": [{"url": settings.base.rstrip("/")}],
        "paths": paths,
        "components": {
            "parameters": {"page": _page(), "per_page": _per_page()},
            "responses": {"Problem": _problem()},
            "schemas": {"Problem": _problem_schema()},
            "headers": {"Link": {"schema": {"type": "string"}, "description": "RFC 8288"}},
        },
    }


def _page() -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 1}
    return {"name": "page", "in": "query", "schema": schema, "description": "Counts from 1"}


def _per_page() -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST}
    text = "Rows of a page; without it all rows come"
    return {"name": "per_page", "in": "query", "schema": schema, "description": text}


def _problem() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": "What went wrong (RFC 9457)", "content": content}


def _problem_schema() -> dict[str, Any]:
    members = {"type": "string", "title": "string", "status": "integer", "detail": "string"}
    properties = {name: {"type": kind} for name, kind in members.items()}
    return {"type": "object", "properties": properties, "required": list(members)}
