"""A search as words: what is typed, as names are looked up by it and as the full text has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import filterfalse

# How a thing is called by a key of the table `alias`, the surest first.
NAMED, SHORT, FAMILY, INITIALS = range(4)
MOST_WORDS = 7  # of a name that is looked up as a whole
MOST = 16  # words of a search
LONGEST = 2_000  # characters of one that are read; a ligature may stand for eighteen

# In English, as titles and labels are: they tell nothing of what is searched for.
_IDLE = frozenset(
    {"a", "an", "and", "are", "at", "by", "did", "do", "does", "for", "from", "how", "in", "is",
     "of", "on", "the", "to", "was", "were", "what", "when", "where", "which", "who", "with"}
)  # fmt: skip
# A quoted phrase; letters with dots, as in U.S.S.R.; a word, with its apostrophes.
_WORD = re.compile(r""" "([^"]*)" | \b(?:[^\W\d_]\.)+[^\W\d_]\b | \w+(?:['’]\w+)* """, re.VERBOSE)
_NO_KEY = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a phrase in quotes, which stands for itself alone.

    `key` is what names are looked up by: `ussr` for `u.s.s.r.`, `divoire` for `d’ivoire`.
    """

    text: str
    key: str
    phrase: bool = False

    @property
    def match(self) -> str:
        """In FTS5 (sqlite.org/fts5.html §3.1): a text in quotes is a phrase of its words."""
        return f'"{self.text}"'


def fold(text: str) -> str:
    """Lower case without diacritics, as the index has it."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(filterfalse(unicodedata.combining, plain)).lower()


def read(text: str, *, whole: bool = False) -> tuple[Word, ...]:
    """The words of `text`, without those that tell nothing; `whole` keeps them."""
    words = []
    for found in _WORD.finditer(fold(text[:LONGEST].replace("\0", " "))):
        phrase = found[1]
        said = found[0] if phrase is None else phrase
        key = _NO_KEY.sub("" if phrase is None else " ", said).strip()
        if key:
            words.append(Word(said, key, phrase is not None))
    telling = [each for each in words if each.key not in _IDLE]
    return tuple((words if whole or not telling else telling)[:MOST])


def key(words: Sequence[Word]) -> str:
    """What these words are looked up by as one name."""
    return " ".join(each.key for each in words)
