"""Candidates for a name, each with a score from 0 to 100."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz
from werkzeug.exceptions import BadRequest

from kg.store.search import Hit, SearchIndex, fold
from web.reconcile import evidence
from web.site import Site

MOST = 25  # candidates of one query
LONGEST = 200  # characters of a name; how near it is to others takes time by its length
_EXACT = 100.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One reconciliation query (Reconciliation Service API 0.2 §4.2)."""

    name: str
    segments: tuple[str, ...]
    limit: int
    properties: evidence.Wanted = field(default_factory=dict)

    @classmethod
    def read(cls, given: Any, site: Site) -> Asked:
        """Read one query of a batch.

        Raises:
            BadRequest: it has no `query`, or a type or property that the ontology does not know.
        """
        if not isinstance(given, Mapping) or not isinstance(given.get("query"), str):
            raise BadRequest('each query is an object with a text "query"')
        if len(given["query"]) > LONGEST:
            raise BadRequest(f'"query" has up to {LONGEST} characters')
        kinds = given.get("type") or []
        names = [kinds] if isinstance(kinds, str) else kinds
        limit = given.get("limit", 5)
        if not isinstance(limit, int) or not isinstance(names, list):
            raise BadRequest('"limit" is a whole number, "type" the id of a type or a list of them')
        return cls(
            name=given["query"],
            segments=tuple(dict.fromkeys(_segments(site, names))),
            limit=max(1, min(limit, MOST)),
            properties=evidence.read(given.get("properties") or [], site),
        )


def _segments(site: Site, names: Iterable[Any]) -> Iterable[str]:
    for name in names:
        if not isinstance(name, str) or name not in site.ontology.classes:
            found = repr(name) if isinstance(name, str) else "no text"
            raise BadRequest(
                f"type: found {found[:80]}; /reconcile/suggest/type lists what there is"
            )
        yield from (each.segment for each in site.ontology.subclasses(name) if each.segment)


def candidates(index: SearchIndex, asked: Asked, site: Site) -> list[dict[str, Any]]:
    """The best candidates. `match` is true where one alone has the very name and values.

    The score is the mean of the features, in which the name counts twice.
    """
    hits = _hits(index, asked)
    weighed = evidence.weigh(asked.properties, [hit.iri for hit in hits], site)
    scored = sorted(
        ((_score(asked.name, hit), weighed[hit.iri], hit) for hit in hits),
        key=lambda each: (-_mean(each[0], each[1]), each[2].iri),
    )[: asked.limit]
    certain = [hit for name, others, hit in scored if _mean(name, others) == _EXACT]
    return [
        {
            **described(hit, site),
            "score": round(_mean(name, others), 1),
            "match": certain == [hit],
            "features": [
                {"id": key, "value": round(value, 1)}
                for key, value in {"name": name, **others}.items()
            ],
        }
        for name, others, hit in scored
    ]


def _mean(name: float, others: Mapping[str, float]) -> float:
    return (2 * name + sum(others.values())) / (2 + len(others))


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
            for hit in index.find(query, kinds=asked.segments, claims=False, size=MOST).hits
        }
        if found:
            return list(found.values())
    return []


def _score(name: str, hit: Hit) -> float:
    """How near the nearest of its names is: word order, case and accents make no difference."""
    wanted = _folded(name)
    return max(fuzz.ratio(wanted, _folded(each)) for each in (hit.title, *hit.other_names))


def _folded(name: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", fold(name))))
