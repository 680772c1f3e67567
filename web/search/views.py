"""`/search?q=`: a page for people, JSON for programs and for typeahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from kg.model.iris import is_iri
from kg.store.search import Facet, Found, Hit, SearchIndex
from web.search.leads import Lead, leads
from web.search.openapi import paths
from web.site import Site, negotiation, openapi, site, tables
from web.site.names import Thing
from web.site.pages import html, versioned
from web.site.paging import Paging, whole
from web.site.tables import Table

SIZE = 20
MOST = 500  # hits of one file of CSV
JSON = "application/json"

blueprint = versioned(Blueprint("search", __name__, template_folder="templates"))
openapi.describe(blueprint, lambda _: paths())


@dataclass(frozen=True, slots=True)
class Result:
    """A hit with the address of its page, None where none is safe, and the name of its kind.

    `snippet` is the hit's, where it says more than the title.
    """

    hit: Hit
    href: str | None
    kind: str
    snippet: tuple[str, ...]
    source_href: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow the hits, or to widen them again where it is chosen."""

    label: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What `search/results.html` reads. `previous` and `next` are addresses, empty at the ends."""

    query: str
    kind: str
    source: str
    found: Found
    leads: tuple[Lead, ...]
    results: tuple[Result, ...]
    kinds: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    previous: str
    next: str


@blueprint.get("/search")
def results() -> Response:
    """Search names, claims and open texts: a page, or JSON by Accept.

    Parameters: `q`; `type` (of `id/TYPE/…`), `of` (a class, with those below it) and `source` (an
    IRI) narrow; `names` leaves claims out; `page` and `size`.
    """
    given = {name: request.args.get(name, "").strip() for name in ("q", "type", "source")}
    csv = tables.wanted()
    size = MOST if csv else whole("size", request.args, SIZE, 100)
    paging = Paging.read(request.args, size)
    here = site()
    if given["type"] and given["type"] not in here.ontology.segments:
        allowed = ", ".join(sorted(here.ontology.segments))
        raise BadRequest(f"type: found {given['type']!r}; allowed: {allowed}")
    if given["source"] and not is_iri(given["source"]):
        raise BadRequest(f"source: found {given['source']!r}; allowed: an absolute IRI")
    kinds = [given["type"]] if given["type"] else _below(here, request.args.get("of", "").strip())
    with SearchIndex.open(here.graph.release.search) as index:
        found = index.find(
            given["q"],
            kinds=kinds,
            source=given["source"],
            claims="names" not in request.args,
            start=paging.offset,
            size=paging.size,
        )
        narrowed = kinds or given["source"] or "names" in request.args or paging.number > 1
        ahead = () if narrowed else leads(here, index, given["q"], found)
    found = replace(
        found,
        kinds=tuple(_named(here, facet) for facet in found.kinds),
        hits=tuple(_said(here, found.hits)),
    )
    if csv:
        return tables.answer(_table(here, found, paging))
    if negotiation.prefers_html(request.headers.get("Accept"), [JSON]):
        shown = _page(here, given, found, paging, ahead)
        answer = html("search/results.html", shown)
    else:
        answer = jsonify(_document(here, given["q"], found, ahead))
    answer.vary.add("Accept")
    return answer


def _below(here: Site, name: str) -> list[str]:
    """The TYPEs of a class and of those below it; all, where none is named."""
    if name and name not in here.ontology.classes:
        allowed = ", ".join(sorted(here.ontology.classes))
        raise BadRequest(f"of: found {name!r}; allowed: {allowed}")
    below = here.ontology.subclasses(name) if name else ()
    return sorted(each.segment for each in below if each.segment)


def _said(here: Site, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits, claims by their sentences."""
    kind = here.ontology.classes["Claim"].segment
    names = here.names(each.iri for each in hits if each.kind == kind)
    for each in hits:
        said = each.kind == kind and each.iri in names.found
        yield replace(each, title=names.thing(each.iri).label) if said else each


def _named(here: Site, facet: Facet) -> Facet:
    return replace(facet, label=_kind(here, facet.value))


def _kind(here: Site, segment: str) -> str:
    known = here.ontology.segments.get(segment)
    return known.label if known else segment


def _page(
    here: Site, given: dict[str, str], found: Found, paging: Paging, ahead: tuple[Lead, ...]
) -> SearchPage:
    links = here.links()

    def at(**changed: str | int) -> str:
        asked = {key: value for key, value in {**given, **changed}.items() if value}
        return links.at("/search", **asked)

    def choices(name: str, facets: tuple[Facet, ...]) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                each.label,
                each.count,
                given[name] == each.value,
                at(**{name: "" if given[name] == each.value else each.value}),
            )
            for each in facets
        )

    previous, following = paging.around(
        lambda number: at(page=number), more=found.total > paging.number * paging.size
    )
    return SearchPage(
        query=given["q"],
        kind=given["type"],
        source=given["source"],
        found=found,
        leads=ahead,
        results=tuple(_result(here, hit) for hit in found.hits),
        kinds=choices("type", found.kinds),
        sources=choices("source", found.sources),
        previous=previous,
        next=following,
    )


def _result(here: Site, hit: Hit) -> Result:
    links = here.links()
    snippet = () if "".join(hit.snippet) in hit.title else hit.snippet
    return Result(hit, links.to(hit.iri), _kind(here, hit.kind), snippet, links.to(hit.source))


def _table(here: Site, found: Found, paging: Paging) -> Table:
    results = [_result(here, hit) for hit in found.hits]
    return Table(
        name="search",
        columns=("name", "kind", "words", "source"),
        things=frozenset({"name"}),
        rows=(
            (Thing(each.hit.iri, each.hit.title), each.kind, "".join(each.snippet), each.hit.source)
            for each in results
        ),
        more=found.total > paging.number * paging.size,
    )


def _document(here: Site, query: str, found: Found, ahead: tuple[Lead, ...]) -> dict[str, object]:
    links = here.links()
    return {
        "query": query,
        "corrected": found.corrected,
        "total": found.total,
        "more": found.more,
        "leads": [{"label": each.label, "url": each.href} for each in ahead],
        "hits": [
            {
                "iri": hit.iri,
                "url": links.to(hit.iri),
                "label": hit.title,
                "type": hit.kind,
                "kind": _kind(here, hit.kind),
                "names": list(hit.other_names),
                "snippet": "".join(hit.snippet),
                "source": hit.source or None,
            }
            for hit in found.hits
        ],
        "types": [{"value": each.value, "count": each.count} for each in found.kinds],
        "sources": [{"value": each.value, "count": each.count} for each in found.sources],
    }
