"""`/reconcile`: the Reconciliation Service API 0.2 (W3C community group, entity reconciliation)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.store.search import SearchIndex
from web.reconcile import manifest as service
from web.reconcile.extending import extend
from web.reconcile.matching import Asked, candidates, described
from web.site import Site, machines, site
from web.site.names import Thing
from web.site.pages import POLICY, html
from web.site.paging import whole

BATCH = 100  # queries of one request
_ABOUT = (
    "A reconciliation service: it finds what the names in a table stand for in this graph, and "
    "fills in columns from what the graph states of it."
)
_SUGGESTIONS = (
    "What OpenRefine completes while one types: things of this graph whose names begin so."
)

blueprint = Blueprint("reconcile", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What `reconcile/preview.html` reads."""

    thing: Thing
    other_names: tuple[str, ...]


@blueprint.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Reconciliation for OpenRefine: the manifest, or answers to `queries` or `extend`; in a
    browser a page on how to use it.
    """
    here = site()
    if "extend" in request.values:
        return jsonify(extend(_json("extend"), here))
    if "queries" not in request.values:
        return machines.answer(
            service.manifest(here),
            "Match a table with this graph",
            _ABOUT,
            "reconcile/service.html",
        )
    batch = _json("queries")
    if not isinstance(batch, dict) or len(batch) > BATCH:
        raise BadRequest(f"queries: an object of at most {BATCH} queries")
    asked = _read(batch, here)
    with SearchIndex.open(here.graph.release.search) as index:
        found = {
            key: candidates(index, query, here) if query else [] for key, query in asked.items()
        }
    return jsonify({key: {"result": result} for key, result in found.items()})


def _read(batch: Mapping[str, Any], here: Site) -> dict[str, Asked | None]:
    """The queries of a batch; None is one at fault, to which there is no result.

    Raises:
        BadRequest: none of them can be read.
    """
    asked: dict[str, Asked | None] = {}
    fault: BadRequest | None = None
    for key, query in batch.items():
        try:
            asked[key] = Asked.read(query, here)
        except BadRequest as error:
            asked[key], fault = None, fault or error
    if fault and not any(asked.values()):
        raise fault
    return asked


@blueprint.get("/reconcile/suggest/entity")
def suggest_entity() -> Response:
    """Entities whose names begin with `prefix`, for OpenRefine."""
    here = site()
    with SearchIndex.open(here.graph.release.search) as index:
        found = index.find(_prefix(), claims=False, size=10)
    entities = [described(hit, here) for hit in found.hits]
    for each in entities:
        each["notable"] = each.pop("type")
    return machines.answer({"result": entities}, "Suggested entities", _SUGGESTIONS)


@blueprint.get("/reconcile/suggest/type")
def suggest_type() -> Response:
    """Classes by name or label, for OpenRefine."""
    found = [
        {"id": each.name, "name": each.label, "description": each.definition}
        for each in service.types(site())
        if _prefix() in each.label.lower() or _prefix() in each.name.lower()
    ]
    return machines.answer({"result": found}, "Suggested types", _SUGGESTIONS)


@blueprint.get("/reconcile/suggest/property")
def suggest_property() -> Response:
    """Properties by name or label, for OpenRefine."""
    found = [
        {"id": each.name, "name": each.label, "description": each.definition}
        for each in service.properties(site())
        if _prefix() in each.label.lower() or _prefix() in each.name.lower()
    ]
    return machines.answer({"result": found}, "Suggested properties", _SUGGESTIONS)


@blueprint.get("/reconcile/properties")
def propose_properties() -> Response:
    """The properties that a column of a `type` can be extended by."""
    kind = request.args.get("type", "")
    found = [{"id": each.name, "name": each.label} for each in service.properties(site(), kind)]
    limit = whole("limit", request.args, max(1, len(found)))
    answer: dict[str, Any] = {"type": kind, "properties": found[:limit]}
    text = "The properties by which OpenRefine can add columns to things of this kind."
    return machines.answer(answer, "Properties", text)


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """A small page on the entity `id`, to be shown in a frame of OpenRefine."""
    here = site()
    iri = here.minter.entity(request.args.get("id", ""))
    with SearchIndex.open(here.graph.release.search) as index:
        hit = index.entry(iri)
    if hit is None:
        raise NotFound(f"the graph describes nothing called {iri}")
    thing = here.names([iri]).thing(iri)
    response = html("reconcile/preview.html", PreviewPage(thing, hit.other_names))
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    return response


def _prefix() -> str:
    return request.args.get("prefix", "").strip().lower()


def _json(name: str) -> Any:
    try:
        return json.loads(request.values[name])
    except ValueError as error:
        raise BadRequest(f"{name}: not JSON: {error}") from error
    except RecursionError as error:
        raise BadRequest(f"{name}: JSON that nests too deeply") from error
