"""The saved queries in OpenAPI 3.1: a path each, and each format."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kg.model.formats import Format
from kg.queries import TYPES, Parameter, SavedQuery
from web.site.openapi import PROBLEM, Paths
from web.site.parameters import LONGEST

_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "maxLength": LONGEST},
    "concept": {"type": "string", "maxLength": LONGEST},
    "date": {"type": "string", "format": "date", "maxLength": 10},
    "integer": {"type": "integer"},
    "string": {"type": "string", "maxLength": LONGEST},
}


def paths(queries: Iterable[SavedQuery], formats: Collection[Format]) -> Paths:
    """The path items of `queries`, whose rows are written in each of `formats`."""
    return {
        f"/queries/{query.name}.{each.extension}": _path(query, each)
        for query in queries
        for each in formats
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
                "default": PROBLEM,
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
