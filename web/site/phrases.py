"""What things are called within an English sentence, where a label is a heading or a name.

`Annexation of Crimea` becomes `the annexation of Crimea`, `United States` `the United States`, `A
breakthrough on Ukraine` `a breakthrough on Ukraine`; `John Kerry` stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

# The first word is one of these where a label needs no article, or has it.
_DETERMINED = re.compile(
    r"(?:An?|The|This|That|These|Those|Some|Any|All|Both|Each|Every|Other|Another|No|Many|Most|Few"
    r"|Several|Certain|His|Her|Its|Their|Our|Whoever|What(?:ever)?|\d[\d,.]*|One|Two|Three)\Z"
)
_OWNED = re.compile(r"\w+[’']s?\Z")  # Kerry’s, reporters’
# Of several words, one of these has the name preceded by “the”.
_WITH_ARTICLE = re.compile(
    r"\b(?:United|Union|Nations|Republics?|Kingdom|Emirates|Federation|Confederation|Commonwealth"
    r"|Islands|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|Vatican|Holy See|Congo"
    r"|Countries|Organi[sz]ation|Cent(?:er|re)|Council|Committee|Commission|Department|Ministry|Office"
    r"|Agency|Institut(?:e|ion)|Association|League|Party|Army|Navy|Forces|Bank|Fund|Court|Senate"
    r"|House|State|Mission|Embassy|Times|Post|Press|Authority|Administration|Program(?:me)?)\b"
)
_LONE = re.compile(r"(?:Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|Vatican)\Z")
# Several, of whom a word before the first preposition tells: `American officials in May 2015`.
_PLURAL = re.compile(r"(?:[\w–-]+ ){0,3}?[\w–-]*[^\Ws]s (?:in|of|who|from|at|on|near|with|to)\b")
_LINKS = {
    "of", "the", "and", "for", "on", "at", "to", "de", "la", "le", "del", "da", "do", "dos", "du",
    "von", "van", "der", "den", "bin", "ibn", "al", "el", "y", "e", "i", "und", "et",
}  # fmt: skip
# Adjectives of countries keep their capital; so do days and months.
_PROPER = re.compile(
    r"(?:\w+(?:ian|ean|ese|ish|stani|sian)|Iraqi|Israeli|Saudi|French|Dutch|Greek|Swiss|Czech|Thai"
    r"|German|American|African|European|Mexican|Cuban|Afghan|Arab|Kyiv|Moscow|Washington"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December|I)\Z"
)
# Before a name these are ordinary words all the same.
_ORDINARY = re.compile(
    r"(?:Planned|Proposed|Alleged|Possible|Expected|Reported|Imminent|Joint|Formal|Informal|Further"
    r"|Future|(?:Pro|Anti|Non|Ex|Pre|Post)[-–]\w+)\Z"
)
_DATED = re.compile(r", ((?:[\d–]+ )?(?:[A-Z]\w+ )?\d{4}(?:–\d{2,4})?)\Z")
_SINGLE = str.maketrans({"“": "\N{LEFT SINGLE QUOTATION MARK}", "”": "’"})
_COMMON = re.compile(r"(?:Civilian|Guardian|Pedestrian|Finish|Establish|Publish|Median)\Z")


class Phrase(str):
    """Words of a sentence that name something: where they lead, and their language."""

    __slots__ = ("href", "language")

    href: str
    language: str

    def __new__(cls, text: str, href: str = "", language: str = "") -> Phrase:
        made = super().__new__(cls, text)
        made.href, made.language = href, language
        return made

    def __html__(self) -> Markup:
        return _marked(str(self), self.href, self.language)


@lru_cache(4096)  # a page says most of its names more than once
def _marked(text: str, href: str, language: str) -> Markup:
    spoken = Markup(' lang="{}"').format(language) if language else Markup()
    told = Markup("<bdi{}>{}</bdi>").format(spoken, text)
    return Markup('<a href="{}">{}</a>').format(href, told) if href else told


@lru_cache(8192)
def name(label: str) -> str:
    """A proper name, with its article: of a person, a body, a place; a description as one."""
    words = label.split()
    if len(words) > 1 and any(_plain(each) for each in words[1:]):
        return described(label, article=not _PLURAL.match(label))
    if _DETERMINED.match(words[0]) if words else True:
        return label[:1].lower() + label[1:] if words and len(words) > 1 else label
    needs = _WITH_ARTICLE.search(label) if len(words) > 1 else _LONE.match(label)
    return f"the {label}" if needs and not _OWNED.match(words[0]) else label


@lru_cache(8192)
def described(label: str, *, article: bool = True) -> str:
    """A description, as it stands within a sentence; with `article` of one certain thing."""
    words = label.split()
    if not words or label[0] in '“„«"':
        return label
    first, label = words[0], _DATED.sub(r" of \1", label)
    kept = label if _keeps_capital(words) else label[:1].lower() + label[1:]
    if not article or _DETERMINED.match(first) or _OWNED.match(first) or _owned(words):
        return kept
    return kept if len(words) > 1 and words[1][:1].isdigit() else f"the {kept}"


def quoted(label: str) -> str:
    """A title, in quotes; those within it become single ones."""
    return f"“{label.translate(_SINGLE)}”"


def listed(names: Sequence[str]) -> str:
    """`Ann, Bob and Cem`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _owned(words: list[str]) -> bool:
    """Whether a name in the genitive opens it: `Barack Obama’s “red line” remark`."""
    for each in words[:4]:
        if _OWNED.match(each):
            return True
        if not each[:1].isupper():
            return False
    return False


def _keeps_capital(words: list[str]) -> bool:
    first, following = words[0], words[1] if len(words) > 1 else ""
    if _DETERMINED.match(first) or _ORDINARY.match(first):
        return False
    inner = re.split(r"[-–]", first)
    return (
        any(letter.isupper() or letter.isdigit() for letter in first[1:])
        or following[:1].isupper()
        or bool(_OWNED.match(first))
        or any(_PROPER.match(each) and not _COMMON.match(each) for each in inner)
        or not first[:1].isalpha()
    )


def _plain(word: str) -> bool:
    """A word that no name has: lower-case, and no link between its parts."""
    return word.isalpha() and word[:1].islower() and word not in _LINKS
