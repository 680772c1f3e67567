"""The addresses of explorers, which the ontology names, and of what two have in common."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from kg.ontology import Ontology
from kg.ontology.facets import explorers, facets
from kg.store.happenings import Happenings
from kg.store.release import Release
from web.claims.as_json import told
from web.explorer.between import MEETING, Pair, Stranger, between_page, claims_of, told_of
from web.explorer.choice import FORMS, Choice, Explorer
from web.explorer.data import document, table
from web.explorer.page import SIZE, explorer_page, listed, permanent
from web.site import Site, missing, site
from web.site.happenings import happenings, meant
from web.site.negotiation import choose
from web.site.pages import html, versioned
from web.site.paging import Paging
from web.site.tables import MOST
from web.site.tables import answer as csv

_FACETS = 100  # values of a facet in JSON


def blueprint(ontology: Ontology) -> Blueprint:
    """The views of a project's explorers."""
    made = versioned(Blueprint("explorer", __name__, template_folder="templates"))
    for path in explorers(ontology):
        made.add_url_rule(f"/{path}", path, explorer, defaults={"path": path})
    if ontology.playing(*MEETING):
        made.add_url_rule("/between/<path:pair>", "between", between)
    return made


def explorer(path: str) -> Response:
    """What happens, chosen by facets and a period: a page, JSON or CSV, by `format` or Accept."""
    here = site()
    of = meant(here, request.args.get("release", ""))
    with happenings(here, of) as tables:
        choice = Choice.read(here, tables, Explorer.at(here.ontology, path), request.args)
        form = choice.form or _accepted()
        answer = {"json": _json, "csv": _csv}.get(form, _page)(here, tables, choice, of)
    answer.vary.add("Accept")
    return answer


def between(pair: str) -> Response:
    """What two have to do with one another: a page, JSON or CSV, by `format` or Accept."""
    here = site()
    try:
        two = Pair.read(here, pair, request.args)
    except Stranger as error:
        return missing.not_found(error.iri)
    if two.path != f"/between/{pair}":
        return Response(status=308, headers={"Location": here.links().root + two.address()})
    form = two.form or _accepted()
    with happenings(here) as tables:
        if form in ("json", "csv"):
            answer = _met(here, tables, two, form)
        else:
            answer = html("explorer/between.html", between_page(here, tables, two))
    answer.vary.add("Accept")
    return answer


def _met(here: Site, tables: Happenings, two: Pair, form: str) -> Response:
    """The rows of a pair as data."""
    chosen, size = two.selection(here.ontology), MOST if form == "csv" else SIZE
    rows = tables.rows(chosen, start=Paging(two.page, size).offset, size=size + 1)
    known, more = facets(here.ontology), len(rows) > size
    if form == "csv":
        return csv(table(here, "between", rows[:size], known, more=more))
    following = here.links().root + two.address(page=two.page + 1, form="json") if more else None
    entity = here.minter.entity
    found = document(
        here, rows[:size], known, {}, total=tables.total(chosen), release=here.graph.release.id
    )
    claims = claims_of(here, two, rows[:size]) if two.page == 1 else ()
    return jsonify(
        {
            "between": [entity(two.one), entity(two.other)],
            **found,
            "words": {
                iri: row.words.text for iri, row in told_of(here, rows[:size]).items() if row.words
            },
            "claims": list(map(told, claims)),
            "next": following,
        }
    )


def _page(here: Site, tables: Happenings, choice: Choice, of: Release) -> Response:
    return html("explorer/explorer.html", explorer_page(here, tables, choice, of))


def _json(here: Site, tables: Happenings, choice: Choice, of: Release) -> Response:
    paging, facets = Paging(choice.page, SIZE), choice.explorer.facets
    rows = listed(tables, choice, start=paging.offset, size=SIZE + 1)
    counts = tables.facets(choice.selection, [each.name for each in facets], _FACETS)
    found = document(
        here, rows[:SIZE], facets, counts, total=tables.total(choice.selection), release=of.id
    )
    following = choice.address(page=choice.page + 1, form="json") if len(rows) > SIZE else None
    chosen = MultiDict(choice.parameters(page=1, release="", by="", form="")).to_dict(flat=False)
    return jsonify(
        {"chosen": chosen, "permanent": permanent(here, choice, of.id), **found, "next": following}
    )


def _csv(here: Site, tables: Happenings, choice: Choice, _: Release) -> Response:
    paging = Paging(choice.page, MOST)
    rows = listed(tables, choice, start=paging.offset, size=MOST + 1)
    name, facets = choice.explorer.path, choice.explorer.facets
    return csv(table(here, name, rows[:MOST], facets, more=len(rows) > MOST))


def _accepted() -> str:
    """The format that the client likes best."""
    best = choose(request.headers.get("Accept"), list(FORMS.values()))
    return next((name for name, each in FORMS.items() if each == best), "")
