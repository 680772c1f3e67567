"""How many independent sources stand behind a value (DESIGN §2).

What counts is where a source has it from: rows of one register are one source, so are registers,
or articles, of one publisher; a source that draws on another adds nothing to it; and whoever
quotes a speaker adds nothing to another who quotes the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.model.facts import Claim, Ref

_OWN_KNOWLEDGE = "Opinion"  # what a source only judges confirms no fact


@dataclass(frozen=True, slots=True)
class Sources:
    """Who draws on whom, and who publishes what."""

    derived: Mapping[Ref, tuple[Ref, ...]]
    publishers: Mapping[Ref, Ref]
    _known: dict[Ref, frozenset[Ref]] = field(default_factory=dict)

    def independent(self, claims: Iterable[Claim]) -> int:
        """The most of the claims' sources of which no two have anything in common.

        Those with the fewest origins are counted first, so that a compilation of many never stands
        in the way of two of them.
        """
        told = list(claims)
        firm = [each for each in told if each.modality != _OWN_KNOWLEDGE] or told
        counted: set[Ref] = set()
        number = 0
        for origins in sorted({self._of(each) for each in firm}, key=_fewest):
            if counted.isdisjoint(origins):
                counted |= origins
                number += 1
        return number

    def _of(self, claim: Claim) -> frozenset[Ref]:
        origins = self.origins(claim.source)
        return origins | set(claim.speakers) if claim.speakers else origins

    def origins(self, source: Ref) -> frozenset[Ref]:
        """The publishers of what a source goes back to, or that itself where none is known."""
        if source.type == "record":
            source = Ref("dataset/" + source.slug.partition("/")[0])
        if source not in self._known:
            self._known[source] = self._trace(source)
        return self._known[source]

    def _trace(self, source: Ref) -> frozenset[Ref]:
        seen: set[Ref] = set()
        ends: set[Ref] = set()
        todo = [source]
        while todo:
            each = todo.pop()
            if each in seen:
                continue
            seen.add(each)
            if above := self.derived.get(each):
                todo += above
            else:
                ends.add(self.publishers.get(each, each))
        return frozenset(ends or {min(seen)})  # that two draw on one another leaves no end


def _fewest(origins: frozenset[Ref]) -> tuple[int, list[Ref]]:
    return len(origins), sorted(origins)
