"""The queries that pages lead to have names beside IRIs, and are the rows of the page."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

import pytest
from flask import Flask

from kg.model.rdf import Literal, value_of
from kg.store import Graph, rows
from web.site import links
from web.site.labelled import labelled

VISIT = quote("https://w3id.org/chancery/ns#Visit", safe="")
PAGES = [
    "/page/visit/", "/page/person/", "/page/visit/?facet=2015", "/page/visit/kerry-russia-2015-05",
    "/page/person/john-kerry", "/page/post/us-secretary-of-state", "/page/document/may-2015",
    "/page/claim/another-reset/9", "/timeline?type=visit",
    "/neighbourhood?iri=http%3A%2F%2Flocalhost%3A8000%2Fid%2Fplace%2Fsochi",
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(app: Flask) -> list[str]:
    """The queries behind these pages."""
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "labelled", lambda query: found.append(query) or query)
        for path in PAGES:
            assert app.test_client().get(path).status_code == 200
    return [each for each in dict.fromkeys(found) if "# named:" in each]


def test_each_kind_is_there(asked: list[str]) -> None:
    """Lists, facts, claims, events, services, company, the timeline, the neighbourhood."""
    named = Counter(next(x for x in each.split("\n") if x.startswith("# named:")) for each in asked)
    assert set(named) == {
        "# named: ?s", "# named: ?p ?o", "# named: ?event", "# named: ?service", "# named: ?other",
        "# named: ?event ?kind", "# named: ?from ?property ?to",
    }  # fmt: skip


def test_the_same_rows_with_names(asked: list[str], graph: Graph) -> None:
    """No row more, none less, in each; things have their labels, the English one first."""
    for query in asked:
        before, after = rows(graph, query), rows(graph, labelled(query))
        told = [{key: value for key, value in row.items() if "Label" not in key} for row in after]
        assert Counter(map(repr, map(sorted_row, told))) == Counter(
            map(repr, map(sorted_row, before))
        )
        if "ORDER BY ?n" in query or "DESC(?n)" in query:
            assert told == before
        labels = [row[name] for row in after for name in row if name.endswith("Label")]
        assert labels or not before
        assert all(isinstance(each, Literal) for each in labels)


def sorted_row(row: dict[str, object]) -> list[tuple[str, object]]:
    return sorted(row.items())


def test_one_label_each(graph: Graph) -> None:
    """Of several labels the English one is told, and none is told twice."""
    query = (
        "# named: ?s\nPREFIX dip: <https://w3id.org/chancery/ns#>\n"
        "SELECT ?s WHERE {\n  ?s a dip:Person\n} ORDER BY ?s\n"
    )
    found = rows(graph, labelled(query))
    assert [row["s"] for row in found] == [row["s"] for row in rows(graph, query)]
    names = {str(row["s"]): value_of(row["sLabel"]) for row in found}
    assert names["http://localhost:8000/id/person/vladimir-putin"] == "Vladimir Putin"


def test_what_names_nothing_stays(graph: Graph) -> None:
    """A question of a reader's own is handed on as it is; what is named already is, too."""
    query = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3"
    assert labelled(query) == query
    once = labelled(f"# named: ?s\n{query}\n")
    assert labelled(once) == once
