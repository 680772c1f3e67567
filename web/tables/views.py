"""`/tables/`, each table by its name, and its files"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Sent

from kg.model.formats import kind_of
from kg.store.release import SCHEMA
from web.site import missing, site
from web.site.files import send
from web.site.http import link
from web.site.negotiation import HTML, choose
from web.site.pages import html, versioned
from web.tables.page import files, table_page, tables_page

blueprint = versioned(Blueprint("tables", __name__, template_folder="templates"))
sent = Blueprint("table_files", __name__)

_CSVM = kind_of(SCHEMA)[1]
_OFFERED = {HTML: "html", kind_of(".csv")[1]: "csv", kind_of(".parquet")[1]: "parquet"}


@blueprint.get("/tables/")
def listed() -> Response:
    """All tables of this release: a page, or their schema (CSV on the Web) by Accept."""
    chosen = choose(request.headers.get("Accept"), [HTML, _CSVM, "application/json"])
    if chosen == HTML:
        response = html("tables/list.html", tables_page(site(), request.script_root))
    elif chosen is None:
        return missing.not_acceptable([HTML, _CSVM])
    else:
        response = Response(status=303, headers={"Location": site().links().at(_at(SCHEMA))})
    response.vary.add("Accept")
    return response


@blueprint.get("/tables/<name>")
def table(name: str) -> Response | Sent:
    """One table: a page on its columns; by Accept it leads to CSV or Parquet."""
    page = table_page(site(), name, request.script_root)
    if page is None:
        raise NotFound(f"no table is called {name!r}; /tables/ lists them")
    chosen = choose(request.headers.get("Accept"), [*_OFFERED])
    if chosen is None:
        return missing.not_acceptable([*_OFFERED])
    if chosen == HTML:
        response: Response | Sent = html("tables/table.html", page)
    else:
        response = redirect(site().links().at(_at(f"{name}.{_OFFERED[chosen]}")), 303)
    response.vary.add("Accept")
    return response


@sent.get("/tables/<name>.<any(csv, json, parquet):extension>")
def file(name: str, extension: str) -> Sent:
    """A file of a table, or their schema, whole or a range of it (RFC 9110 §14)."""
    release, wanted = site().graph.release, f"{name}.{extension}"
    found = files(release, request.script_root).get(wanted)
    if found is None:
        raise NotFound(f"no table has a file {wanted!r}; /tables/ lists them")
    response = send(release.tables / wanted, found)
    if extension == "csv":  # CSVW, Model §5.2
        described = site().links().at(_at(SCHEMA))
        response.headers["Link"] = f'{link(described, {}, "describedby")}; type="{_CSVM}"'
    return response


def _at(name: str) -> str:
    return f"/tables/{name}"
