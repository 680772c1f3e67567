"""Claims read as sentences: those of the seeds, one by one, and those of made-up claims."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.claims.seeds import GOLDEN, LONGEST, said
from web.site.dates import dated
from web.site.phrases import described, name


def test_each_claim_of_the_seeds_reads_so(client: FlaskClient) -> None:
    """What is listed here was read, one by one; who changes a template reads them again.

    To write the list anew: `python -m tests.claims.seeds`.
    """
    golden = dict(line.split("\t") for line in GOLDEN.read_text("utf-8").splitlines())
    found = {ref: text for ref, text in said(client) if len(text) <= LONGEST}
    assert found == golden
    assert len(golden) > 150


def test_no_sentence_stumbles(client: FlaskClient) -> None:
    """No name is a bare IRI, nothing is said twice, and all begin with a capital or a quote."""
    for ref, text in said(client):
        assert text[0].isupper() or text[0] == "“", (ref, text)
        assert "http" not in text, (ref, text)
        for twice in (
            " the the ",
            " that that ",
            "  ",
            " on on ",
            " in in ",
            " the a ",
            " the an ",
        ):
            assert twice not in text, (ref, text)
        assert text.count(" says ") + text.count(" denies ") <= 1, (ref, text)


@pytest.mark.parametrize(
    ("label", "read"),
    [
        ("United States", "the United States"),
        ("Russia", "Russia"),
        ("Bashar al-Assad", "Bashar al-Assad"),
        ("Center for Strategic and International Studies",
         "the Center for Strategic and International Studies"),
        ("Syrian armed forces", "the Syrian armed forces"),
        ("Officials in Washington", "officials in Washington"),
        ("The Associated Press", "the Associated Press"),
        ("Democratic Republic of the Congo", "the Democratic Republic of the Congo"),
        ("Those who report from the front", "those who report from the front"),
    ],
)  # fmt: skip
def test_a_name_within_a_sentence(label: str, read: str) -> None:
    """Articles as English has them."""
    assert name(label) == read


@pytest.mark.parametrize(
    ("label", "read"),
    [
        ("Annexation of Crimea", "the annexation of Crimea"),
        ("A breakthrough", "a breakthrough"),
        ("Vietnam War", "the Vietnam War"),
        ("Barack Obama’s remark", "Barack Obama’s remark"),
        ("Framework on trade, 2013", "the framework on trade of 2013"),
        ("Article 3 of the pact", "article 3 of the pact"),
        ("NATO summit", "the NATO summit"),
    ],
)
def test_a_description_within_a_sentence(label: str, read: str) -> None:
    """It begins with an article, and in small letters where it is no name."""
    assert described(label) == read


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("2015-05-12", "on 12 May 2015"),
        ("2015-05", "in May 2015"),
        ("2015", "in 2015"),
        ("1964~", "about 1964"),
        ("2013-08/..", "in or after August 2013"),
        ("../1815", "in or before 1815"),
        ("1964/1966", "between 1964 and 1966"),
        ("193X", "in the 1930s"),
        ("-0043-03-15", "on 15 March 44 BC"),
    ],
)
def test_a_date_within_a_sentence(date: str, read: str) -> None:
    """It has the word that English puts before it."""
    assert dated(date) == read
