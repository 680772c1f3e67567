"""Names of people, compared across spellings: Sergey and Sergei, Schröder and Schroeder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

# Particles belong to a name but tell nobody apart: writers keep or drop them.
_PARTICLE_WORDS = """
    al el ul ad as an ar bin ibn ben bint abu ould uld arap de da das dos do del della di du la le
    lo los van von der den ten ter zu af y e jr sr"""
_NUMERAL_WORDS = (
    "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii"
)
_HONORIFIC_WORDS = """
    prince princess sheikh shaikh sheik shaykh lord lady sir dame dr mr mrs ms general field marshal
    colonel major lieutenant admiral captain sayyid sayed generalissimo maharaja sri count baron lt
    gen col amb ambassador prof father archbishop cardinal patriarch maulana marquis viscount daw"""
_SON = frozenset(("bin", "ibn", "bint"))
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_NUMERALS = {word: number for number, word in enumerate(_NUMERAL_WORDS.split(), 1)}
_HONORIFICS = frozenset(_HONORIFIC_WORDS.split())
# Abd al-Aziz, Abdel Aziz, Abdulaziz: one word, "servant of", joined or not.
_SERVANT = re.compile(r"\babd(?:[ -]?(?:al|el|ul|ar|er|ur|as|es|us))?[ -]+(?=[a-z]{3})")
_SPELLINGS = tuple(
    (re.compile(found), plain)
    for found, plain in (
        (r"^(?:al|el)(?=[a-z]{4})", ""),
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
    """Lower case in the letters of English, without accents or apostrophes."""
    return _ODD.sub("", (text if text.isascii() else anyascii(text)).lower())


@lru_cache(maxsize=1 << 15)
def _words(name: str) -> tuple[str, ...]:
    plain = _SERVANT.sub("abdul", fold(re.sub(r"[.,()]", " ", name)))
    return tuple(word for word in re.split(r"[ -]+", plain) if word)


@lru_cache(maxsize=1 << 15)
def tokens(name: str) -> tuple[str, ...]:
    """The telling words of a name, folded, in their order."""
    words = _words(name)
    # John Major is no major: what stands last, and alone, is a name.
    return tuple(
        word
        for at, word in enumerate(words)
        if word not in _PARTICLES
        and not (word in _NUMERALS and at)
        and (word not in _HONORIFICS or at == len(words) - 1)
    )


@lru_cache(maxsize=1 << 12)
def numeral(name: str) -> int:
    """The number of a sovereign or a pope, or of a grandson: 2 of Elizabeth II, 0 without one."""
    return next((_NUMERALS[word] for word in _words(name)[1:] if word in _NUMERALS), 0)


def plain(name: str) -> str:
    """The name without what stands before it by way of address: Dr. Hilda Heine, Sheikh Tamim."""
    words = name.split()
    while len(words) > 1 and fold(words[0].strip(".")) in _HONORIFICS:
        words = words[1:]
    return " ".join(words)


def family_first(name: str, short: Iterable[str]) -> str:
    """The name as lists order it: Thatcher, Margaret. `short` are names that the person goes by,
    which tell what the family is called: Hu Jintao goes as Hu, so that he stands as he is. So does
    who bears a father's name (Mohammed bin Salman), and who bears a number.
    """
    words = name.split()
    if numeral(name) or _SON.intersection(_words(name)):
        return name
    known = {word for each in short for word in tokens(each)}
    at = next((at for at, word in enumerate(words) if fold(word) in known), len(words) - 1)
    if at == 0:
        return name
    while at > 1 and fold(words[at - 1]) in _PARTICLES:
        at -= 1
    return f"{' '.join(words[at:])}, {' '.join(words[:at])}"


@lru_cache(maxsize=1 << 15)
def sound(token: str) -> str:
    """A spelling that the usual transliterations of one word share."""
    for pattern, plain_letters in _SPELLINGS:
        token = pattern.sub(plain_letters, token)
    return token


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> bool:
    """Whether two words may be spellings of one: equal by sound, or one slip of the pen apart."""
    if one == other or sound(one) == sound(other):
        return True
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return True
    heard = sound(one), sound(other)
    return min(map(len, heard)) > 4 and OSA.distance(*heard, score_cutoff=1) <= 1


def compatible(one: tuple[str, ...], other: tuple[str, ...], close: bool = True) -> bool:
    """Whether two full names may be one person's.

    The words of the shorter stand in the longer in the same order, the first of both being alike
    (an initial stands for what it begins); or the same words stand in another order, as family
    names do in East Asia. Where the two are `close` in time, the shorter may also leave out given
    names in front, or a mother's name behind: Yahya Khan for Agha Muhammad Yahya Khan, Febres
    Cordero for Leon Febres Cordero Rivadeneira. A father's name does not make a son.
    """
    short, long = sorted((one, other), key=len)
    if sorted(map(sound, short)) == sorted(map(sound, long)):
        return True
    if _matches(short[0], long[0]):
        return _in_order(short, long)
    runs = (long[at : at + len(short)] for at in range(1, len(long) - len(short) + 1))
    return close and len(short) > 1 and any(all(map(alike, short, run)) for run in runs)


def _in_order(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    matched = all(any(_matches(word, each) for each in rest) for word in short)
    return matched and any(alike(left, right) for left in short for right in long)


def _matches(one: str, other: str) -> bool:
    return alike(one, other) or (1 in (len(one), len(other)) and one[0] == other[0])
