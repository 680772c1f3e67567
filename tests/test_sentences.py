"""The templates of `clm:sentence`: what is said, what is left out, what cannot be said."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology import sentences

VALUES = {"Actor": "Ann", "Partner": "Bob and Cem", "Location": "", "when": "1902"}


@dataclass(frozen=True)
class Known:
    """Knows `VALUES`, and speaks of what is planned or not."""

    planned: bool = False

    def value(self, name: str) -> str:
        return VALUES[name]

    def choose(self, words: list[str]) -> str:
        return words[self.planned]


texts = st.text(st.characters(exclude_characters="[]{}|\n"), min_size=1, max_size=9)
choices = st.lists(texts, min_size=2, max_size=3)
names = st.sampled_from([*VALUES])
plain = st.one_of(texts, names.map(lambda each: (each,)), choices.map(tuple))
parts = st.lists(st.one_of(plain, st.lists(plain, min_size=1, max_size=3)), min_size=1, max_size=6)


def written(part: object) -> str:
    """A part in the language of templates: a list is an aside, a tuple stands in braces."""
    if isinstance(part, list):
        return f"[{''.join(map(written, part))}]"
    return f"{{{'|'.join(part)}}}" if isinstance(part, tuple) else str(part)


def meant(part: object) -> str | None:
    """What a part says of what has happened; None where a name has no value."""
    if isinstance(part, list):
        said = [meant(each) for each in part]
        return "" if None in said else "".join(map(str, said))
    if isinstance(part, tuple):
        return part[0] if len(part) > 1 else VALUES[part[0]] or None
    return str(part)


@given(parts)
def test_a_line_says_what_its_parts_mean(line: list[object]) -> None:
    """Any template is well formed, names what it names, and is said whole or not at all."""
    template = "".join(map(written, line))
    assert sentences.well_formed(template)
    said = [meant(each) for each in line]
    expected = "" if None in said else "".join(map(str, said))
    assert sentences.say(template, Known()) == expected


@pytest.mark.parametrize(
    ("template", "planned", "said"),
    [
        ("{Actor} {met|is to meet} {Partner}[ in {Location}][, {when}].", False,
         "Ann met Bob and Cem, 1902."),
        ("{Actor} {met|is to meet} {Partner}.", True, "Ann is to meet Bob and Cem."),
        ("{Actor} in {Location}.", False, ""),
    ],
)  # fmt: skip
def test_a_line_is_said(template: str, planned: bool, said: str) -> None:
    """Words for what happened and what is planned; asides without a value are left out."""
    assert sentences.say(template, Known(planned)) == said


@pytest.mark.parametrize("template", ["{Actor", "Actor}", "[a", "a]", "[a [b]]", "{}", "[]", "a\n"])
def test_what_does_not_close_is_not_well_formed(template: str) -> None:
    """Nothing may be open, empty or within its like."""
    assert not sentences.well_formed(template)
