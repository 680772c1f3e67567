"""One rule of text for all facts: what it lets through, every format can hold and show."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import limits
from kg.model.facts import (
    Claim,
    Document,
    Entity,
    Fact,
    Passage,
    Record,
    Ref,
    Statement,
    Text,
    Url,
)
from kg.model.faults import faults
from kg.model.texts import fault_in_prose, fault_in_words, is_language
from kg.store.embedded.terms import is_language_tag

# Every code point, surrogates too; the awkward ones more often than chance has them.
AWKWARD = (
    "\x00\t\n\x0b\x0c\r\x1f \x7f\x85\xa0\u034f\u0301\u200b\u200f\u202a\u202c\u202e"
    "\u2066\u2069\u3164\ufeff\ufffe\uffff\ud800\U000e0001"
)
ANY = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=())))


@given(ANY)
def test_prose_survives_xml(text: str) -> None:
    """What is prose comes back from XML as it was, where CR is written as a reference."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#xD;")
    try:
        back = ElementTree.fromstring(f"<a>{escaped}</a>").text or ""
    except (ElementTree.ParseError, UnicodeEncodeError):
        back = None
    assert (fault_in_prose(text) is None) == (back == text)


@given(ANY)
def test_words_can_be_seen_and_change_nothing_around_them(text: str) -> None:
    """Words are prose with something to see, no control, and no direction that runs on."""
    if fault_in_words(text) is not None:
        return
    assert fault_in_prose(text) is None
    assert all(unicodedata.category(mark) != "Cc" or mark in "\t\n" for mark in text)
    assert any(unicodedata.category(mark)[0] not in "MZ" for mark in text)
    assert not set(text) & {"\u202d", "\u202e"}
    starts = sum(text.count(mark) for mark in "\u202a\u202b\u2066\u2067\u2068")
    assert starts <= text.count("\u202c") + text.count("\u2069")


@pytest.mark.parametrize(
    "text", ["Moscow", "Сочи", "עָזָה", "\u2067עזה\u2069 (Gaza)", "北京", "№ 7", "—", "👩‍🚀"]
)
def test_names_of_the_world_pass(text: str) -> None:
    """No script and no joiner that a name needs is refused."""
    assert fault_in_words(text) is None


@given(st.text("aZ0-x", max_size=20))
def test_a_language_is_one_to_the_engine_too(tag: str) -> None:
    """Whatever passes as a language tag, Oxigraph takes."""
    assert not is_language(tag) or is_language_tag(tag)


RANGE = "a number out of range"
REF, LABEL = Ref("place/moscow"), Text("Moscow")


def entity(*statements: Statement, label: Text = LABEL, alt: str = "Moskva") -> Entity:
    return Entity(ref=REF, label=label, alt_labels=(Text(alt),), description=statements)


@pytest.mark.parametrize(
    ("fact", "field", "found"),
    [
        (entity(label=Text("a\x0cb")), "label", "U+000C at character 2"),
        (entity(label=Text("x" * 1_001)), "label", "1,001 characters"),
        (entity(label=Text("x", "english")), "label", "'english'"),
        (entity(alt="\u200b"), "alt", "'\\u200b'"),
        (entity(Statement(REF, "foaf:homepage", Url("x:y"))), "foaf:homepage", "'x:y'"),
        (entity(Statement(REF, "within", Ref("place/a b"))), "within", "'place/a b'"),
        (entity(Statement(REF, "wgs84:lat", Decimal("1e99"))), "wgs84:lat", RANGE),
        (entity(Statement(REF, "number", 10**18)), "number", RANGE),
        (
            Document(
                ref=Ref("document/d"), label=LABEL, description=(), language="en",
                sha256="", length=3, text="a\n\x0b",
            ),
            "text",
            "U+000B at character 3, in line 2 of the text",
        ),
        (
            Record(
                ref=Ref("record/r/1"), label=LABEL, about=REF, statements=(),
                fields=(("note", "x" * (limits.WORDS + 1)),),
            ),
            "note",
            "100,001 characters",
        ),
        (
            Claim(
                source=Ref("document/d"), id="1", statement=Statement(REF, "place", REF),
                passages=(Passage(quote="\ufeff"),),
            ),
            "quote",
            "'\\ufeff'",
        ),
    ],
)  # fmt: skip
def test_a_fact_is_named_with_its_field(fact: Fact, field: str, found: str) -> None:
    """Whoever makes a fact, what no graph can hold in it is found by field."""
    (wrong,) = faults(fact)
    assert (wrong.field, wrong.fault.found) == (field, found)
