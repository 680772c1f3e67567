"""A claim needs no offsets: its quote finds its passage in the text, however either is set."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from kg.sheets.quotes import find
from tests.conftest import Done, run_kg

TEXT = """The “framework” was signed — in
Geneva. “Nothing is signed,” the diplo\u00admat said; l’accord, signé à Gene-
va, re\u0301pond. It was signed again.
"""


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ('The "framework" was signed', "The “framework” was signed"),
        ("signed - in Geneva", "signed — in\nGeneva"),
        ("the diplomat said", "the diplo\u00admat said"),
        ("l'accord, signé à Geneva, répond", "l’accord, signé à Gene-\nva, re\u0301pond"),
        ("signed  again", "signed again"),
        ("framework was signed", None),
        ("SIGNED AGAIN", None),
    ],
)
def test_where_words_stand(quote: str, passage: str | None) -> None:
    """Quotation marks, dashes, soft hyphens, broken lines and composed letters are no difference;
    other words are.
    """
    assert [TEXT[slice(*each)] for each in find(quote, TEXT)] == ([passage] if passage else [])


def check(directory: Path, *, at_hand: bool = True, **claim: object) -> Done:
    """`kg check` of a sheet with one claim, whose text lies in the folder of the texts."""
    sheet = {
        "document": {
            "id": "d",
            "title": "D",
            "rights": "Restricted",
            "text": {"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "length": len(TEXT)},
        },
        "entities": {"agreement/a": {"label": "A"}, "place/geneva": {"label": "Geneva"}},
        "claims": [
            {"id": 1, "subject": "agreement/a", "property": "place", "object": "place/geneva"}
            | claim
        ],
    }
    (directory / "seeds").mkdir()
    (directory / "seeds/d.yaml").write_text(yaml.safe_dump(sheet), "utf-8")
    (directory / "texts").mkdir()
    if at_hand:
        (directory / "texts/d.txt").write_text(TEXT, "utf-8")
    (directory / "kg.toml").write_text('texts = "texts"\n')
    return run_kg("check", directory)


def quads(directory: Path) -> str:
    assert run_kg("build", directory).returncode == 0
    query = """SELECT ?claim ?start ?end ?exact { ?claim clm:evidence ?e .
        ?e oa:hasSelector ?at , ?words . ?at oa:start ?start ; oa:end ?end .
        ?words oa:exact ?exact } ORDER BY ?e"""
    done = run_kg("query", "-", "-d", directory, "--format", "csv", stdin=query)
    return done.stdout


def test_a_quote_finds_its_span(tmp_path: Path) -> None:
    """The release has the offsets, and the words as the text has them."""
    done = check(tmp_path, quote='The "framework" was signed')
    assert "1 claims proven against their texts" in done.stdout
    assert "d/1,0,26,The “framework” was signed" in quads(tmp_path)


def test_several_passages(tmp_path: Path) -> None:
    """A claim that rests on two places has evidence at both."""
    done = check(
        tmp_path,
        passages=[{"quote": "was signed", "occurrence": 2}, {"quote": "in Geneva"}],
    )
    assert "1 claims proven" in done.stdout
    told = quads(tmp_path)
    assert "d/1,121,131,was signed" in told
    assert "d/1,29,38,in\nGeneva" in told.replace('"', "").replace("\r", "")


def test_words_that_stand_twice(tmp_path: Path) -> None:
    """Both places are shown with what stands around them, and how to say which is meant."""
    done = check(tmp_path, quote="was signed")
    assert done.returncode == 1
    for told in (
        "claims[0].quote: found 'was signed' 2 times: 1: …The “framework” [was signed] — in",
        "va, re\u0301pond. It [was signed] again. …; ",
        "allowed: 'occurrence: 2', or a longer quote, or 'span: [121, 131]'",
    ):
        assert told in done.stderr


def test_which_of_two_is_meant(tmp_path: Path) -> None:
    done = check(tmp_path, quote="was signed", occurrence=3)
    assert "claims[0].occurrence: found '3'; allowed: 1 to 2, the times that they occur" in (
        done.stderr
    )


def test_words_that_do_not_stand_there(tmp_path: Path) -> None:
    done = check(tmp_path, quote="was broken")
    assert "claims[0].quote: found 'was broken'; allowed: words that stand in the text" in (
        done.stderr
    )


def test_without_the_text(tmp_path: Path) -> None:
    """What cannot be found is no fault, and is told."""
    done = check(tmp_path, at_hand=False, quote="was signed")
    assert done.returncode == 0
    assert "all claims of d: no text at hand with SHA-256" in done.stdout
    assert "without a span, which only the text gives: 1" in done.stdout
    assert "d/1" not in quads(tmp_path)
