"""Samples for labels: the seed decides, the graph only says which names and tenures there are."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.truth.raw import Row, Service, day, rows, services

Ask = Callable[[str], list[tuple[str, ...]]]
Sample = list[dict[str, Any]]
SEED = 2026
TITLE = 50  # a word that goes with so many persons is no name
NAMED = """SELECT ?row ?column ?start ?end ?words ?who WHERE {
  ?evidence clm:names ?person ; oa:hasSource ?record ; oa:hasSelector ?field, ?position, ?quote .
  ?person a dip:Person .
  ?field a clm:FieldSelector ; rdf:value ?column . ?quote oa:exact ?words .
  ?position oa:start ?start ; oa:end ?end .
  BIND(STRAFTER(STR(?record), "/record/") AS ?row) BIND(STR(?person) AS ?who) }
ORDER BY ?row ?column ?start"""
ATTESTED = """SELECT ?tenure ?row ?column ?start ?end ?words WHERE {
  ?tenure dip:attestedFirst ?first ; dip:holder ?person ; dip:post ?post .
  ?evidence clm:names ?person ; dip:asPost ?post ; oa:hasSource ?record ;
            oa:hasSelector ?field, ?position, ?quote .
  ?tenure prov:wasDerivedFrom ?record .
  ?field a clm:FieldSelector ; rdf:value ?column . ?quote oa:exact ?words .
  ?position oa:start ?start ; oa:end ?end .
  BIND(STRAFTER(STR(?record), "/record/") AS ?row) } ORDER BY ?tenure ?row ?start"""
JOINED = """SELECT ?row ?journey WHERE {
  ?stop a dip:Visit ; dip:partOf ?journey ; prov:wasDerivedFrom ?record .
  BIND(STRAFTER(STR(?record), "/record/") AS ?row) } ORDER BY ?row"""


def samples(ask: Ask, hsg: Path) -> Iterator[tuple[str, Sample]]:
    """Each sample by its name: what is to be labelled, and the raw rows to do so from."""
    by_ref = {row.ref: row for row in rows(hsg)}
    yield "persons", persons(ask, by_ref)
    yield "tenures", tenures(ask, by_ref)
    yield "participants", participants(by_ref)
    yield "posts", posts([*services(hsg)])
    yield "gaps", gaps(ask, by_ref)


def persons(ask: Ask, by_ref: Mapping[str, Row]) -> Sample:
    """200 persons of prose: a mention of each, and up to nine more that share a word with it."""
    luck = chance(0)
    mentions = ask(NAMED)
    by_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    by_person: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for each in mentions:
        by_person[each[5]].append(each)
        for word in set(folded(each[4])):
            by_word[word].append(each)
    sample = []
    for person in luck.sample(sorted(by_person), 200):
        first = luck.choice(by_person[person])
        names = [
            word for word in folded(first[4]) if len({who[5] for who in by_word[word]}) < TITLE
        ]
        like = {each for word in names for each in by_word[word]} - {first}
        others = luck.sample(sorted(like), min(9, len(like)))
        sample.append({"names": [_mention(each, by_ref) for each in (first, *sorted(others))]})
    return sample


def _mention(found: tuple[str, ...], by_ref: Mapping[str, Row]) -> dict[str, Any]:
    ref, column, start, end, words, _ = found
    return {"at": f"{ref} {column} {start} {end}", "words": words, "row": told(by_ref[ref])}


def tenures(ask: Ask, by_ref: Mapping[str, Row]) -> Sample:
    """100 tenures that prose attests, each by the mentions that attest it."""
    luck = chance(1)
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for tenure, *mention in ask(ATTESTED):
        found[tenure].append((*mention, ""))
    return [
        {"names": [_mention(each, by_ref) for each in found[tenure][:6]]}
        for tenure in luck.sample(sorted(found), 100)
    ]


def participants(by_ref: Mapping[str, Row]) -> Sample:
    """100 rows."""
    chosen = chance(2).sample(sorted(by_ref), 100)
    return [{"at": ref, "row": told(by_ref[ref])} for ref in chosen]


def posts(served: list[Service]) -> Sample:
    """90 pairs of a list of POCOM and a date, with the rows of the list about that time."""
    luck = chance(3)
    sample: Sample = []
    while len(sample) < 90:
        each = luck.choice(served)
        if (start := day(each.started)) is None or start.year > 2024:
            continue
        at = start + timedelta(luck.randint(-900, 2500))
        near = [
            list(other)
            for other in served
            if other.list == each.list
            and ((began := day(other.started)) is None or abs((began - at).days) < 25 * 365)
        ]
        sample.append({"at": f"{each.list} {at}", "rows": near})
    return sample


def gaps(ask: Ask, by_ref: Mapping[str, Row]) -> Sample:
    """60 gaps of one to three days that the graph has as one journey, and 30 that it has not."""
    luck = chance(4)
    journey = journeys(ask)
    stops = sorted(
        (row for row in by_ref.values() if row.who), key=lambda row: (row.who, row.start, row.end)
    )
    joined: list[tuple[Row, Row]] = []
    apart: list[tuple[Row, Row]] = []
    for one, other in pairwise(stops):
        left, came = day(one.end), day(other.start)
        if one.who != other.who or not left or not came or not 2 <= (came - left).days <= 4:
            continue
        same = journey.get(one.ref) is not None and journey.get(one.ref) == journey.get(other.ref)
        (joined if same else apart).append((one, other))
    chosen = [*luck.sample(joined, min(60, len(joined))), *luck.sample(apart, 30)]
    luck.shuffle(chosen)
    return [
        {"at": f"{one.ref} {other.ref}", "rows": [told(one), told(other)]} for one, other in chosen
    ]


def journeys(ask: Ask) -> dict[str, str]:
    """The journey that each row of a stop belongs to."""
    return {row: journey for row, journey in ask(JOINED)}  # noqa: C416 - rows are of any length


def chance(number: int) -> random.Random:
    """The luck by which sample `number` is drawn."""
    return random.Random(SEED + number)  # noqa: S311 - a sample, no secret


def told(row: Row) -> str:
    """The row in one line."""
    text = " | ".join(f"{name}: {value}" for name, value in row.text.items() if value)
    where = f"{row.country}{', ' if row.locale else ''}{row.locale}"
    return f"{row.ref} [{row.start}..{row.end}] {row.who} {where} | {text}"


def folded(words: str) -> list[str]:
    """Its words of more than three letters, without accents and case."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return [each for each in re.findall(r"[a-z]+", plain) if len(each) > 3] or plain.split()
