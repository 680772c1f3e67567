"""A text cut at the edges of its claims' passages, which may overlap."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from web.claims.shown import Shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. `within` are the claims whose passage covers it, the shortest first;
    `starting` those whose passage starts here.
    """

    text: str
    within: tuple[Shown, ...]
    starting: tuple[Shown, ...]


def pieces(text: str, claims: Sequence[Shown]) -> tuple[Piece, ...]:
    """`text` as pieces. Offsets are code points, half-open (Web Annotation Data Model §4.2.5)."""
    spans = [
        (start, end, each)
        for each in claims
        for passage in each.claim.passages
        if (start := passage.start) is not None
        and (end := passage.end) is not None
        and 0 <= start < end <= len(text)
    ]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return tuple(
        Piece(
            text[first:last],
            tuple(
                each
                for _, each in sorted(
                    ((end - start, each) for start, end, each in spans if start <= first < end),
                    key=lambda pair: pair[0],
                )
            ),
            tuple(each for start, _, each in spans if start == first),
        )
        for first, last in itertools.pairwise(edges)
    )
