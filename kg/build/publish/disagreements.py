"""The table of disagreements in a release's SQLite file: what lists narrow, count and order by.

A page that asked the graph would take as long as there are disagreements; this is asked once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from rdflib.namespace import DCTERMS, RDF

from kg.model.dates import bounds, ordinal, read_date
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, path_of
from kg.ontology import Class, Ontology
from kg.ontology.terms import PARTIES
from kg.store.embedded.build_store import BuildStore

_SCHEMA = """
CREATE TABLE disagreement (
    place INTEGER PRIMARY KEY, iri TEXT NOT NULL, voices INTEGER NOT NULL,
    earliest INTEGER, latest INTEGER
);
CREATE TABLE disagreement_facet (
    facet TEXT, value TEXT, place INTEGER, PRIMARY KEY (facet, value, place)
) WITHOUT ROWID;
"""
_PREFIXES = f"PREFIX clm: <{CLM}> PREFIX rdf: <{RDF}> PREFIX dcterms: <{DCTERMS}> "
_NODES = """
SELECT ?node ?kind ?about (COUNT(DISTINCT ?claim) AS ?voices) (COUNT(?by) AS ?settled) WHERE {
  ?node a clm:Disagreement ; clm:kind ?kind ; clm:about ?about ; clm:side/clm:claim ?claim
  OPTIONAL { ?node clm:settledBy ?by }
} GROUP BY ?node ?kind ?about
"""
_SOURCES = """
SELECT DISTINCT ?node ?source WHERE {
  ?node a clm:Disagreement ; clm:side/clm:claim/clm:statedIn ?stated
  OPTIONAL { ?stated dcterms:isPartOf ?set }
  BIND(COALESCE(?set, ?stated) AS ?source)
}
"""
_CLASSES = "SELECT ?node ?class WHERE { ?node a clm:Disagreement ; clm:about/rdf:type ?class }"
_DAYS = """
SELECT ?node ?earliest ?latest WHERE {
  ?node a clm:Disagreement ; clm:about ?about .
  ?about clm:startEarliest ?earliest ; clm:startLatest ?latest
}
"""


def list_disagreements(store: Path, index: Path, ontology: Ontology) -> None:
    """Add the table to the file `index`, from the finished `store`.

    What is open comes first, then that on which most claims speak; a plan that changed, of which
    nobody need be wrong, comes last. The same graph gives the same table.
    """
    built = BuildStore(store)
    found = {node: each for node, *each in built.select(_PREFIXES + _NODES)}

    def rank(node: Iri) -> tuple[bool, bool, int, Iri]:
        kind, _, voices, settled = found[node]
        return kind == str(CLM.ChangedPlan), settled != "0", -int(voices), node

    order = {node: place for place, node in enumerate(sorted(found, key=rank))}
    facets = defaultdict[Iri, set[tuple[str, str]]](set)
    for node, facet, value in _facets(built, ontology):
        facets[node].add((facet, value))
    for node, (kind, about, _, settled) in found.items():
        state = "open" if settled == "0" else "settled"
        facets[node] |= {("kind", kind.removeprefix(str(CLM))), ("state", state)}
        facets[node] |= {("subject", about), ("about", about)}
    days = {
        node: (_number(one), _number(other)) for node, one, other in built.select(_PREFIXES + _DAYS)
    }
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO disagreement VALUES (?, ?, ?, ?, ?)",
            (
                (place, node, int(found[node][2]), *days.get(node, (None, None)))
                for node, place in order.items()
            ),
        )
        database.executemany(
            "INSERT INTO disagreement_facet VALUES (?, ?, ?)",
            sorted((*pair, order[node]) for node in order for pair in facets[node]),
        )
        database.execute("COMMIT")


def _facets(built: BuildStore, ontology: Ontology) -> Iterator[tuple[Iri, str, str]]:
    """By which sources, who has a part in it, where it is, and which kinds of things it is of."""
    parts = path_of(each.iri for each in ontology.playing(*PARTIES))
    location, around = (
        path_of(each.iri for each in ontology.playing(role))
        for role in ("Location", "Surroundings")
    )
    where = f"{location}/{around}*"
    involved = f"?node a clm:Disagreement ; clm:about/(({parts})|({where})) ?who"
    for node, source in built.select(_PREFIXES + _SOURCES):
        yield node, "source", source
    for node, who in built.select(f"{_PREFIXES}SELECT ?node ?who WHERE {{ {involved} }}"):
        yield node, "about", who
    for node, iri in built.select(_PREFIXES + _CLASSES):
        term = ontology.find(iri)
        for name in term.lineage if isinstance(term, Class) else ():
            above = ontology.classes.get(name)
            if above and above.segment:
                yield node, "type", above.segment


def _number(day: str) -> int | None:
    first, _ = bounds(read_date(day))
    return ordinal(first) if first else None
