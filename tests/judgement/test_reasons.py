"""Each accepted triple has a reason that the graph shows, by the query of docs/judgement.md."""

from __future__ import annotations

import re

from kg.store import Graph, rows
from tests.conftest import ROOT
from tests.diplomacy import PREFIXES

DOCS = (ROOT / "docs" / "judgement.md").read_text("utf-8")
WITHOUT_REASON = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + str(
    re.findall(r"```sparql\n(.*?)```", DOCS, re.DOTALL)[-1]
)


def test_no_fact_of_the_seeds_is_without_a_reason(graph: Graph) -> None:
    """Neither a claim nor a record: there is none."""
    assert rows(graph, WITHOUT_REASON) == []


def test_the_query_can_find_one(graph: Graph) -> None:
    """Without its look at records, it finds what only records state."""
    blind = WITHOUT_REASON.replace("NOT EXISTS { ?s prov:wasDerivedFrom ?record } &&", "")
    assert len(rows(graph, blind)) > 20
