"""What the editor completes: the classes and properties that the graph uses."""

from __future__ import annotations

from kg.model.rdf import Iri, Literal, Term
from kg.store import rows
from web.site import Site
from web.site.asking import ask


def terms(site: Site) -> dict[str, object]:
    """Prefixes, and each class and property in use with its name, meaning and count."""
    found = rows(site.graph, ask(__package__ or "", "terms", meta=site.minter.meta))
    return {
        "prefixes": dict(site.ontology.prefixes),
        "classes": _listed(site, found, "class"),
        "properties": _listed(site, found, "property"),
    }


def _listed(site: Site, found: list[dict[str, Term]], kind: str) -> list[dict[str, object]]:
    counts: dict[Iri, int] = {}
    for row in found:
        if kind in row and isinstance(row["n"], Literal):
            iri = str(row[kind])
            counts[iri] = max(counts.get(iri, 0), int(row["n"].value))
    names = site.names(())
    return [
        {
            "iri": iri,
            "name": _written(iri, site),
            "label": names.term(iri),
            "count": count,
            "definition": getattr(site.ontology.find(iri), "definition", ""),
        }
        for iri, count in counts.items()
    ]


def _written(iri: Iri, site: Site) -> str:
    """`iri` as a query may write it."""
    curie = site.ontology.names.curie(iri)
    return curie if curie.partition(":")[2].isidentifier() else f"<{iri}>"
