"""Where sources disagree: each contested slot with all of its values and who states them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from kg.model.rdf import Iri
from kg.store import rows
from web.claims import reading
from web.claims.reading import StatedClaim
from web.claims.slots import Slot, one_slot
from web.site import Site
from web.site.asking import ask
from web.site.names import Thing
from web.site.paging import Paging
from web.views.narrowing import Narrowing

SIZE = 20


@dataclass(frozen=True, slots=True)
class Contested:
    """A thing, and the slots of it that sources fill differently."""

    about: Thing
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """`SIZE` contested slots, in the order of what they are about. `more`: there are others."""

    contested: tuple[Contested, ...]
    count: int
    more: bool
    sparql: str


def disagreements(site: Site, chosen: Narrowing, paging: Paging) -> Disagreements:
    """The contested slots that fit `chosen`."""
    query = contested_query(site, chosen, paging)
    found = rows(site.graph, query)
    places = dict.fromkeys((str(row["event"]), str(row["property"])) for row in found)
    shown = list(places)[:SIZE]
    claims = [str(row["claim"]) for row in found]
    by_slot: dict[tuple[Iri, Iri], list[StatedClaim]] = defaultdict(list)
    for claim in reading.read(rows(site.graph, ask("web.claims", "these", claims=claims))):
        by_slot[claim.subject, claim.predicate].append(claim)
    names = site.names({iri for each in shown for claim in by_slot[each] for iri in claim.iris()})
    about: dict[Iri, list[Slot]] = defaultdict(list)
    for event, property_ in shown:
        about[event] += one_slot(event, property_, by_slot[event, property_], names)
    return Disagreements(
        contested=tuple(
            Contested(names.thing(event), tuple(made)) for event, made in about.items() if made
        ),
        count=len(shown),
        more=len(places) > SIZE,
        sparql=site.links().sparql(query),
    )


def contested_query(site: Site, chosen: Narrowing, paging: Paging) -> str:
    text = ask(__package__ or "", "contested", limit=SIZE + 1, offset=paging.offset)
    patterns = [*chosen.of_kind(site), *chosen.in_period(site)]
    if chosen.source:  # one that fills the slot, not just any that speaks of the thing
        patterns.append(ask(__package__ or "", "states_slot", source=chosen.source))
    return replace(chosen, source="").narrow(site, text, *patterns)
