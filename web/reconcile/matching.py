"""Candidates for a name, each with a score from 0 to 100."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from werkzeug.exceptions import BadRequest

from web.search.index import Hit, SearchIndex, fold
from web.site import Site

MOST = 25  # candidates of one query
_EXACT = 100.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One reconciliation query (Reconciliation Service API 0.2 §4.2)."""

    name: str
    segments: tuple[str, ...]
    limit: int

    @classmethod
    def read(cls, given: Any, site: Site) -> Asked:
        """Read one query of a batch.

        Raises:
            BadRequest: it has no `query`, or a type that the ontology does not know.
        """
        if not isinstance(given, Mapping) or not isinstance(given.get("query"), str):
            raise BadRequest('each query is an object with a text "query"')
        kinds = given.get("type") or []
        names = [kinds] if isinstance(kinds, str) else kinds
        limit = given.get("limit", 5)
        if not isinstance(limit, int) or not isinstance(names, list):
            raise BadRequest('"limit" is a whole number, "type" the id of a type or a list of them')
        return cls(given["query"], tuple(_segments(site, names)), max(1, min(limit, MOST)))


def _segments(site: Site, names: Iterable[Any]) -> Iterable[str]:
    for name in names:
        if name not in site.ontology.classes:
            raise BadRequest(f"type: found {name!r}; /reconcile/suggest/type lists what there is")
        yield from (each.segment for each in site.ontology.subclasses(name) if each.segment)


def candidates(index: SearchIndex, asked: Asked, site: Site) -> list[dict[str, Any]]:
    """The best candidates. `match` is true where one alone bears the very name."""
    scored = sorted(
        ((_score(asked.name, hit), hit) for hit in _hits(index, asked)),
        key=lambda each: (-each[0], each[1].iri),
    )[: asked.limit]
    certain = [hit for score, hit in scored if score == _EXACT]
    return [
        {**described(hit, site), "score": round(score, 1), "match": certain == [hit]}
        for score, hit in scored
    ]


def described(hit: Hit, site: Site) -> dict[str, Any]:
    """A hit as the API writes an entity."""
    kind = site.ontology.segments.get(hit.kind)
    return {
        "id": hit.iri.removeprefix(site.minter.entity("")),
        "name": hit.title,
        "description": ", ".join(hit.other_names[:3]),
        "type": [{"id": kind.name, "name": kind.label}] if kind else [],
    }


def _hits(index: SearchIndex, asked: Asked) -> list[Hit]:
    """Entries with all words of the name; failing that, with any of them."""
    for queries in ([asked.name], re.findall(r"\w{3,}", asked.name)[:6]):
        found = {
            hit.iri: hit
            for query in queries
            for kind in asked.segments or ("",)
            for hit in index.find(query, kind=kind, claims=False, size=MOST).hits
        }
        if found:
            return list(found.values())
    return []


def _score(name: str, hit: Hit) -> float:
    """How near the nearest of its names is: word order, case and accents make no difference."""
    wanted = _plain(name)
    return max(
        100 * SequenceMatcher(None, wanted, _plain(each)).ratio()
        for each in (hit.title, *hit.other_names)
    )


def _plain(name: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", fold(name))))
