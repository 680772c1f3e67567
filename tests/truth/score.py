"""The labels against the graph: a figure for each sample, and every case that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.truth.draw import NAMED, folded, journeys

Ask = Callable[[str], list[tuple[str, ...]]]
OnDate = Callable[[str, str], Set[str]]  # the appointments of a list of POCOM on a day
LABELS = Path(__file__).with_name("labels")
PEOPLE = """SELECT ?row ?who ?name WHERE {
  ?event dip:participant|dip:traveller ?person ; prov:wasDerivedFrom ?record .
  FILTER NOT EXISTS { ?event a dip:Participation }
  FILTER NOT EXISTS { ?event dip:traveller ?person FILTER(CONTAINS(STR(?record), "/travels/")) }
  ?person a dip:Person ; rdfs:label|skos:altLabel ?name .
  BIND(STRAFTER(STR(?record), "/record/") AS ?row) BIND(STR(?person) AS ?who) }"""
HELD = """SELECT ?row ?column ?start ?end ?holder ?post WHERE {
  ?evidence clm:names ?person ; dip:asPost ?office ; oa:hasSource ?record ;
            oa:hasSelector ?field, ?position .
  ?field a clm:FieldSelector ; rdf:value ?column . ?position oa:start ?start ; oa:end ?end .
  ?person rdfs:label|skos:altLabel ?holder . ?office rdfs:label|skos:altLabel ?post .
  BIND(STRAFTER(STR(?record), "/record/") AS ?row) }"""


@dataclass(frozen=True)
class Score:
    """A share of a sample, and the cases that are wrong, each in a line."""

    name: str
    right: int
    of: int
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        cases = "".join(f"\n  {each}" for each in self.wrong)
        return f"{self.name}: {self.right} of {self.of} ({self.share:.3f}){cases}"


def scores(ask: Ask, on_date: OnDate) -> Iterator[Score]:
    """All figures."""
    yield from persons(ask, labels("persons"))
    yield tenures(ask, labels("tenures"))
    yield from participants(ask, labels("participants")["participants"])
    yield posts(on_date, labels("posts"))
    yield from gaps(ask, labels("gaps"))


def labels(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((LABELS / f"{name}.yaml").read_text("utf-8"))
    return found


def persons(ask: Ask, labelled: Mapping[str, str | None]) -> Iterator[Score]:
    """Persons that are one IRI and not several; and IRIs that are one person and not several.

    The label of a mention says who is meant, in words of ours; null where nobody can tell.
    """
    graph = {" ".join(each[:4]): each[5] for each in ask(NAMED)}
    iris: dict[str, set[str]] = defaultdict(set)
    meant: dict[str, set[str]] = defaultdict(set)
    for at, who in labelled.items():
        if who is not None and at in graph:
            iris[who].add(graph[at])
            meant[graph[at]].add(who)
    yield _score("persons without a surplus IRI", iris)
    yield _score("IRIs that are one person", meant)


def _score(name: str, found: Mapping[str, set[str]]) -> Score:
    wrong = tuple(f"{one}: {', '.join(sorted(of))}" for one, of in found.items() if len(of) > 1)
    return Score(name, sum(map(len, found.values())) - _surplus(found), len(found), wrong)


def _surplus(found: Mapping[str, set[str]]) -> int:
    return sum(2 * (len(each) - 1) for each in found.values())


def tenures(ask: Ask, labelled: Mapping[str, Mapping[str, str]]) -> Score:
    """Mentions that attest a tenure, whose holder and post are those that the row names."""
    names: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for *place, holder, post in ask(HELD):
        names[" ".join(place)][0].append(holder)
        names[" ".join(place)][1].append(post)
    wrong = []
    for at, said in labelled.items():
        holders, held = names[at]
        if not (called(said["holder"], holders) and same(said["post"], held)):
            wrong.append(f"{at}: {said} but {holders[:1]} {held[:1]}")
    return Score("attested tenures", len(labelled) - len(wrong), len(labelled), tuple(wrong))


def participants(ask: Ask, labelled: Mapping[str, list[str]]) -> Iterator[Score]:
    """Precision and recall of who took part."""
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, who, name in ask(PEOPLE):
        names[row][who].append(name)
    right, surplus, missed = 0, [], []
    for row, said in labelled.items():
        left = list(said)
        for who, known in names.get(row, {}).items():
            match = next((each for each in left if called(each, known)), None)
            if match is None:
                surplus.append(f"{row}: {who}")
            else:
                right += 1
                left.remove(match)
        missed += [f"{row}: {each}" for each in left]
    yield Score("participants, precision", right, right + len(surplus), tuple(surplus))
    yield Score("participants, recall", right, right + len(missed), tuple(missed))


def posts(on_date: OnDate, labelled: Mapping[str, Sequence[str] | None]) -> Score:
    """Pairs of post and date whose holders are those whom the rows name; null: they do not tell."""
    told = {at: set(said) for at, said in labelled.items() if said is not None}
    found = {at: on_date(*at.split(" ")) for at in told}
    wrong = tuple(f"{at}: {told[at]} but {found[at]}" for at in told if told[at] != found[at])
    return Score("posts on a date", len(told) - len(wrong), len(told), wrong)


def gaps(ask: Ask, labelled: Mapping[str, bool | None]) -> Iterator[Score]:
    """Gaps joined that are within one journey; and gaps within one journey that are joined."""
    journey = journeys(ask)
    joined = {}
    for at in labelled:
        one, other = at.split(" ")
        joined[at] = journey.get(one) is not None and journey.get(one) == journey.get(other)
    both = sum(joined[at] and one is True for at, one in labelled.items())
    wrong = tuple(at for at, one in labelled.items() if joined[at] and one is False)
    apart = tuple(at for at, one in labelled.items() if one and not joined[at])
    yield Score("gaps joined, precision", both, both + len(wrong), wrong)
    yield Score("gaps joined, recall", both, both + len(apart), apart)


def called(label: str, names: list[str]) -> bool:
    """Whether somebody so named is meant: `|` parts spellings; initials and titles do not count."""
    for each in label.split("|"):
        words = set(folded(each))
        if any(words <= (own := set(folded(name))) or own <= words for name in names):
            return True
    return False


def same(label: str, names: list[str]) -> bool:
    """Whether a post is the one labelled, by the words of its name."""
    known = [set(folded(name)) for name in names]
    return any(set(folded(each)) in known for each in label.split("|"))
