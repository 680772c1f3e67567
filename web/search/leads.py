"""Where a search leads on to: what two have in common, a period, what some facets choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app

from kg.ontology.facets import Facet, explorers, facets
from kg.ontology.nouns import several
from kg.store.happenings import Happenings
from kg.store.search import Found, Named, SearchIndex
from kg.store.selection import Selection
from web.search.periods import period
from web.site import Site
from web.site.period import Period

_AGENTS = ("Actor", "Partner", "Recipient", "Principal")  # roles of whoever can have met another
_OFFICES = ("Office",)
# By which roles a name is tried: a state is visited rather than represented.
_TRIED = ("Actor", "Office", "Recipient", "Location", "Partner")
_HAPPENINGS = ("Occurrence",)
Chosen = tuple[str, str, str]  # name of a facet, ref and label of its value


@dataclass(frozen=True, slots=True)
class Lead:
    """A page that answers more than a hit does. `count` is how much it lists, 0 where unknown."""

    label: str
    href: str
    count: int = 0


def leads(here: Site, index: SearchIndex, query: str, found: Found) -> tuple[Lead, ...]:
    """The pages that `query` asks for, the nearest first; none, where it is a thing's name."""
    when, words = period(query)
    if not when and _is_a_name(here, found):
        return ()
    names = index.names(words)
    with Happenings.open(here.graph.release.happenings) as tables:
        own = sorted(facets(here.ontology), key=_rank)
        chosen = list(_chosen(here, tables, own, names))
        together = _together(here, own, chosen) if not when else ()
        return (*together, *_explored(here, tables, chosen, names, when))


def _is_a_name(here: Site, found: Found) -> bool:
    """Whether the first hit is a thing that is called so, and nothing that happened."""
    apart = {each.segment for each in here.ontology.kinds(*_HAPPENINGS)} | {"claim", "record"}
    return bool(found.hits) and not found.corrected and found.hits[0].kind not in apart


def _chosen(
    here: Site, tables: Happenings, own: Sequence[Facet], names: Sequence[Named]
) -> Iterator[Chosen]:
    """A value of a facet for each name that one has; a word may be the beginning of an office."""
    taken: set[str] = set()
    for each in names:
        for facet in own:
            if facet.name in taken or not (each.whole or facet.role in _OFFICES):
                continue
            refs = [hit.iri.removeprefix(here.minter.entity("")) for hit in each.things]
            known = tables.known(facet.name, refs)
            ref = next((ref for ref in refs if ref in known), "")
            if ref:
                taken.add(facet.name)
                yield facet.name, ref, known[ref].label
                break


def _rank(facet: Facet) -> int:
    return _TRIED.index(facet.role) if facet.role in _TRIED else len(_TRIED)


def _together(here: Site, own: Sequence[Facet], chosen: Sequence[Chosen]) -> Iterator[Lead]:
    agents = {each.name for each in own if each.role in _AGENTS}
    rules = current_app.url_map.iter_rules()
    if (
        len(chosen) == 2
        and all(name in agents for name, _, _ in chosen)
        and any(rule.rule.startswith("/between/") for rule in rules)
    ):
        (_, one, first), (_, other, second) = chosen
        yield Lead(f"{first} and {second}", here.links().at(f"/between/{one}/{other}"))


def _explored(
    here: Site, tables: Happenings, chosen: Sequence[Chosen], names: Sequence[Named], when: str
) -> Iterator[Lead]:
    """Each explorer that has something of this choice; a period alone is one, a name alone none."""
    if len(chosen) + bool(when) < 2 and (names or not when):
        return
    bounds = Period(when).bounds
    values = {name: ref for name, ref, _ in chosen}
    for path, classes in explorers(here.ontology).items():
        below = {each for top in classes for each in here.ontology.subclasses(top.name)}
        kinds = tuple(sorted(each.segment for each in below if each.segment))
        picked = tuple((name, (ref,)) for name, ref in values.items())
        count = tables.total(Selection(kinds, picked, *bounds))
        if count:
            title = " and ".join(several(each) for each in classes).capitalize()
            told = [label for _, _, label in chosen] + ([Period(when).label] if when else [])
            address = here.links().at(f"/{path}", **values, **({"period": when} if when else {}))
            yield Lead(f"{title}: {', '.join(told)}", address, count)
