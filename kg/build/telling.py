"""Changes in words: a line for each, with what was and what is."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from rdflib.namespace import RDF

from kg.model.iris import Minter
from kg.model.namespaces import OA
from kg.store.changes import Change, What
from kg.store.history import History
from kg.store.release import Release

_LINE = re.compile(r"<([^>]*)> <([^>]*)> (.*) <[^>]*> \.\Z")
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SUBJECT, _PREDICATE, _OBJECT = (str(RDF[each]) for each in ("subject", "predicate", "object"))
# What holds evidence together, and tells nothing.
_FRAME = {str(each) for each in (RDF.type, OA.hasSelector, OA.hasSource)}
_PLURALS: dict[What, str] = {"entity": "entities"}
_TOLD = {"dropped": "no longer accepted", "resolved": "no longer contested"}


def tell(found: Iterable[Change], one: Release, other: Release, most: int | None) -> Iterator[str]:
    """Lines on all that changed, by what it is and by source; `most` bounds how many of each."""
    words = _Words(Minter(other.manifest.base))
    counts = defaultdict[What, Counter[tuple[str, str]]](Counter)
    shown = defaultdict[What, list[Change]](list)
    for each in found:
        counts[each.what][each.source, each.kind] += 1
        if most is None or len(shown[each.what]) < most:
            shown[each.what].append(each)
    yield f"{one.id} ({one.manifest.day}) → {other.id} ({other.manifest.day})"
    if not counts:
        yield "nothing changed"
    for what in sorted(counts):
        yield ""
        yield f"{_PLURALS.get(what, f'{what}s')}:"
        for source in sorted({source for source, _ in counts[what]}):
            by_kind = ((kind, n) for (of, kind), n in sorted(counts[what].items()) if of == source)
            told = ", ".join(f"{n:,} {_TOLD.get(kind, kind)}" for kind, n in by_kind)
            yield f"  {words.short(source) or 'no single source'}: {told}"
        for each in shown[what]:
            yield from (f"  {line}" for line in words.of(each))
        if left := counts[what].total() - len(shown[what]):
            yield f"  … and {left:,} more: --all shows them"


def as_json(found: Iterable[Change], one: Release, other: Release) -> Iterator[str]:
    """One document, with a change a line, as `changes.jsonl` has them."""
    ends = ({"id": each.id, "built": each.manifest.built} for each in (one, other))
    begun, ended = map(json.dumps, ends)
    yield f'{{"from": {begun}, "to": {ended}, "changes": ['
    before = ""
    for each in found:
        if before:
            yield f"{before},"
        before = each.line()
    yield f"{before}]}}"


def since(release: Release, most: int) -> Iterator[str]:
    """What a release changed, and what it withdraws, which citations may name."""
    with History.open(release) as history:
        if len(history.releases) < 2:
            return
        told = _summary(history.counts()) or "nothing changed"
        gone = [
            each
            for what in ("claim", "document", "entity")
            for each in history.changes(kind="withdrawn", what=what, size=most)
        ]
        total = sum(
            each.times
            for each in history.counts()
            if each.kind == "withdrawn" and each.what in {"claim", "document", "entity"}
        )
        yield f"Since release {history.releases[-2].id}: {told}"
    words = _Words(Minter(release.manifest.base))
    yield from (line for each in gone for line in words.of(each))
    if total > len(gone):
        yield f"… and {total - len(gone):,} more are withdrawn; 'kg diff --all' shows all"


def _summary(counts: Iterable[tuple[str, What, str, int]]) -> str:
    """`2 claims added, 1 claim withdrawn`."""
    total = Counter[tuple[What, str]]()
    for kind, what, _, times in counts:
        total[what, kind] += times
    return ", ".join(
        f"{n:,} {what if n == 1 else _PLURALS.get(what, f'{what}s')} {_TOLD.get(kind, kind)}"
        for (what, kind), n in sorted(total.items())
    )


class _Words:
    """Tells terms without what they have in common."""

    def __init__(self, minter: Minter) -> None:
        self._start = minter.entity("")

    def of(self, change: Change) -> Iterator[str]:
        """A line on what changed, and one for each property that says otherwise."""
        name = self.short(change.iri)
        if change.what == "fact":
            said = f"{name} {self.short(change.property)} {self.term(change.value)}"
            yield f"{_TOLD.get(change.kind, change.kind)}: {said}"
            return
        if change.what == "disagreement":
            about = f"{self.short(change.about)} {self.short(change.property)}"
            by = ", by " + ", ".join(map(self.short, change.by)) if change.by else ""
            yield f"{_TOLD.get(change.kind, change.kind)}: {about}{by}"
            return
        now = f", now {self.short(change.successor)}" if change.successor else ""
        yield f"{change.kind}: {name}{now}{f': {change.reason}' if change.reason else ''}"
        before, after = ([*map(_LINE.match, lines)] for lines in (change.before, change.after))
        if change.kind != "changed":
            told = self._gist(change.iri, before if change.kind == "withdrawn" else after)
            if told:
                yield f"    {told}"
            return
        for sign, lines in (("-", before), ("+", after)):
            for each in filter(None, lines):
                if each[1] != change.iri and each[2] in _FRAME:
                    continue
                yield f"    {sign} {self.short(each[2])} {self.term(each[3])}"

    def _gist(self, iri: str, lines: Iterable[re.Match[str] | None]) -> str:
        """What a claim says, or what a thing is called."""
        own = {each[2]: each[3] for each in lines if each and each[1] == iri}
        if _SUBJECT in own:
            return " ".join(
                self.term(own.get(each, "")) for each in (_SUBJECT, _PREDICATE, _OBJECT)
            )
        named = (each for name, each in own.items() if name.endswith(("label", "title")))
        return self.term(next(named, ""))

    def short(self, iri: str) -> str:
        """`claim/example/2` of this publication; of other terms the last part."""
        own = iri.removeprefix(self._start)
        return own if own != iri else re.split("[#/]", iri)[-1]

    def term(self, text: str) -> str:
        """A term of N-Triples, for a reader."""
        if literal := _WORDS.match(text):
            return f"“{json.loads(literal[0])}”"
        return self.short(text[1:-1])
