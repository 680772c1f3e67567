"""What is not there, or is no more: answers that lead on to the nearest neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Response
from rdflib.namespace import DCTERMS, OWL

from kg.model.rdf import Iri, Term
from kg.store.search import SearchIndex
from web.site import history, problems, site
from web.site.errors import respond
from web.site.http import link
from web.site.problems import ProblemDetails


def absent(iri: Iri, facts: Iterable[tuple[Iri, Term]]) -> Response | None:
    """Why nothing is told of `iri`, given what is stated of it; None where something is."""
    told = [*facts]
    if not told:
        return not_found(iri)
    if not any(name == str(OWL.deprecated) for name, _ in told):
        return None
    found = (value for name, value in told if name == str(DCTERMS.isReplacedBy))
    return withdrawn(iri, next((each for each in found if isinstance(each, str)), None))


def not_found(iri: Iri) -> Response:
    """404 for `iri`, with things of a similar name; 410 where an earlier release had it."""
    if found := history.withdrawn(site(), iri):
        return withdrawn(iri, None, found)
    detail = f"{iri[:300]}: no statement of this release has it as its subject."
    near = [each for each in _similar(iri) if each[0] != iri]
    return _gone(ProblemDetails.of("not-in-the-graph", detail), near)


def withdrawn(
    iri: Iri, replacement: Iri | None, found: history.Withdrawn | None = None
) -> Response:
    """410 for `iri`, which earlier releases had: when it went, what replaced it, what it said."""
    found = found or history.withdrawn(site(), iri)
    if found and found.successor:
        replacement = found.successor.iri
    when = f", since the release of {found.at.when}" if found else ""
    more = f"; use {replacement} instead." if replacement else "."
    detail = f"{iri[:300]}: this graph no longer vouches for it{when}{more}"
    problem = ProblemDetails.of("withdrawn", detail)
    near = []
    if replacement:
        problem = replace(problem, headers={"Link": link(replacement, {}, "successor-version")})
        near = [(replacement, site().names([replacement]).thing(replacement).label, "")]
    if found is None:
        return _gone(problem, near)
    told = {
        "at": found.at.built,
        "release": found.at.id,
        "lastRelease": found.last.id,
        **({"replacedBy": replacement} if replacement else {}),
        **({"reason": found.reason} if found.reason else {}),
        "said": found.lines,
    }
    return _gone(replace(problem, shown=found), near, withdrawn=told)


def not_acceptable(offered: list[str]) -> Response:
    """406 with what there is (RFC 9110 §15.5.7)."""
    return respond(problems.not_acceptable(offered))


def _gone(problem: ProblemDetails, near: list[tuple[Iri, str, str]], **told: object) -> Response:
    links = site().links()
    neighbours = [
        {"iri": iri, "label": label, "kind": kind, "href": links.to(iri)}
        for iri, label, kind in near
    ]
    return respond(replace(problem, extra={"neighbours": neighbours, **told}))


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
