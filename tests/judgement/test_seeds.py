"""What the two documents and the records disagree on, X1 to X10, and nothing else."""

from __future__ import annotations

from collections import defaultdict

from kg.store import Graph, rows

FOUND = """PREFIX clm: <https://w3id.org/chancery/claims#>
SELECT ?node ?kind ?side ?claim {
  ?node a clm:Disagreement ; clm:kind ?kind ; clm:side ?side .
  ?side clm:claim ?claim }"""
SETTLED = """PREFIX clm: <https://w3id.org/chancery/claims#>
SELECT ?node ?by { ?node clm:settledBy ?by }"""
D1, D2 = "another-reset", "csis-kerry-in-russia"

Sides = frozenset[frozenset[str]]


def sides(*told: str) -> Sides:
    """The claims of each side, without what their IRIs share."""
    return frozenset(frozenset(each.split()) for each in told)


DISAGREEMENTS: dict[str, tuple[str, Sides]] = {
    # X1: Moscow or Sochi
    "visit/kerry-russia-2015-05/place": (
        "DifferentValues",
        sides(f"{D1}/9", f"{D2}/66 travels/3568/place"),
    ),
    # X2: sanctions of the UN or of the EU, beside those of the US
    "sanction/sanctions-on-russia/imposedBy": (
        "DifferentLists",
        sides(
            f"{D1}/45-united-states {D2}/108-united-states",
            f"{D1}/45-united-nations",
            f"{D2}/108-european-union",
        ),
    ),
    # X3: sanctions crippled the economy, or made a downturn worse that was there
    "event/economic-crisis-in-russia/cause": (
        "DifferentAccounts",
        sides(f"{D1}/46", f"{D2}/109-before"),
    ),
    # X4: strained in the last year, or since the fall of 2013
    "relation/us-russia-strained/start": (
        "DifferentDates",
        sides(f"{D1}/42-since", f"{D2}/103-start"),
    ),
    # X5: chlorine counts against the pact, or lies outside it
    "agreement/syria-chemical-weapons-framework/excludesScope": (
        "DifferentAccounts",
        sides(f"{D1}/33-scope", f"{D2}/85-scope"),
    ),
    # X6: to reset relations, or because of chlorine
    "visit/kerry-russia-2015-05/cause": ("DifferentAccounts", sides(f"{D1}/14", f"{D2}/69")),
    # X7: hope, or doubt
    "visit/kerry-russia-2015-05/effect": (
        "DifferentAccounts",
        sides(f"{D1}/25-visit {D1}/26-visit", f"{D2}/90-syria"),
    ),
    # X8: drafted by two states, or signed by them
    "agreement/syria-chemical-weapons-framework/dcterms-creator": (
        "DifferentAccounts",
        sides(
            f"{D1}/30-russia", f"{D1}/30-united-states", f"{D2}/82-russia", f"{D2}/82-united-states"
        ),
    ),
    # X9: no meeting with a senior official in two years
    "visit/obama-france-2014-06/participant": (
        "Denial",
        sides(f"{D2}/93-france", "travels/3424/participant/vladimir-putin"),
    ),
    # X10: two posts on one page
    "person/jeffrey-mankoff/positionHeld": (
        "WithinOneSource",
        sides(f"{D2}/59-position", f"{D2}/60-position"),
    ),
}
SETTLING = {
    "visit/kerry-russia-2015-05/place": {"record/travels/3568"},
    "visit/obama-france-2014-06/participant": {"record/travels/3424"},
}


def found(graph: Graph) -> dict[str, tuple[str, Sides]]:
    """The disagreements of a graph, as above."""
    told: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows(graph, FOUND):
        node = str(row["node"]).partition("/id/disagreement/")[2]
        kind = str(row["kind"]).rpartition("#")[2]
        claim = str(row["claim"]).partition("/id/claim/")[2]
        told[node, kind][str(row["side"])].add(claim)
    return {
        node: (kind, frozenset(frozenset(claims) for claims in each.values()))
        for (node, kind), each in told.items()
    }


def settled(graph: Graph) -> dict[str, set[str]]:
    told: dict[str, set[str]] = defaultdict(set)
    for row in rows(graph, SETTLED):
        node = str(row["node"]).partition("/id/disagreement/")[2]
        told[node].add(str(row["by"]).partition("/id/")[2])
    return dict(told)


def test_exactly_these_disagreements(graph: Graph) -> None:
    """Each of X1 to X10, with who is on which side, and nothing beside them."""
    assert found(graph) == DISAGREEMENTS
    assert settled(graph) == SETTLING
