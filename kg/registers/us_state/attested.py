"""Times in a post that prose attests: from the first row that gives somebody the title to the last,
unless a row between them gives it to somebody else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg.model.facts import Date, Ref
from kg.model.iris import slugify

if TYPE_CHECKING:
    from kg.registers.us_state.findings import Part
    from kg.registers.us_state.hsg_rows import Row

Post = tuple[str, str]  # a nation and a title


class Served(NamedTuple):
    """A person's time in a post, as far as rows attest it; `records` are those, the first first,
    `closing` the one with the last day.
    """

    person: Ref
    post: Post
    first: Date
    last: Date
    records: tuple[Ref, ...]
    closing: Ref

    @property
    def ref(self) -> Ref:
        nation, title = self.post
        post = slugify(f"{nation} {title}")
        return Ref(f"tenure/{self.person.slug}/{post}/{self.first.iso[:4]}")


def served(rows: Iterable[Row], parts: Mapping[Ref, Sequence[Part]]) -> Iterator[Served]:
    """All times in a post that the rows attest."""
    held: dict[Post, list[tuple[str, Row, Ref]]] = defaultdict(list)
    for row in rows:
        for part in parts.get(row.ref, ()):
            if part.person and part.sure and part.role != "absent":
                for post in part.posts:
                    held[post].append((row.start.iso, row, part.person))
    for post in sorted(held):
        yield from _of_post(post, sorted(held[post], key=lambda each: (each[0], each[1].ref)))


def _of_post(post: Post, held: Sequence[tuple[str, Row, Ref]]) -> Iterator[Served]:
    days: dict[Ref, list[str]] = defaultdict(list)
    rows: dict[Ref, list[Row]] = defaultdict(list)
    for day, row, person in held:
        days[person].append(day)
        rows[person].append(row)
    for person, own in rows.items():
        others = sorted(day for other, each in days.items() if other != person for day in each)
        spell: list[Row] = []
        for row in own:
            if spell and _between(others, spell[-1].start.iso, row.start.iso):
                yield _spell(post, person, spell)
                spell = []
            spell.append(row)
        yield _spell(post, person, spell)


def _between(days: Sequence[str], first: str, last: str) -> bool:
    return bisect_right(days, first) < bisect_left(days, last)


def _spell(post: Post, person: Ref, rows: Sequence[Row]) -> Served:
    records = tuple(dict.fromkeys(row.ref for row in rows))
    closing = max(rows, key=lambda row: row.end)
    return Served(person, post, rows[0].start, closing.end, records, closing.ref)
