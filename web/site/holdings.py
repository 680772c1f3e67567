"""What the graph of a release holds: how many of each kind, when, where. Counted once a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.ontology.facets import KIND, facets
from kg.store.happenings import Counts, Happenings
from kg.store.selection import Selection
from web.site import Site

_MOST = 1_000  # kinds
_PLACES = 12
_WHERE = ("Recipient", "Location")  # the roles of facets that say where, the wider first


@dataclass(frozen=True, slots=True)
class Holdings:
    """`counts` are by class; of a whole and its parts of the same class the parts count, and the
    `wholes` stand apart. `years` are those of events, `places` where most of them were.
    """

    counts: Mapping[Iri, int]
    wholes: Mapping[Iri, int]
    years: Mapping[int, int]
    places: Counts


def events(site: Site) -> tuple[str, ...]:
    """The kinds of things that happen, as a selection has them."""
    found = site.ontology.kinds("Occurrence", "Conclusion")
    return tuple(each.segment for each in found if each.segment)


def holdings(site: Site) -> Holdings:
    """What the release that is served holds."""
    kept = site.memory(Holdings, 1).of(site.graph.release.id)
    if "" not in kept:
        kept[""] = _count(site)
    return kept[""]


def _count(site: Site) -> Holdings:
    named = {each.role: each.name for each in reversed(facets(site.ontology)) if each.role}
    where = [named[each] for each in _WHERE if each in named]
    chosen = Selection(kinds=events(site))
    with Happenings.open(site.graph.release.happenings) as tables:
        kinds = tables.facets(Selection(), [KIND], _MOST)[KIND]
        years = tables.per_year(chosen)
        found = tables.facets(chosen, where, _PLACES)
    empty = Counts((), 0)
    wide, *near = [found[each] for each in where] or [empty]
    total = site.graph.release.manifest.counts.classes
    parts = {each.value.iri: each.times for each in kinds.values}
    return Holdings(
        counts={**total, **{iri: times for iri, times in parts.items() if iri in total}},
        wholes={iri: total[iri] - n for iri, n in parts.items() if total.get(iri, 0) > n},
        years=years,
        places=wide if wide.number >= _PLACES or not near else near[0],
    )
