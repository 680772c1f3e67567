"""The HTTP API as an OpenAPI 3.1 document: a pure function of the saved queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from kg import __version__
from kg.model.formats import Format
from kg.model.settings import Settings
from kg.queries import TYPES, Parameter, SavedQuery
from web.queries.asked import MOST
from web.sparql.operations import operations

_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "concept": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "string": {"type": "string"},
}
_PROBLEM = {"$ref": "#/components/responses/Problem"}


def link(address: str, parameters: Mapping[str, str], relation: str) -> str:
    """One link of a `Link` header (RFC 8288 §3)."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f'<{address}{query}>; rel="{relation}"'


def document(
    settings: Settings, queries: Iterable[SavedQuery], formats: Collection[Format]
) -> dict[str, Any]:
    """OpenAPI 3.1.0; rows are written in each of `formats`."""
    paths: dict[str, Any] = {"/search": _search(), "/sparql": operations(settings)}
    for query in queries:
        for each in formats:
            paths[f"/queries/{query.name}.{each.extension}"] = _path(query, each)
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


def _path(query: SavedQuery, written: Format) -> dict[str, Any]:
    own = [_parameter(each) for each in query.parameters]
    paging = [{"$ref": f"#/components/parameters/{name}"} for name in ("page", "per_page")]
    return {
        "get": {
            "operationId": f"{query.name.replace('-', '_')}_{written.extension}",
            "summary": query.title,
            "description": query.question,
            "tags": [query.group],
            "parameters": [*own, *paging],
            "responses": {
                "200": {
                    "description": "All rows, or the page asked for; Link leads to the others.",
                    "headers": {"Link": {"$ref": "#/components/headers/Link"}},
                    "content": {written.media_type: {"schema": _schema(written)}},
                },
                "default": _PROBLEM,
            },
        }
    }


def _schema(written: Format) -> dict[str, Any]:
    return {"type": "object"} if written.extension == "json" else {"type": "string"}


def _parameter(each: Parameter) -> dict[str, Any]:
    schema = {**_SCHEMAS[each.type], **({"default": each.default} if each.default else {})}
    return {
        "name": each.name,
        "in": "query",
        "required": not each.default,
        "description": f"{each.label}: {TYPES[each.type]}",
        "schema": schema,
        **({"example": each.example} if each.example else {}),
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


def _search() -> dict[str, Any]:
    texts = {
        "q": "Words; the last one may be a beginning",
        "type": "The TYPE of id/TYPE/SLUG",
        "source": "IRI of a document or data set",
    }
    parameters = [
        {"name": name, "in": "query", "required": name == "q", "description": text,
         "schema": {"type": "string"}}
        for name, text in texts.items()
    ]  # fmt: skip
    return _get("search", "Search names, claims and open texts", parameters, "application/json")


def _get(
    name: str, summary: str, parameters: list[dict[str, Any]], media_type: str
) -> dict[str, Any]:
    good = {"description": "The answer", "content": {media_type: {"schema": {"type": "object"}}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": good, "default": _PROBLEM},
        }
    }
