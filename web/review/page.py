"""What is not sure, as `review.jsonl` of the release lists it: by kind, one page at a time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from werkzeug.exceptions import BadRequest

from web.site import Site
from web.site.names import Thing
from web.site.paging import Paging

SIZE = 50
PATH = "/review"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is unsure, with how many there are; leads to those alone, or back to all."""

    name: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is not sure."""

    kind: str
    about: Thing
    found: str
    would_settle: str
    candidates: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What `review/page.html` reads. `previous` and `next` are addresses, empty at the ends."""

    kinds: tuple[Kind, ...]
    count: int
    listed: tuple[Open, ...]
    previous: str
    next: str


def review_page(site: Site, kind: str, paging: Paging) -> ReviewPage:
    """One page of what is unsure; of one `kind`, if not empty.

    Raises:
        BadRequest: the release has nothing of that kind.
    """
    path, links = site.graph.release.review, site.links()
    kinds = Counter(_kind(line) for line in _lines(path))
    if kind and kind not in kinds:
        raise BadRequest(f"kind: found {kind[:80]!r}; allowed: {', '.join(kinds) or 'none'}")
    wanted = (line for line in _lines(path) if kind in ("", _kind(line)))
    lines = list(islice(wanted, paging.offset, paging.offset + SIZE))
    found = [json.loads(line) for line in lines]
    names = site.names({iri for each in found for iri in (each["about"], *each["candidates"])})

    def at(kind: str, number: int = 1) -> str:
        given: dict[str, str | int] = {"kind": kind} if kind else {}
        return links.at(PATH, **given, **({"page": number} if number > 1 else {}))

    def shown(each: dict[str, Any]) -> Open:
        things = {
            "about": names.thing(each["about"]),
            "candidates": tuple(map(names.thing, each["candidates"])),
        }
        return Open(**{**each, **things})

    count = kinds[kind] if kind else kinds.total()
    previous, following = paging.around(
        lambda number: at(kind, number), more=count > paging.offset + SIZE
    )
    return ReviewPage(
        kinds=tuple(
            Kind(name, number, name == kind, at("" if name == kind else name))
            for name, number in sorted(kinds.items())
        ),
        count=count,
        listed=tuple(map(shown, found)),
        previous=previous,
        next=following,
    )


def document(page: ReviewPage) -> dict[str, object]:
    """The page as JSON."""
    return {
        "review": [
            {
                "kind": each.kind,
                "about": _named(each.about),
                "found": each.found,
                "would_settle": each.would_settle,
                "candidates": [_named(one) for one in each.candidates],
            }
            for each in page.listed
        ],
        "kinds": {each.name: each.count for each in page.kinds},
        "next": page.next or None,
    }


def _named(thing: Thing) -> dict[str, str]:
    return {"iri": thing.iri, "label": thing.label}


def _lines(path: Path) -> Iterator[str]:
    """The lines of the list; none where an earlier version made the release."""
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from lines


def _kind(line: str) -> str:
    """The kind, with which a line begins: a page parses the lines that it shows alone."""
    kind, _ = json.JSONDecoder().raw_decode(line, len('{"kind": '))
    return str(kind)
