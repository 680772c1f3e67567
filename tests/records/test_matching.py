"""Rows are proposed for the events of documents, and taken only where nothing speaks against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kg.model.facts import Claim, Date, Ref, Statement, Value
from kg.model.resources import resource
from kg.model.sources import Known
from kg.ontology import Ontology
from kg.registers.us_state.matching import Stay, propose
from kg.registers.us_state.survey import take_survey
from kg.sheets.read import load_sheets
from tests.conftest import ROOT

from .conftest import NAMES

VISIT = Ref("visit/kerry-russia")
KERRY = Ref("person/john-kerry")
DOCUMENT = Ref("document/article")


def around(place: Ref) -> Sequence[Ref]:
    return [Ref(f"place/{place.slug.partition('/')[0]}")] if "/" in place.slug else []


def claims(**values: Value) -> list[Claim]:
    told = {"traveller": KERRY, **values}
    return [
        Claim(source=DOCUMENT, id=name, statement=Statement(VISIT, name, value))
        for name, value in told.items()
    ]


def stay(number: int, start: str, end: str, place: str, who: str = KERRY) -> Stay:
    return Stay(
        Ref(f"record/travels/{number}"),
        (Ref(who),),
        Date(start),
        Date(end),
        (Ref(f"place/{place}"),),
    )


SOCHI = stay(3568, "2015-05-12", "2015-05-12", "russia/sochi")
MOSCOW = stay(3614, "2015-12-15", "2015-12-15", "russia/moscow")


def proposed(told: list[Claim], *stays: Stay, published: str = "") -> list[tuple[str, float, bool]]:
    dates = {DOCUMENT: Date(published)} if published else {}
    found = propose(told, dates, stays, around)
    return [(each.record.slug.rpartition("/")[2], each.score, each.taken) for each in found]


@pytest.mark.parametrize(
    ("date", "place", "score", "taken"),
    [
        ("2015-05-12", "place/russia/sochi", 1.0, True),
        ("2015-05", "place/russia/sochi", 0.8, True),
        ("2015-05", "place/russia", 0.8, True),
        ("2015", "place/russia/sochi", 0.5, False),
        ("2015-05-12", "place/russia/moscow", 0.6, False),
        ("2015-05-12", None, 0.7, False),
    ],
)
def test_scores(date: str, place: str | None, score: float, taken: bool) -> None:
    """A day and a place are sure, a month is enough; a year or another city is for review."""
    told = claims(start=Date(date), **({"place": Ref(place)} if place else {}))
    assert proposed(told, SOCHI) == [("3568", score, taken)]


@pytest.mark.parametrize(
    "other",
    [
        stay(1, "2015-05-12", "2015-05-12", "russia/sochi", "person/hillary-clinton"),
        stay(2, "2015-05-13", "2015-05-14", "russia/sochi"),
        stay(3, "2015-05-12", "2015-05-12", "turkey/antalya"),
    ],
    ids=["traveller", "time", "country"],
)
def test_another_traveller_time_or_country_is_no_proposal(other: Stay) -> None:
    """All three must agree."""
    assert proposed(claims(start=Date("2015-05-12"), place=Ref("place/russia/sochi")), other) == []


def test_rivals_are_left_to_a_person() -> None:
    """Two stays of one month in one country: neither is taken."""
    told = claims(start=Date("2015-05"), place=Ref("place/russia"))
    second = stay(9, "2015-05-20", "2015-05-21", "russia/moscow")
    assert proposed(told, SOCHI, second) == [("3568", 0.8, False), ("9", 0.8, False)]


def test_the_date_of_publication_is_weak_evidence() -> None:
    """A document of 2015 without a date proposes the stays of 2015, and takes none."""
    told = claims(place=Ref("place/russia/sochi"))
    assert proposed(told, SOCHI, MOSCOW, published="2015") == [("3568", 0.3, False)]


def test_a_denial_proposes_nothing() -> None:
    """That Kerry did not go is no reason to look for his visit."""
    told = [replace(claim, polarity=False) for claim in claims(start=Date("2015-05-12"))]
    assert proposed(told, SOCHI) == []


@pytest.fixture(scope="module")
def known(shared: Path) -> Known:
    """What the sheets know but for which row records which event."""
    sheets = load_sheets(ROOT / "seeds", Ontology.load(resource("ontology"))).known
    ids = {key: ref for key, ref in sheets.ids.items() if key[0] not in {"travels", "visits"}}
    paths = {name: shared / "data" / "hsg" / name for name in NAMES}
    corrections = ROOT / "seeds" / "records" / "corrections.yaml"
    return replace(sheets, ids=ids, about={}, rows={}, paths=paths, corrections=corrections)


def test_without_a_date_the_rule_only_proposes(known: Known) -> None:
    """Neither document dates the visits: the right rows lead the list, and none is taken."""
    survey = take_survey(known)
    best: dict[str, str] = {}
    for each in survey.reviews:
        best.setdefault(each.about, each.found)
    told = "record/travels/{} (0.30): may record the event."
    assert best["visit/kerry-russia-2015-05"] == told.format(3568)
    assert best["visit/kerry-turkey-2015-05"] == told.format(3569)
    assert survey.about == {}


def test_with_its_date_the_rule_takes_the_row(known: Known) -> None:
    """Were the day claimed, row 3568 would be taken, and the release would say so."""
    visit = Ref("visit/kerry-russia-2015-05")
    dated = Claim(
        source=DOCUMENT, id="date", statement=Statement(visit, "onDate", Date("2015-05-12"))
    )
    survey = take_survey(replace(known, claims=[*known.claims, dated]))
    assert survey.about == {Ref("record/travels/3568"): visit}
    (taken,) = (each for each in survey.reviews if "taken" in each.found)
    assert (taken.about, taken.candidates) == (visit, (Ref("record/travels/3568"),))


def test_a_match_line_decides(known: Known) -> None:
    """A sheet that names another row, or none, has the last word."""
    visit, row = Ref("visit/kerry-russia-2015-05"), Ref("record/travels/3614")
    assert take_survey(replace(known, matches={visit: (row,)})).about[row] == visit
    assert visit not in take_survey(replace(known, matches={visit: ()})).about.values()
