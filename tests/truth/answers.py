"""Asks a release: rows of SPARQL, and what the saved questions say of an office on a day."""

from __future__ import annotations

from collections.abc import Callable

from kg.model.settings import Settings
from kg.store import rows
from kg.store.query import Graph
from tests.truth.score import Ask, OnDate
from web.app import create_app

RECORDS = """SELECT DISTINCT ?row WHERE {{
  <{}> prov:wasDerivedFrom ?record . BIND(STRAFTER(STR(?record), "/record/pocom/") AS ?row) }}"""
POSTS = """SELECT DISTINCT ?post ?country WHERE {{
  ?tenure prov:wasDerivedFrom <{}id/record/pocom/{}> ; dip:post ?post .
  OPTIONAL {{ ?post dip:host ?country }} }}"""


def asking(graph: Graph) -> Ask:
    """The rows of a SELECT as tuples of texts."""
    return lambda query: [
        tuple(str(getattr(term, "value", term)) for term in row.values())
        for row in rows(graph, query)
    ]


def on_date(ask: Ask, settings: Settings, graph: Graph, lists: Callable[[str], set[str]]) -> OnDate:
    """Asks the saved questions through HTTP; `lists` gives the appointments of a list of POCOM."""
    client = create_app(settings, graph).test_client()
    base = settings.base

    def found(where: str, day: str) -> set[str]:
        served = lists(where)
        posts = {each for row in sorted(served) for each in ask(POSTS.format(base, row))}
        name, key, at = (
            ("records-ambassador-on-a-date", "country", 1)
            if where.startswith("missions")
            else ("office-holder-on-a-date", "post", 0)
        )
        told: set[str] = set()
        for iri in {post[at] for post in posts if post[at]}:
            reply = client.get(f"/queries/{name}.json", query_string={key: iri, "date": day})
            assert reply.status_code == 200, reply.text
            for each in reply.get_json()["results"]["bindings"]:
                if "tenure" in each:
                    told |= {row for (row,) in ask(RECORDS.format(each["tenure"]["value"]))}
                else:
                    told.add(each["record"]["value"].partition("/record/pocom/")[2])
        return told & served

    return found
