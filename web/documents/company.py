"""Which other sources say what a document says, and which say otherwise.

What it draws on, and what draws on it, is told apart from who agrees with it independently
(docs/judgement.md): a chronology is not confirmed by the register that it was made from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kg.model.rdf import Iri, Term
from web.site.asking import ask
from web.site.names import Names
from web.site.sources import Source, ends


@dataclass(frozen=True, slots=True)
class Also:
    """Who else speaks of what one claim states: who agrees, who differs, and who says the same
    without being independent. `drawn` says that the document has it from one of those.
    """

    agreeing: tuple[Source, ...]
    related: tuple[Source, ...]
    differing: tuple[Source, ...]
    drawn: bool

    @property
    def alone(self) -> bool:
        return not (self.agreeing or self.differing or self.drawn)


@dataclass(frozen=True, slots=True)
class Compared:
    """Another source, and on how many claims both say the same or do not. `related` says that one
    draws on the other, or both on a third; `href` leads to the two side by side.
    """

    source: Source
    same: int
    differing: int
    related: bool
    href: str


@dataclass(frozen=True, slots=True)
class Company:
    """Of each claim the others; of each other source the counts."""

    of: Mapping[Iri, Also]
    sources: tuple[Compared, ...]

    @property
    def agreeing(self) -> int:
        return sum(bool(each.agreeing) for each in self.of.values())

    @property
    def drawn(self) -> int:
        return sum(each.drawn and not each.agreeing for each in self.of.values())

    @property
    def differing(self) -> int:
        return sum(bool(each.differing) for each in self.of.values())

    @property
    def alone(self) -> int:
        return sum(each.alone for each in self.of.values())


def query(document: Iri, limit: int) -> str:
    return ask("web.documents", "company", document=document, limit=limit)


def company(
    document: Iri, claims: Sequence[Iri], found: Iterable[Mapping[str, Term]], names: Names
) -> Company:
    """From rows of `(claim, same)` and `(claim, rival)`."""
    said: dict[str, dict[Iri, set[Iri]]] = {"same": defaultdict(set), "rival": defaultdict(set)}
    for row in found:
        for name in said.keys() & row.keys():
            source = names.source(str(row[name]))
            said[name][str(row["claim"])].add(source.whole or source.iri)
    same, rivals, drawn = said["same"], said["rival"], set(names.source(document).origins)
    others = {
        iri: names.source(iri) for of in said.values() for each in of.values() for iri in each
    }
    own = ends(names.source(document), names.sources)
    related = {iri for iri in others if not own.isdisjoint(ends(others[iri], names.sources))}

    def shown(iris: Iterable[Iri]) -> tuple[Source, ...]:
        return tuple(others[each] for each in sorted(iris))

    counts = {name: Counter(chain.from_iterable(of.values())) for name, of in said.items()}
    compared = [
        Compared(each, counts["same"][iri], counts["rival"][iri], iri in related, "")
        for iri, each in others.items()
    ]
    return Company(
        of={
            each: Also(
                agreeing=shown(same[each] - related),
                related=shown(same[each] & related),
                differing=shown(rivals[each] - same[each]),
                drawn=not drawn.isdisjoint(same[each]),
            )
            for each in claims
        },
        sources=tuple(
            replace(each, href=_together(document, each.source.iri, names))
            for each in sorted(
                compared, key=lambda one: (-one.same, -one.differing, one.source.iri)
            )
        ),
    )


def _together(document: Iri, other: Iri, names: Names) -> str:
    """Two documents have a page together; a register has none."""
    prefix = f"{names.links.base}id/document/"
    if not other.startswith(prefix):
        return ""
    slugs = "/".join(sorted(each.removeprefix(prefix) for each in (document, other)))
    return names.links.at(f"/compare/{slugs}")
