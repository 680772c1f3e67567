"""What is not there, or is no more: answers that lead on to the nearest neighbours."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from kg.model.rdf import Iri
from kg.store.search import SearchIndex
from web.site import problems, site
from web.site.errors import respond
from web.site.problems import ProblemDetails


def not_found(iri: Iri) -> Response:
    """404 for `iri`, with things of a similar name."""
    detail = f"{iri[:300]}: no statement of this release has it as its subject."
    near = [each for each in _similar(iri) if each[0] != iri]
    return _gone(ProblemDetails.of("not-in-the-graph", detail), near)


def withdrawn(iri: Iri, replacement: Iri | None) -> Response:
    """410 for `iri`, which earlier releases had."""
    more = f"; use {replacement} instead." if replacement else "."
    detail = f"{iri[:300]}: this graph no longer vouches for it{more}"
    near = (
        [(replacement, site().names([replacement]).thing(replacement).label, "")]
        if replacement
        else []
    )
    return _gone(ProblemDetails.of("withdrawn", detail), near)


def not_acceptable(offered: list[str]) -> Response:
    """406 with what there is (RFC 9110 §15.5.7)."""
    return respond(problems.not_acceptable(offered))


def _gone(problem: ProblemDetails, near: list[tuple[Iri, str, str]]) -> Response:
    links = site().links()
    neighbours = [
        {"iri": iri, "label": label, "kind": kind, "href": links.to(iri)}
        for iri, label, kind in near
    ]
    return respond(replace(problem, extra={"neighbours": neighbours}))


def _similar(iri: Iri) -> list[tuple[Iri, str, str]]:
    """Things whose names share the words of the IRI's end, with name and kind."""
    words = iri.rstrip("/").rpartition("/")[2].replace("-", " ")[:80]
    path = site().graph.release.search
    if not path.exists():
        return []
    with SearchIndex.open(path) as index:
        hits = index.find(words, claims=False, size=6).hits
        for word in sorted(words.split(), key=len, reverse=True)[:2] if not hits else ():
            hits += index.find(word, claims=False, size=4).hits
    return list(dict.fromkeys((each.iri, each.title, each.kind) for each in hits))[:6]
