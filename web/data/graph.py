"""The page of a named graph: who speaks in it, how much it holds, where to get it whole."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.formats import GRAPHS
from kg.model.rdf import Iri
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.heads import Alternate
from web.site.names import Thing

SAMPLE = 60
_OWN = {
    "accepted": "What the project takes as so.",
    "judgement": "Where sources agree or disagree, who is on which side, and what settles it.",
    "entities": "Names and descriptions of the things that sources speak of.",
    "ontology": "The ontology.",
    "meta": "The graph's description of itself.",
}


@dataclass(frozen=True, slots=True)
class GraphPage:
    """All that the page of a named graph shows.

    `source` is the document or data set that speaks in it, None for the project's own graphs,
    which have a `purpose`; `triples` is its count in the release; `things` are some subjects.
    """

    iri: Iri
    title: str
    purpose: str
    source: Thing | None
    triples: int
    things: tuple[Thing, ...]
    formats: tuple[Alternate, ...]
    sparql: str


def _readable(iri: Iri, base: str) -> bool:
    """Whether the thing has a page worth reading; passages are shown with their claims."""
    return iri.startswith(f"{base}id/") and not iri.startswith(f"{base}id/evidence/")


def graph_page(site: Site, iri: Iri) -> GraphPage:
    base = site.settings.base
    name = iri.removeprefix(f"{base}graph/")
    kind, _, slug = name.partition("/")
    owner = f"{base}id/{'dataset' if kind == 'records' else kind}/{slug}" if slug else None
    found = rows(site.graph, ask("web.data", "graph_sample", graph=iri, limit=5 * SAMPLE))
    sample = [each for each in (str(row["s"]) for row in found) if _readable(each, base)][:SAMPLE]
    names = site.names([*sample, *([owner] if owner else [])])
    source = names.thing(owner) if owner else None
    counts = site.graph.release.manifest.counts.graphs
    path = f"/graph/{name}"
    return GraphPage(
        iri=iri,
        title=f"What “{source.label}” says" if source else f"The graph “{name}”",
        purpose=_OWN.get(name, ""),
        source=source,
        triples=counts.get(iri, 0),
        things=tuple(names.thing(each) for each in sample),
        formats=tuple(
            Alternate(each.label, names.links.at(path, format=each.extension), each.media_type)
            for each in GRAPHS
        ),
        sparql=names.links.sparql(ask("web.data", "graph", graph=iri)),
    )
