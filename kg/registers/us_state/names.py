"""Names of people, compared across spellings: Sergey and Sergei, Schröder and Schroeder."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD does not take apart (Unicode 15 §2.12), as English texts write them.
_LETTERS = str.maketrans("øØłŁđĐıðÞþæÆœŒßəƏ", "oOlLdDidTtaAoOsaA")
# Particles belong to a name but tell nobody apart: writers keep or drop them.
_PARTICLE_WORDS = """
    al el ul ad as an ar bin ibn ben bint abu ould uld de da do dos del della di du la le lo los
    van von der den ten ter zu af y e jr sr
    i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xxiii"""
_HONORIFIC_WORDS = """
    prince princess sheikh shaikh sheik shaykh lord sir dame dr mr mrs ms general field marshal
    colonel major lieutenant admiral captain sayyid sayed generalissimo maharaja sri count baron lt
    gen col amb prof father archbishop cardinal maulana marquis viscount"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_HONORIFICS = frozenset(_HONORIFIC_WORDS.split())
# Abd al-Aziz, Abdel Aziz, Abdulaziz: one word, "servant of", joined or not.
_SERVANT = re.compile(r"\babd(?:[ -]?(?:al|el|ul|ar|er|ur|as|es|us))?[ -]+(?=[a-z]{3})")
_SPELLINGS = tuple(
    (re.compile(found), plain)
    for found, plain in (
        (r"ph", "f"),
        (r"tch|tsch|sch|sh|ch|cz|zh", "s"),
        (r"ck|kh|q|c|x", "k"),
        (r"gh", "g"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"w", "v"),
        (r"z", "s"),
        (r"ou|oo|ue|o", "u"),
        (r"ae|e|a", "a"),
        (r"aa", "a"),
        (r"ai|ay|ui|uy|y|j|i", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)h\b", ""),
    )
)


_ODD = re.compile(r"[^a-z0-9 -]")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower case without accents or apostrophes."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = text.encode("ascii", "ignore").decode()
    return _ODD.sub("", text.lower())


@lru_cache(maxsize=1 << 15)
def tokens(name: str) -> tuple[str, ...]:
    """The telling words of a name, folded, in their order."""
    plain = _SERVANT.sub("abdul", fold(re.sub(r"[.,()]", " ", name)))
    words = [word for word in re.split(r"[ -]+", plain) if word]
    # John Major is no major: what stands last, and alone, is a name.
    return tuple(
        word
        for at, word in enumerate(words)
        if word not in _PARTICLES and (word not in _HONORIFICS or at == len(words) - 1)
    )


@lru_cache(maxsize=1 << 15)
def sound(token: str) -> str:
    """A spelling that the usual transliterations of one word share."""
    for pattern, plain in _SPELLINGS:
        token = pattern.sub(plain, token)
    return token


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> bool:
    """Whether two words may be spellings of one: equal by sound, or one slip of the pen apart."""
    if one == other or sound(one) == sound(other):
        return True
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    return _one_slip(one, other) or _one_slip(sound(one), sound(other))


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is added, missing, changed, or two neighbours are swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            if len(one) < len(other):
                return one[at:] == other[at + 1 :]
            swapped = one[at + 1 : at + 2] == right and other[at + 1 : at + 2] == left
            return one[at + 1 :] == other[at + 1 :] or (
                swapped and one[at + 2 :] == other[at + 2 :]
            )
    return True


def compatible(one: tuple[str, ...], other: tuple[str, ...], close: bool = True) -> bool:
    """Whether two full names may be one person's.

    The words of the shorter stand in the longer in the same order, the first of both being alike
    (an initial stands for what it begins); or the same words stand in another order, as family
    names do in East Asia. Where the two are `close` in time, the shorter may also leave out given
    names in front: Yahya Khan for Agha Muhammad Yahya Khan. A father's name does not make a son.
    """
    short, long = sorted((one, other), key=len)
    if sorted(map(sound, short)) == sorted(map(sound, long)):
        return True
    if _matches(short[0], long[0]):
        return _in_order(short, long)
    tail = long[len(long) - len(short) :]
    return close and len(short) > 1 and all(map(alike, short, tail))


def _in_order(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    matched = all(any(_matches(word, each) for each in rest) for word in short)
    return matched and any(alike(left, right) for left in short for right in long)


def _matches(one: str, other: str) -> bool:
    return alike(one, other) or (1 in (len(one), len(other)) and one[0] == other[0])
