"""Titled names in running text: "Met with Russian Foreign Minister Sergei Lavrov"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.model.facts import Span
from kg.registers.us_state.nations import ADJECTIVE, NATION_OF
from kg.registers.us_state.titles import TITLE, TITLES, kind_of

# Apostrophes as they are typed, and as they are printed.
_QUOTES = "'\u2018\u2019"
_PARTICLE = (
    "al-|el-|al|el|ul|bin|ibn|bint|bu|abu|ould|de la|de|da|dos|do|del|della|di|van den|van der|van|"
    rf"von der|von|der|den|ten|ter|zu|af|la|le|y|ed-|es-|as-|az-|ad-|d[{_QUOTES}]"
)
_CAPITAL = "[A-ZÀ-ÞĀ-Ž]"
# A word of a name: Lavrov, al-Assad's Assad, an initial, initials run together (J.M.G.M.).
_WORD = rf"(?:[{_QUOTES}]?{_CAPITAL}(?:[\w{_QUOTES}-]*\w|\.(?=\s?[A-Z(])(?:[A-Z]\.)*|(?=\s)))"
_NICKNAME = r"(?: \([A-Z]\w+\))?"
_NAME = (
    rf"(?:(?:Dr|Gen|Lt|Col|St)\. )?(?:(?:{_PARTICLE})\s?)?{_WORD}{_NICKNAME}"
    rf"(?:\s(?:(?:{_PARTICLE})\s?)*{_WORD}{_NICKNAME})*(?:,? (?:Jr\.|Sr\.|3rd))?"
)
# A capitalised word that is no part of a name ends it, or shows that there was none.
_OTHER_WORDS = """
    Meeting Meetings Conference Summit Council Group Ministerial Ministers Minister Forum Affairs
    Secretary President Presidents Prime Dialogue Session Talks Commission Committee Joint Assembly
    The He She His Her In At On And Attended Met Addressed Visited Signed Discussed Also Delivered
    Accompanied Afterwards Returned Departed Ministry January February March April June July August
    September October November December Library Center Hall International Economic Working
    Strategic Partnership Deputy Building Day Week Private State Official Informal Defense Foreign
    General Chancellor Governor Chairman Premier Vice Parliament Federal Republic Government
    Counterpart Interior Finance Heads Speaker Opposition Security Compact Quadrilateral Trilateral
    NATO OAS UN EU ASEAN G-7 G-8 Afghanistan Iraqi Israeli Russian"""
_NOT_NAMES = frozenset(_OTHER_WORDS.split())
_HONORIFICS = frozenset(
    {"Prince", "Princess", "Sheikh", "Shaikh", "Lord", "Sir", "General", "Marshal", "Dr", "Shah"}
)
# "President Bush May 4": the month of a day to come is no name; Theresa May is.
_MONTH = re.compile(r"(?:May|Sept|Oct|Nov|Dec|Aug|Jan|Feb|Mar|Apr|Jun|Jul)\Z")
_DAY = re.compile(r"\.? \d")
# Who is named after these words was not there.
_ABSENT = re.compile(
    r"(?:funerals?|funeral (?:services|ceremonies)|memorial (?:services?|ceremon(?:y|ies)|mass)|"
    r"burial|death|assassination|passing|memory|tomb|grave|in honor|honoring|legacy|birthday|late|"
    r"condolences?|behalf|letter|message|invitation|successor)\b[^.;]*$"
)
_PAST = re.compile(r"\b(?:[Ff]ormer|late) ")
_BODY = "(?: of (?:the )?(?:Organization|European Union|United Nations|NATO))?"
# The look-ahead spares most places the hundreds of branches behind it.
_SINGLE = re.compile(
    rf"(?=[A-Z]|former|then-|outgoing)(?:\b(?P<nation>{ADJECTIVE})(?:[{_QUOTES}]s)? )?(?<![\w-])"
    rf"(?P<title>(?:{TITLE}){_BODY})[, ]{{1,2}}(?P<name>{_NAME})"
)
_SEVERAL = re.compile(rf"\b{TITLES} ")
_PLACED = rf"{_NAME}(?: of (?:the )?[A-Z]\w+| \([^)]+\))?"
_PLURAL = re.compile(
    rf"(?:\b(?P<nation>{ADJECTIVE}) )?\b(?P<title>{TITLES}) "
    rf"(?P<names>{_PLACED}(?:(?:, and |, | and ){_PLACED})*)"
)
_EACH = re.compile(rf"(?P<name>{_NAME})(?: of (?:the )?(?P<of>[A-Z]\w+)| \((?P<in>[^)]+)\))?")
_OF = re.compile(r",? of (?:the )?(?P<place>(?:[A-Z][\w.-]*)(?: (?:[A-Z][\w.-]*|and|of the|of))*)")


class TitledName(NamedTuple):
    """A person named with a title.

    `kind` is the kind of office (`state`, `foreign`, …), `nation` the raw identifier of the
    country or organization that the text itself gives, or "". `absent` is true where the words
    before say that the person was not there: a funeral, a letter. `span` holds title and name.
    """

    title: str
    kind: str
    name: str
    nation: str
    absent: bool
    former: bool
    span: Span


def find_names(text: str, nations: Mapping[str, str]) -> Iterator[TitledName]:
    """The titled names of `text`, in which single spaces part the words, in order.

    `nations` gives identifiers by a country's name.
    """
    taken: list[tuple[int, int]] = []
    for match in _PLURAL.finditer(text) if _SEVERAL.search(text) else ():
        found = []
        for each in _EACH.finditer(match["names"]):
            place = each["of"] or each["in"] or ""
            start = match.start("names") + each.start("name")
            found.append(_titled(match, (start, start), each["name"], nations.get(place, ""), text))
        if all(found):
            taken.append(match.span())
            yield from (each for each in found if each is not None)
    for match in _SINGLE.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        at = match.start("title" if match["nation"] is None else "nation"), match.start("name")
        nation = _nation_after(text, match.end(), nations)
        if (found_one := _titled(match, at, match["name"], nation, text)) is not None:
            yield found_one


def _nation_after(text: str, at: int, nations: Mapping[str, str]) -> str:
    """The nation of "… of the Federal Republic of Germany": the longest name that is one."""
    after = _OF.match(text, at)
    words = after["place"].split() if after else []
    while words:
        name = " ".join(words)
        if found := nations.get(name) or nations.get(name.rstrip(".")):
            return found
        words.pop()
    return ""


def _titled(
    match: re.Match[str], at: tuple[int, int], name: str, place: str, text: str
) -> TitledName | None:
    """The name, which starts at the second of `at`; the mention of it starts at the first."""
    words: list[str] = []
    for word in name.split():
        if word.strip(".," + _QUOTES) in _NOT_NAMES and not (words == [] and word in _HONORIFICS):
            break
        words.append(word)
    if len(words) > 1 and _MONTH.match(words[-1].strip(".,")) and _DAY.match(text, match.end()):
        words.pop()
    while words and (words[-1].islower() or words[-1] in _HONORIFICS):
        words.pop()
    if not words:
        return None
    title = match["title"]
    called = re.sub(rf"[{_QUOTES}]s\Z", "", " ".join(words)).rstrip("," + _QUOTES)
    return TitledName(
        title=title,
        kind=kind_of(title),
        name=called.lstrip("," + _QUOTES),
        nation=place or NATION_OF.get(match["nation"] or "", ""),
        absent=bool(_ABSENT.search(text, 0, match.start())),
        former=bool(_PAST.search(title)),
        span=Span(at[0], at[1] + len(called)),
    )
