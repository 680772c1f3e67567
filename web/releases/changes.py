"""What a release changed: how much of what, and each change in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.iris import is_iri
from kg.model.rdf import Iri
from kg.store.changes import Change, Kind, What, said
from kg.store.history import History
from kg.store.solutions import parse
from web.site import Site
from web.site.history import Difference, called, differences, iris_of
from web.site.names import Called, Names, Thing
from web.site.paging import Paging
from web.site.values import Words, words

SIZE = 50
_WHATS: Mapping[What, str] = {
    "claim": "Claims",
    "fact": "What is taken as so",
    "disagreement": "Disagreements",
    "document": "Documents",
    "record": "Rows of registers",
    "entity": "Things",
    "term": "Terms",
}
_KINDS: Mapping[Kind, str] = {
    "added": "added",
    "changed": "corrected",
    "withdrawn": "withdrawn",
    "accepted": "taken as so now",
    "dropped": "taken as so no more",
    "contested": "contested now",
    "settled": "settled",
    "resolved": "resolved",
}
_STYLES = {
    "added": "accepted", "accepted": "accepted", "settled": "accepted", "resolved": "accepted",
    "withdrawn": "denied", "dropped": "denied", "contested": "disputed", "changed": "planned",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Of which changes a reader wants to know; what is empty is left open."""

    kind: str = ""
    what: str = ""
    source: Iri = ""

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The choice that the parameters make.

        Raises:
            BadRequest: one has a value that it cannot have.
        """
        for name, allowed in (("kind", _KINDS), ("what", _WHATS)):
            if (found := given.get(name, "")) and found not in allowed:
                raise BadRequest(f"{name}: found {found[:80]!r}; allowed: {', '.join(allowed)}")
        source = given.get("source", "")
        if source and not is_iri(source):
            raise BadRequest(f"source: found {source[:80]!r}; allowed: an IRI")
        return cls(given.get("kind", ""), given.get("what", ""), source)

    def of(self, history: History, release: str, *, start: int = 0, size: int) -> Sequence[Change]:
        """Those of a release."""
        kind, what, source = self.kind, self.what, self.source
        return history.changes(release, kind=kind, what=what, source=source, start=start, size=size)

    @property
    def given(self) -> dict[str, str]:
        chosen = {"kind": self.kind, "what": self.what, "source": self.source}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Told:
    """One change. `word` says what became of `thing`; a fact has the `name` of its property and its
    `value`, what is settled `by` what.
    """

    change: Change
    thing: Thing
    name: Thing | None
    value: Thing | Words | None
    by: tuple[Thing, ...]
    differences: tuple[Difference, ...]

    @property
    def word(self) -> str:
        return _KINDS[self.change.kind]

    @property
    def style(self) -> str:
        return _STYLES[self.change.kind]

    def __html__(self) -> Markup:
        thing, name, value = (escape(each or "") for each in (self.thing, self.name, self.value))
        return Markup("{}: {} {}").format(thing, name, value) if self.name else thing

    @property
    def text(self) -> str:
        """The same without links."""
        value = getattr(self.value, "label", getattr(self.value, "text", ""))
        return f"{self.thing.label}: {self.name.label} {value}" if self.name else self.thing.label

    @property
    def summary(self) -> str:
        """What differs, and what settled it, in words."""
        told = [f"{each.name.label}: {each.text}" for each in self.differences]
        if self.by:
            told.append(f"by {', '.join(each.label for each in self.by)}")
        if self.change.reason:
            told.append(self.change.reason)
        return "; ".join(told)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes there are of one sort; `href` lists them, and `chosen` says that it does."""

    name: str
    count: int
    href: str
    chosen: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ChangesPart:
    """What a release changed, as far as it is chosen; `first` says that there was none before."""

    first: bool
    total: int
    kinds: tuple[tuple[str, tuple[Tally, ...]], ...]
    sources: tuple[Tally, ...]
    told: tuple[Told, ...]
    every: str
    previous: str
    next: str


def changes_part(
    site: Site, release: str, path: str, choice: Choice, paging: Paging
) -> ChangesPart | None:
    """What the release of that id changed; None where the history of this one has it not. `path`
    is the address of its page.
    """
    with History.open(site.graph.release) as history:
        chain = [each.id for each in history.releases]
        if release not in chain:
            return None
        counts = history.counts(release)
        found = choice.of(history, release, start=paging.offset, size=paging.size + 1)
    links = site.links()

    def at(**chosen: str | int) -> str:
        return links.at(path, **{name: value for name, value in chosen.items() if value})

    def tally(name: str, count: int, **chosen: str) -> Tally:
        return Tally(
            name, count, f"{at(**chosen)}#changes", chosen == choice.given, chosen.get("kind", "")
        )

    by: dict[What, dict[Kind, int]] = {}
    sources: dict[Iri, int] = {}
    for each in counts:
        of = by.setdefault(each.what, {})
        of[each.kind] = of.get(each.kind, 0) + each.times
        if each.source and each.what == "claim":
            sources[each.source] = sources.get(each.source, 0) + each.times
    named = site.names(sources)
    previous, following = paging.around(
        lambda page: f"{at(**choice.given, page=page)}#changes", more=len(found) > paging.size
    )
    return ChangesPart(
        first=release == chain[0],
        total=sum(each.times for each in counts),
        kinds=tuple(
            (name, tuple(
                tally(word, by[what][kind], kind=kind, what=what)
                for kind, word in _KINDS.items() if kind in by[what]
            ))
            for what, name in _WHATS.items() if what in by
        ),
        sources=tuple(
            tally(named.thing(iri).label, count, what="claim", source=iri)
            for iri, count in sorted(sources.items(), key=lambda each: (-each[1], each[0]))
        ),
        told=told(site, found[: paging.size]),
        every=at() + "#changes" if choice.given else "",
        previous=previous,
        next=following,
    )  # fmt: skip


def changed(part: ChangesPart) -> dict[str, object]:
    """The same for programs: how many of each sort; `changes.jsonl` has them all."""
    whats = {name: what for what, name in _WHATS.items()}
    return {
        whats[name]: {each.kind: each.count for each in tallies} for name, tallies in part.kinds
    }


def told(site: Site, changes: Sequence[Change]) -> tuple[Told, ...]:
    """The changes in words."""
    known: dict[Iri, Called] = {}
    for each in changes:
        known.update(called(each))
    names = site.names({iri for each in changes for iri in _iris(each)}, known)
    return tuple(_told(each, names) for each in changes)


def _told(change: Change, names: Names) -> Told:
    value = parse(change.value) if change.value else None
    corrected = change.kind == "changed" and change.what != "disagreement"
    return Told(
        change,
        names.thing(change.about or change.iri),
        names.thing(change.property) if change.property else None,
        (names.thing(value) if isinstance(value, str) else words(value)) if value else None,
        tuple(map(names.thing, change.by)),
        differences(said(change.before), said(change.after), names) if corrected else (),
    )


def _iris(change: Change) -> Iterator[Iri]:
    yield from filter(None, (change.iri, change.about, change.property, *change.by))
    yield from iris_of((*said(change.before), *said(change.after)))
    if change.value.startswith("<"):
        yield change.value[1:-1]
