"""The templates of `clm:sentence`: a vocabulary says things, statements and claims in words.

A template has one line or more; the first that can be said is said. In a line, `{Actor}` stands for
the values of the properties with that role, `{target}` or `{dcterms:title}` for those of one
property; `{met|is to meet}` is a word for what has happened and one for what is planned, where a
third says it of several; `[ in {Location}]` is left out where a name in it has no value. A line
with a name outside brackets that has no value cannot be said.

The template of a property says what it states: `{subject} {took|will take} place in {object}`, that
of a modality who does: `{source} {hopes|does not hope} {statement}`. There the second word is for
what is not so far, and for what is denied. The role of a class stands for a subject that plays it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

# Names that are neither roles nor properties: of an instance of a class, of what a property
# states, of a claim of one modality.
OF_THINGS = ("description", "events", "kind", "when")
OF_STATEMENTS = ("object", "subject")
OF_CLAIMS = ("register", "source", "speaker", "statement")

_BRACE = re.compile(r"\{([^{}]*)\}")
_ASIDE = re.compile(r"\[([^\[\]]*)\]")
_LINE = re.compile(r"(?:[^\[\]{}]|\{[^\[\]{}]+\}|\[(?:[^\[\]{}]|\{[^\[\]{}]+\})+\])+\Z")


class Speaker(Protocol):
    """Who knows the values of names."""

    def value(self, name: str) -> str:
        """The value of a name in words, empty without one."""

    def choose(self, words: list[str]) -> str:
        """One of two or three words: of a thing, for what has happened, is planned, is planned of
        several.
        """


def well_formed(template: str) -> bool:
    """Whether each bracket and brace is closed, none within its like."""
    return all(_LINE.match(line) for line in template.split("\n"))


def names(template: str) -> Iterator[str]:
    """The names that a template asks for."""
    return (each for each in _BRACE.findall(template) if "|" not in each)


def say(line: str, speaker: Speaker) -> str:
    """One line of a template with its values; empty where it cannot be said."""
    return "".join(pieces(line, speaker))


def pieces(line: str, speaker: Speaker) -> list[str]:
    """The same, with each value as its speaker gave it."""
    said: list[str] = []
    for index, part in enumerate(_parts(line)):
        filled = _fill(part, speaker)
        if filled is None and index % 2 == 0:
            return []
        said += filled or []
    return said


@lru_cache(1024)
def _parts(line: str) -> Sequence[Sequence[str]]:
    """What stands outside and, each second one, inside brackets: texts and, each second, names."""
    return [_BRACE.split(each) for each in _ASIDE.split(line)]


def _fill(part: Sequence[str], speaker: Speaker) -> list[str] | None:
    said = []
    for index, each in enumerate(part):
        if index % 2:
            words = each.split("|")
            found = speaker.choose(words) if len(words) > 1 else speaker.value(each)
            if not found:
                return None
            said.append(found)
        else:
            said.append(each)
    return said
