"""The endpoint's two operations in OpenAPI 3.1: parameters, bodies, and every status they answer.

The protocol itself is `web.sparql.protocol`; what each problem means, `web.site.problems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.model.formats import FORMATS, GRAPH_TYPES, RESULT_TYPES, known_as
from kg.model.settings import Settings, declared
from kg.ontology import Ontology
from web.site.negotiation import HTML
from web.site.problems import kinds
from web.sparql.protocol import FORM, QUERY

_REFUSALS = (
    "bad-encoding", "repeated-parameter", "bad-timeout", "bad-graph",
    "query-syntax", "query-too-complex", "unknown-function", "federation-disabled", "read-only",
    "not-acceptable", "query-too-long", "result-too-large", "client-limit", "engine-failed",
    "internal-error", "query-timeout", "memory-limit", "busy", "engine-lost",
    # A server's own, before it is known what is asked.
    "bad-message", "request-timeout", "uri-too-long", "expectation-failed", "fields-too-large",
    "not-implemented", "version-not-supported",
)  # fmt: skip
_OF_BODIES = ("no-query", "two-queries", "request-too-large", "unsupported-media-type")
_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_OBJECTS = {each.media_type for each in known_as("json")}


def operations(settings: Settings, ontology: Ontology) -> dict[str, Any]:
    """The path item of `/sparql`, for the limits of `settings` and the terms of `ontology`."""
    fields = _fields(settings, ontology)
    return {
        "get": {
            "operationId": "sparql",
            "summary": "SPARQL 1.1 Protocol: a query in the URL (§2.1.1)",
            "description": "Without 'query': the service description (RDF), or the editor (HTML).",
            "tags": ["SPARQL"],
            "parameters": [
                {"name": name, "in": "query", **_described(schema)}
                for name, schema in fields.items()
            ],
            "responses": {
                "200": _good([*RESULT_TYPES, *GRAPH_TYPES, HTML]),
                "304": {"description": "The client has this very answer (If-None-Match)"},
                **_problems(_REFUSALS, settings.base, [HTML]),
            },
        },
        "post": {
            "operationId": "sparql_post",
            "summary": "SPARQL 1.1 Protocol: a query in the body (§2.1.2, §2.1.3)",
            "tags": ["SPARQL"],
            "requestBody": {
                "required": True,
                "content": {
                    QUERY: {"schema": fields["query"]},
                    FORM: {
                        "schema": {"type": "object", "properties": fields, "required": ["query"]}
                    },
                },
            },
            "responses": {
                "200": _good([*RESULT_TYPES, *GRAPH_TYPES]),
                **_problems((*_REFUSALS, *_OF_BODIES), settings.base, []),
            },
        },
    }


def listed_first(ontology: Ontology) -> tuple[str, str]:
    """A variable and the CURIE of the class that it may well be of: the project's first by order,
    for examples.
    """
    listed = ontology.segments.values()
    kind = min(listed, key=lambda each: (ontology.is_base(each), each.order, each.name))
    return f"?{kind.segment.replace('-', '_')}", ontology.names.curie(kind.iri)


def _fields(settings: Settings, ontology: Ontology) -> dict[str, dict[str, Any]]:
    variable, kind = listed_first(ontology)
    helps = {each.name: each.metadata["help"] for each in declared()}
    return {
        "query": {
            **_TEXT,
            "maxLength": settings.query_bytes,
            "description": f"A SPARQL 1.1 query, up to {settings.query_bytes} bytes in UTF-8",
            "example": f"SELECT * {{ {variable} a {kind} }} LIMIT 3",
        },
        "default-graph-uri": {**_IRIS, "description": "Graphs whose union is asked (§2.1.4)"},
        "named-graph-uri": {**_IRIS, "description": "Graphs that GRAPH finds (§2.1.4)"},
        "timeout": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": settings.query_timeout,
            "description": helps["query_timeout"],
        },
        "format": {
            **_TEXT,
            "enum": [each.extension for each in FORMATS],
            "description": "Goes before the Accept header, for links. Other names of "
            "these are taken too; one that is unknown leaves the choice to Accept",
        },
    }


def _described(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter has its description and example beside its schema, not in it."""
    own = {key: schema[key] for key in ("description", "example") if key in schema}
    return {**own, "schema": {key: value for key, value in schema.items() if key not in own}}


def _good(media_types: Iterable[str]) -> dict[str, Any]:
    return {
        "description": "The whole answer: rows or a boolean, a graph, or the service description",
        "headers": {
            "ETag": {"schema": _TEXT, "description": "Unless the answer differs from run to run"},
            "Vary": {"schema": _TEXT},
        },
        "content": {each: {"schema": {} if each in _OBJECTS else _TEXT} for each in media_types},
    }


def _problems(slugs: Iterable[str], base: str, pages: Iterable[str]) -> dict[str, Any]:
    """A response a status, with the problem types that it may have. `pages` are media types of
    the same for people.
    """
    named = sorted((kinds()[slug] for slug in slugs), key=lambda kind: kind.status)
    found: dict[str, Any] = {}
    for status in dict.fromkeys(kind.status for kind in named):
        these = [kind for kind in named if kind.status == status]
        schema = {
            "allOf": [{"$ref": "#/components/schemas/Problem"}],
            "properties": {"type": {"enum": [kind.iri(base) for kind in these]}},
        }
        found[str(status)] = {
            "description": "; ".join(kind.title for kind in these),
            "content": {
                "application/problem+json": {"schema": schema},
                **{each: {"schema": _TEXT} for each in ("text/plain", *pages)},
            },
            **({"headers": {"Retry-After": {"schema": _TEXT}}} if status in (429, 503) else {}),
        }
    return found
