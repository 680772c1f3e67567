"""What a person decides of people outranks the rules, and is shown as theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.model.errors import DataError
from kg.model.settings import Settings
from kg.store.release import Release

from .conftest import Ask

BASE = "http://localhost:8000/id/"
WHY = "  reason: A letter says so.\n  author: A. Historian\n  date: 2026-11-30\n"
PEOPLE = "SELECT ?who { ?visit dip:participant ?who . ?who a dip:Person } ORDER BY ?who"


@pytest.fixture
def deciding(
    small_project: Path, asking: Callable[[Release, Settings], Ask]
) -> Callable[[str], Ask]:
    """Builds the small project with decisions, and asks it."""

    def build(decisions: str) -> Ask:
        (small_project / "seeds" / "decisions.yaml").write_text(decisions)
        settings = Settings.load(small_project)
        return asking(pipeline.build(settings), settings)

    return build


def test_two_who_are_one_lead_to_one(deciding: Callable[[str], Ask]) -> None:
    """The first stays, the second is one with it, and its address leads on."""
    before = deciding("[]\n")(PEOPLE)
    one, other = (who.removeprefix(BASE) for (who,) in sorted(set(before))[:2])
    ask = deciding(f"- merge: [{one}, {other}]\n{WHY}")
    assert (BASE + other,) not in ask(PEOPLE)
    assert len(ask(PEOPLE)) == len(before)
    assert ask(f"SELECT ?to {{ <{BASE}{other}> dcterms:isReplacedBy ?to }}") == [(BASE + one,)]
    assert ask(f"SELECT ?why {{ <{BASE}decision/merge/{one}> dcterms:description ?why }}") == [
        ("A letter says so.",)
    ]


def test_words_that_name_somebody_else(deciding: Callable[[str], Ask]) -> None:
    """Whom the words name is as decided: nobody took part whom they do not name."""
    find = (
        "SELECT ?who ?words ?record { ?passage clm:names ?who ; oa:hasSource ?record ; "
        "oa:hasSelector/oa:exact ?words } ORDER BY ?record ?words"
    )
    who, words, record = next(row for row in deciding("[]\n")(find) if "/travels/" in row[2])
    mention = f"{{record: {record.removeprefix(BASE)}, words: {words}}}"
    ask = deciding(f"- mention: {mention}\n{WHY}")
    assert (who, words, record) not in ask(find)
    passage = f'?passage oa:hasSource <{record}> ; oa:hasSelector/oa:exact "{words}"'
    assert ask(f"SELECT ?author {{ {passage} ; prov:wasDerivedFrom/schema:author ?author }}") == [
        ("A. Historian",)
    ]
    assert ask(f"SELECT ?sure {{ {passage} ; clm:confidence ?sure }}") == []


def test_a_row_that_decides_nothing_is_refused(deciding: Callable[[str], Ask]) -> None:
    """A merge of one thing is none."""
    with pytest.raises(DataError, match="two references or more"):
        deciding(f"- merge: [person/andrei-gromyko]\n{WHY}")
