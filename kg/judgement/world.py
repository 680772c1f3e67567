"""What the judge knows besides the claims: no RDF, no ontology, plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.model.decisions import Decision
from kg.model.facts import Claim, Quantity, Ref, Value

Slot = tuple[Ref, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the judge knows besides the claims.

    Of things: `within` gives what is around a place, `derived` the sources that a source draws on,
    `publishers` who publishes one, `events` the references whose status is to be told, each with
    whether a record records it, `decisions` what a person decided.

    Of properties, by name: `functional` have one value; `evaluating` say what a source thinks;
    `containing` lead from a part to what is around it; `reasons` say why; `converse` gives for one
    that says a reason backwards the one that says it forwards; `incompatible` gives those that a
    property excludes; `times` gives the role of one that says when; `status` tells what became of
    an event, empty where none does.
    """

    within: Mapping[Ref, Ref] = field(default_factory=dict)
    derived: Mapping[Ref, tuple[Ref, ...]] = field(default_factory=dict)
    publishers: Mapping[Ref, Ref] = field(default_factory=dict)
    events: Mapping[Ref, bool] = field(default_factory=dict)
    decisions: Mapping[Slot, Decision] = field(default_factory=dict)
    functional: Collection[str] = frozenset()
    evaluating: Collection[str] = frozenset()
    containing: Collection[str] = frozenset()
    reasons: Collection[str] = frozenset()
    converse: Mapping[str, str] = field(default_factory=dict)
    incompatible: Mapping[str, Collection[str]] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    status: str = ""

    def is_single(self, name: str, value: Value) -> bool:
        """Whether the property has one true value, of its kind: every quantity is such a value."""
        return name in self.functional or isinstance(value, Quantity)


@dataclass(frozen=True, slots=True)
class Containment:
    """Which thing lies within which: a place in a country, an event in a larger one."""

    around: Mapping[Ref, tuple[Ref, ...]]

    @classmethod
    def of(cls, claims: Iterable[Claim], world: World) -> Containment:
        """What the sheets describe, and what is claimed as a plain fact."""
        around: dict[Ref, tuple[Ref, ...]] = {
            part: (whole,) for part, whole in world.within.items()
        }
        for claim in claims:
            part, name, whole = claim.statement
            if name in world.containing and isinstance(whole, Ref) and is_plain(claim):
                around[part] = (*around.get(part, ()), whole)
        return cls(around)

    def above(self, value: Value) -> Iterator[Ref]:
        """All that a value lies within."""
        todo = list(self.around.get(value, ())) if isinstance(value, Ref) else []
        seen: set[Ref] = set()
        while todo:
            each = todo.pop()
            if each not in seen:
                seen.add(each)
                yield each
                todo += self.around.get(each, ())


def is_plain(claim: Claim) -> bool:
    """Whether a claim states a fact that its source vouches for and a person has read."""
    return claim.polarity and claim.modality == "Asserted" and claim.review == "Reviewed"
