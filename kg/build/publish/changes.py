"""What a graph says otherwise than another, thing by thing and fact by fact."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TextIO, cast

from rdflib.namespace import DCTERMS, PROV, RDF, SKOS

from kg.build.lines.observe import whole_subjects
from kg.build.lines.sort import SortedRuns
from kg.build.publish.compare import Comparison, Lines, read_lines
from kg.model.iris import Minter
from kg.model.namespaces import CLM
from kg.model.rdf import Iri
from kg.store.changes import Change, Kind, What

_OWN: dict[str, What] = {
    "claim": "claim", "document": "document", "record": "record", "disagreement": "disagreement"
}  # fmt: skip
# What follows from the rest, or says what a thing is rather than what is so.
_NO_FACTS = (f"<{CLM}", f"<{PROV}", f"<{RDF.type}>")


def compare(before: Path, base: str, graph: Path, minter: Minter, folder: Path) -> Iterator[Change]:
    """What the sorted lines in `graph` say otherwise than those in `before`; each may be packed.

    Where those were published under another `base`, they are read as if it had been the same.
    `folder` holds what need not be remembered.
    """
    found = SortedRuns(folder, "changed")
    with _opened(before) as one, _opened(graph) as other:
        former = read_lines(one)
        if base != minter.base:
            moved = SortedRuns(folder, "moved")
            for block in former:
                moved.add(each[:-1].replace(f"<{base}", f"<{minter.base}") for each in block)
            former = whole_subjects(moved.merged())
        for block in Comparison(minter).of(former, read_lines(other)):
            found.add(block)
    told = (each[:-1] for block in found.merged() for each in block)
    for iri, lines in groupby(told, lambda each: each.partition("\t")[0]):
        yield from _changes(Thing.of(iri, (each.partition("\t")[2] for each in lines)), minter)


def _opened(path: Path) -> TextIO:
    opened = gzip.open if path.suffix == ".gz" else open
    return cast("TextIO", opened(path, "rt", encoding="utf-8", newline="\n"))


@dataclass
class Thing:
    """All that differs about one thing."""

    iri: Iri
    before: Lines = field(default_factory=list)
    after: Lines = field(default_factory=list)
    states: tuple[str, str] = ("live", "live")
    about: Iri = ""
    property: Iri = ""
    derived: tuple[Iri, Iri] = ("", "")
    sources: dict[str, Iri] = field(default_factory=dict)

    @classmethod
    def of(cls, iri: Iri, lines: Iterable[str]) -> Thing:
        """Read what a comparison told of it."""
        made = cls(iri)
        for line in lines:
            kind, words = line[0], line[1:]
            if kind == "-":
                made.before.append(words)
            elif kind == "+":
                made.after.append(words)
            elif kind == "~":
                said, graph = words.split("\t")
                made.sources[said] = graph
            else:
                was, now, *others = words.split("\t")
                made.states = was, now
                made.about, made.property, *derived = (each[1:-1] for each in others)
                made.derived = derived[0], derived[1]
        return made


def _changes(thing: Thing, minter: Minter) -> Iterator[Change]:
    what = _what(thing.iri, minter)
    if what == "disagreement":
        yield from _disagreement(thing)
        return
    if what == "claim":  # that others differ is no word of its own
        apart = f" <{minter.judgement}> ."
        thing.before, thing.after = (
            [each for each in lines if not each.endswith(apart)]
            for lines in (thing.before, thing.after)
        )
    was, now = (each in {"live", "settled"} for each in thing.states)
    kind: Kind = "changed" if was and now else "added" if now else "withdrawn"
    if thing.after or (thing.before and (was or now)):
        yield Change(
            kind,
            what,
            thing.iri,
            source=_source(thing, what, minter),
            before=tuple(thing.before),
            after=tuple(thing.after),
            successor=_value(thing.after, DCTERMS.isReplacedBy)[1:-1],
            reason=_words(_value(thing.after, SKOS.changeNote)),
        )
    yield from _facts(thing, minter)


def _what(iri: Iri, minter: Minter) -> What:
    start = minter.entity("")
    if not iri.startswith(start):
        return "term"
    return _OWN.get(iri.removeprefix(start).partition("/")[0], "entity")


def _source(thing: Thing, what: What, minter: Minter) -> Iri:
    """The document or data set that a thing comes from."""
    if what == "entity":
        return _stated_in(thing.derived[1] or thing.derived[0], minter)
    graphs = (each.rsplit(" ", 2)[1][1:-1] for each in (*thing.after, *thing.before))
    return next(filter(None, (_of_graph(each, minter) for each in graphs)), "")


def _of_graph(graph: Iri, minter: Minter) -> Iri:
    name = graph.removeprefix(minter.graph(""))
    dataset = name.removeprefix("records/")
    if dataset != name:
        return minter.entity(f"dataset/{dataset}")
    return minter.entity(name) if name.startswith("document/") else ""


def _stated_in(record: Iri, minter: Minter) -> Iri:
    """The data set of a record; else what a thing is derived from."""
    kind, _, slug = record.removeprefix(minter.entity("")).partition("/")
    return minter.entity(f"dataset/{slug.partition('/')[0]}") if kind == "record" else record


def _disagreement(thing: Thing) -> Iterator[Change]:
    was, now = thing.states
    kinds: dict[tuple[str, str], Kind] = {
        ("live", "settled"): "settled", ("", "settled"): "settled", ("", "live"): "contested",
        ("settled", "live"): "contested", ("live", ""): "resolved", ("settled", ""): "resolved",
    }  # fmt: skip
    yield Change(
        kinds.get((was, now), "changed"),
        "disagreement",
        thing.iri,
        about=thing.about,
        property=thing.property,
        by=tuple(_values(thing.after, CLM.settledBy)),
        before=tuple(thing.before),
        after=tuple(thing.after),
    )


def _facts(thing: Thing, minter: Minter) -> Iterator[Change]:
    """Which facts about it became accepted, and which are no longer."""
    accepted = f" <{minter.accepted}> ."
    sides: tuple[tuple[Kind, Lines], ...] = (("dropped", thing.before), ("accepted", thing.after))
    for (kind, lines), record in zip(sides, thing.derived, strict=True):
        for line in lines:
            said, own, _ = line.rpartition(accepted)
            _, _, said = said.partition(" ")
            if own and not said.startswith(_NO_FACTS):
                predicate, _, value = said.partition(" ")
                graph = thing.sources.get(said, "")
                yield Change(
                    kind,
                    "fact",
                    thing.iri,
                    source=_of_graph(graph, minter) if graph else _stated_in(record, minter),
                    property=predicate[1:-1],
                    value=value,
                )


def _values(lines: Lines, predicate: Iri) -> Iterator[str]:
    for line in lines:
        _, found, rest = line.partition(f" <{predicate}> ")
        if found:
            yield rest.rpartition(" <")[0][1:-1]


def _words(literal: str) -> str:
    """The words of a literal, which canonical N-Quads escapes as JSON does."""
    return str(json.loads(literal[: literal.rindex('"') + 1])) if literal else ""


def _value(lines: Lines, predicate: Iri) -> str:
    for line in lines:
        _, found, rest = line.partition(f" <{predicate}> ")
        if found:
            return rest.rpartition(" <")[0]
    return ""
