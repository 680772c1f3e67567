"""The addresses of saved queries: a list, a page and an API each, and their OpenAPI description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.model.formats import BY_EXTENSION
from kg.model.formats import ROWS as ROWS_OF
from kg.model.rdf import Literal, Term
from kg.queries import TYPES, SavedQuery
from web.claims.shown import value
from web.queries import terms
from web.queries.asked import Asked, Unsure
from web.queries.drawn import Row, chart
from web.queries.openapi import paths
from web.queries.picking import Choice, Field, choices, fields, parts
from web.site import Site, catalogue, machines, missing, openapi, short, site
from web.site.charts import Chart
from web.site.http import link
from web.site.names import Names, Thing, readable
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.site.values import Words

ROWS = 100
ROW_TYPES = {kind: each.extension for each in ROWS_OF for kind in (each.media_type, *each.aliases)}
FORMATS = {end: BY_EXTENSION[end] for end in ("json", "csv", "tsv", "xml")}

blueprint = versioned(Blueprint("queries", __name__, template_folder="templates"))
openapi.describe(blueprint, lambda _: paths(catalogue.catalogue(), FORMATS.values()))


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What `queries/query.html` reads.

    `parts` are the words and fields of the sentence, `said` is all of it. `rows` are in the order
    of `columns`, which are headings; a missing value is None. `fault` says why there are none, and
    `choices` what may be meant. `downloads` are the same rows in other formats.
    """

    query: SavedQuery
    parts: list[str | Field]
    said: str
    fault: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    chart: Chart | None = None
    sparql: str = ""
    downloads: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What `queries/list.html` reads; `waiting` lack a source, `silent` an answer."""

    groups: dict[str, list[SavedQuery]]
    waiting: list[SavedQuery]
    silent: list[SavedQuery]


@blueprint.record_once
def _load(state: Any) -> None:
    catalogue.load(state.app)


@blueprint.get("/queries/")
def listed() -> Response:
    """All saved queries, by what they are about; or JSON by Accept."""
    release = site().graph.release
    if machines.wanted():
        return jsonify({"queries": list(map(_document, catalogue.answered(release)))})
    return html(
        "queries/list.html",
        ListPage(
            groups=catalogue.grouped(release),
            waiting=catalogue.waiting(release),
            silent=catalogue.silent(release),
        ),
    )


@blueprint.get("/queries/<name>")
def shown(name: str) -> Response:
    """One saved query: its form, and its answer as a table, or rows by Accept."""
    here, query = site(), catalogue.named(name)
    chosen = choose(request.headers.get("Accept"), [HTML, *ROW_TYPES])
    if chosen is None:
        return missing.not_acceptable([HTML, *ROW_TYPES])
    if chosen != HTML:
        response = answered(name, ROW_TYPES[chosen])
        response.vary.add("Accept")
        return response
    given = {each: text for each, text in request.args.items() if each != "page"}
    try:
        asked = Asked.read(query, request.args | {"per_page": str(ROWS)}, here)
    except BadRequest as error:
        own = {each.name for each in query.parameters}
        found = fields(here, query, given)
        page = QueryPage(
            query,
            parts(query, found),
            query.title,
            error.unclear.words if isinstance(error, Unsure) else error.description or "",
            choices(here, query, {n: v for n, v in given.items() if n in own}, error.unclear)
            if isinstance(error, Unsure)
            else (),
        )
        response = html("queries/query.html", page)
        # A form that was not sent yet lacks nothing; one that was sent with a fault is refused.
        response.status_code = 400 if request.args else 200
        return response
    return html("queries/query.html", _page(here, asked))


@blueprint.get("/queries/<name>.<extension>")
def answered(name: str, extension: str) -> Response:
    """The rows of a saved query. Parameters: the query's own, `page` and `per_page`."""
    here, query = site(), catalogue.named(name)
    if extension not in FORMATS:
        raise NotFound(f"no format {extension!r}; there are: {', '.join(FORMATS)}")
    asked = Asked.read(query, request.args, here)
    answer = asked.answer(here, FORMATS[extension].media_type)
    response = Response(answer.read(), content_type=FORMATS[extension].content_type)
    address = here.links().at(f"/queries/{name}.{extension}")
    for relation, parameters in asked.pages(here):
        response.headers.add("Link", link(address, parameters, relation))
    response.headers.add("Link", link(here.links().at("/openapi.json"), {}, "service-desc"))
    return response


@blueprint.get("/openapi.json")
def described() -> Response:
    """The API, in OpenAPI 3.1."""
    return jsonify(openapi.document())


@blueprint.get("/sparql/terms")
def completions() -> Response:
    """The classes and properties in use, for the editor's completion."""
    text = "The classes and properties in use, by which the editor of queries completes words."
    return machines.answer(terms.terms(site()), "Terms in use", text)


@blueprint.get("/s/<code>")
def shared(code: str) -> Response:
    """A short link: the query is in the address itself, nothing is stored."""
    try:
        query = short.decode(code)
    except ValueError as error:
        raise NotFound(str(error)) from error
    return Response(status=303, headers={"Location": site().links().sparql(query)})


def _page(here: Site, asked: Asked) -> QueryPage:
    links, (columns, found) = here.links(), asked.table(here)
    names = here.names({term for row in found for term in row.values() if isinstance(term, str)})
    columns = _shown(columns, {each.name for each in asked.query.parameters})
    pages = {
        relation: links.at(f"/queries/{asked.query.name}", **_without(parameters, "per_page"))
        for relation, parameters in asked.pages(here)
    }
    own = fields(here, asked.query, asked.given)
    said = asked.query.said({name: each.said for name, each in own.items()})
    heads = tuple(_heading(name) for name in columns)
    rows = tuple(tuple(_cell(row.get(name), names) for name in columns) for row in found)
    cells = [[row.get(name) for name in columns] for row in found]
    return QueryPage(
        query=asked.query,
        parts=parts(asked.query, own),
        said=said,
        columns=heads,
        rows=rows,
        chart=chart(heads, cells, rows),
        sparql=links.sparql(asked.query.standalone(asked.bindings)),
        downloads=tuple(
            (extension.upper(), links.at(f"/queries/{asked.query.name}.{extension}", **asked.given))
            for extension in FORMATS
        ),
        previous=pages.get("prev", ""),
        next=pages.get("next", ""),
    )


def _document(query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "question": query.sentence or query.question,
        "parameters": {
            each.name: f"{each.label}: {TYPES[each.type]}; default: {each.default or 'none'}"
            for each in query.parameters
        },
    }


def _shown(columns: list[str], given: set[str]) -> list[str]:
    """Those that say something new: not what the form says, nor the label of what is shown."""
    said = {name.removesuffix("Label") for name in columns if not name.endswith("Label")}
    return [
        name
        for name in columns
        if name not in given and not (name.endswith("Label") and name.removesuffix("Label") in said)
    ]


def _cell(term: Term | None, names: Names) -> Thing | Words | None:
    if term is None or (isinstance(term, Literal) and not term.value):
        return None
    return value(term, names)


def _heading(variable: str) -> str:
    """`placeLabel` is the place, for people."""
    return readable(variable.removesuffix("Label")).lower()


def _without(parameters: dict[str, str], name: str) -> dict[str, str]:
    return {key: text for key, text in parameters.items() if key != name}
