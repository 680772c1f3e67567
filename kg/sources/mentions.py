"""Titled names in running text: "Met with Russian Foreign Minister Sergei Lavrov"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.sources.nations import ADJECTIVE, NATION_OF

# Offices, by the kind of power that goes with them: people of one name are told apart by it.
_TITLES = {
    "vice": "Deputy Prime Minister|Deputy Foreign Minister|Deputy Premier|Vice President-elect|Vice President|Vice Premier|Vice Chancellor|Tánaiste|First Minister",
    "state": "President-elect|President of the Council of Ministers|President|Chief of State|"
    "Head of State|Chairman of the Presidency|King|Queen|Emperor|Sultan|Amir|Emir|Shah|Pope|Grand Duchess|"
    "Grand Duke|Generalissimo|Governor General|Taoiseach|General Secretary|First Secretary|Junta Member",
    "government": "Prime Minister-Prince|Prime Minister-elect|Prime Minister-designate|Prime Minister|"
    "Premier-elect|Premier|Federal Chancellor|Chancellor-elect|Chancellor|Chief Executive",
    "foreign": "Foreign Affairs Minister|External Affairs Minister|Foreign Minister|Foreign Secretary|"
    "Minister (?:of|for) (?:Foreign|External) (?:Affairs|Relations)(?: and [A-Z][a-z]+)?|"
    "Secretary (?:of|for) (?:Foreign|External) (?:Affairs|Relations)|Secretary of State|"
    "External Relations Minister|Foreign Relations Secretary|State Councilor",
    "heir": "Crown Prince|Crown Princess|Regent",
    "defense": "(?:Defense|Defence) (?:Minister|Secretary)|Minister of (?:National )?(?:Defense|Defence)|"
    "Secretary of Defense|War Minister",
    "minister": "(?:Finance|Interior|Economy|Energy|Justice|Trade|Oil|Information|Security|Environment)"
    " Minister|Minister of (?:Finance|the Interior|Interior|Economy|Energy|Justice|Trade|Defense)|"
    "National Security Advis[eo]r|Attorney General|Home Secretary|Chancellor of the Exchequer",
    "speaker": "Speaker|Parliament Speaker|Knesset Speaker",
    "chief": "Secretary[- ]General|High Representative|Director[- ]General|"
    "(?:Special )?(?:Envoy|Representative)|Quartet Representative|Chairperson|Commissioner|"
    "Chairman|Commission President|Council President",
    "other": "Opposition Leader|Prince|Princess|Duke|Sheikh|Field Marshal|General|Admiral|Marshal|"
    "Senator|Governor|Mayor|Ambassador|Archbishop|Cardinal|Patriarch|Lord|Sir|Dr\\.",
}
_PLURALS = {
    "state": "Presidents-elect|Presidents|Kings|Queens|Emirs",
    "government": "Prime Ministers|Premiers|Chancellors",
    "foreign": "Foreign Ministers|Foreign Secretaries|Secretaries of State",
    "vice": "Vice Presidents",
    "other": "Generals|Princes|presidential candidates|Senators|Ambassadors",
}
_QUALIFIER = (
    "Former|former|Acting|Interim|Deputy|Provisional|Caretaker|then-|outgoing|State|First Deputy|"
    "Permanent|Special|Transitional|Co-|Head of State|Head of Government"
)
_SIDE = "|".join(title for titles in _TITLES.values() for title in titles.split("|"))
_KIND = [
    (kind, re.compile(rf"(?:{titles})\Z")) for kind, titles in (*_PLURALS.items(), *_TITLES.items())
]
_PARTICLE = (
    "al-|el-|al|el|ul|bin|ibn|bint|bu|abu|ould|de la|de|da|dos|do|del|della|di|van den|van der|van|"
    "von der|von|der|den|ten|ter|zu|af|la|le|y|ed-|es-|as-|az-|ad-|d[’']"
)
_CAPITAL = "[A-ZÀ-ÞĀ-Ž]"
_WORD = rf"(?:[‘'’]?{_CAPITAL}(?:[\w’'‘-]*\w|\.(?=\s?[A-Z(])(?:[A-Z]\.)*|(?=\s)))"
_NAME = (
    rf"(?:(?:Dr|Gen|Lt|Col|St)\. )?(?:(?:{_PARTICLE})\s?)?{_WORD}(?: \([A-Z]\w+\))?"
    rf"(?:\s(?:(?:{_PARTICLE})\s?)*{_WORD}(?: \([A-Z]\w+\))?)*(?:,? (?:Jr\.|Sr\.|3rd))?"
)
# A capitalised word that is no part of a name ends it, or shows that there was none.
_NOT_NAMES = frozenset(
    "Meeting Meetings Conference Summit Council Group Ministerial Ministers Minister Forum Affairs "
    "Secretary President Prime Dialogue Session Talks Commission Committee Joint The He She His Her "
    "Attended Met Addressed Visited Signed Discussed Also Delivered Accompanied Ministry "
    "January February March April June July August September October November December "
    "Library Center Hall International Economic Working Strategic Partnership Deputy In At On And "
    "Building Day Week Private State Official Afterwards Returned Departed Informal Defense Foreign "
    "General Chancellor Governor Chairman Premier Vice Parliament "
    "Assembly Federal Republic Presidents Government NATO OAS UN EU ASEAN G-7 G-8 Quadrilateral Trilateral Counterpart Interior Finance "
    "Heads Afghanistan Compact Iraqi Israeli Russian Speaker Opposition Security".split()
)
_MONTH = re.compile(r"(?:May|Sept|Oct|Nov|Dec|Aug|Jan|Feb|Mar|Apr|Jun|Jul)\Z")
_HONORIFICS = frozenset("Prince Princess Sheikh Shaikh Lord Sir General Marshal Dr Shah".split())
_ABSENT = re.compile(
    r"(?:funerals?|funeral (?:services|ceremonies)|memorial (?:services?|ceremon(?:y|ies)|mass)|burial|"
    r"death|assassination|passing|memory|tomb|grave|in honor|honoring|legacy|birthday|late|condolences?|"
    r"behalf|letter|message|invitation|successor)\b[^.;]*$"
)
_DAY = re.compile(r"\.? \d")
_PAST = re.compile(r"\b(?:[Ff]ormer|late) ")

_TITLE = rf"(?:(?:{_QUALIFIER})\s?)*(?:{_SIDE})(?: and (?:(?:{_QUALIFIER}) )?(?:{_SIDE}))?"
_MANY = "|".join(title for titles in _PLURALS.values() for title in titles.split("|"))
_SINGLE = re.compile(
    rf"(?:\b(?P<nation>{ADJECTIVE})(?:'s|’s)? )?(?<![\w-])(?P<title>(?:{_TITLE})"
    rf"(?: of (?:the )?(?:Organization|European Union|United Nations|NATO))?)[, ]{{1,2}}(?P<name>{_NAME})"
)
_PLURAL = re.compile(
    rf"(?:\b(?P<nation>{ADJECTIVE}) )?\b(?P<title>(?:Former |former )?(?:{_MANY})) (?P<names>{_NAME}"
    rf"(?: of (?:the )?[A-Z]\w+| \([^)]+\))?(?:(?:, and |, | and ){_NAME}"
    rf"(?: of (?:the )?[A-Z]\w+| \([^)]+\))?)*)"
)
_EACH = re.compile(rf"(?P<name>{_NAME})(?: of (?:the )?(?P<of>[A-Z]\w+)| \((?P<in>[^)]+)\))?")
_OF = re.compile(r",? of (?:the )?(?P<place>(?:[A-Z][\w.-]*)(?: (?:[A-Z][\w.-]*|and|of the|of))*)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named with a title.

    `kind` is the kind of office (`state`, `foreign`, …), `nation` the raw identifier of the
    country or organization that the text itself gives, or "". `absent` is true where the words
    before say that the person was not there: a funeral, a letter.
    """

    title: str
    kind: str
    name: str
    nation: str
    absent: bool
    former: bool


def find_mentions(text: str, nations: Mapping[str, str]) -> Iterator[Mention]:
    """The titled names of `text`, in order. `nations` gives identifiers by a country's name."""
    taken: list[tuple[int, int]] = []
    for match in _PLURAL.finditer(text):
        found = []
        for each in _EACH.finditer(match["names"]):
            place = each["of"] or each["in"] or ""
            found.append(_mention(match, each["name"], nations.get(place, ""), text))
        if all(found):
            taken.append(match.span())
            yield from (each for each in found if each is not None)
    for match in _SINGLE.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        after = _OF.match(text, match.end())
        place = nations.get(after["place"], "") if after else ""
        mention = _mention(match, match["name"], place, text)
        if mention is not None:
            yield mention


def _mention(match: re.Match[str], name: str, place: str, text: str) -> Mention | None:
    words = []
    for word in name.split():
        if word.strip(".,’'") in _NOT_NAMES and not (words == [] and word in _HONORIFICS):
            break
        words.append(word)
    if len(words) > 1 and _MONTH.match(words[-1].strip(".,")) and _DAY.match(text, match.end()):
        words.pop()
    while words and (words[-1].islower() or words[-1] in _HONORIFICS):
        words.pop()
    if not words:
        return None
    title = match["title"]
    return Mention(
        title=title,
        kind=_kind_of(title),
        name=re.sub(r"[’']s\Z", "", " ".join(words)).strip(",‘’'"),
        nation=place or NATION_OF.get(match["nation"] or "", ""),
        absent=bool(_ABSENT.search(text, 0, match.start())),
        former=bool(_PAST.search(title)),
    )


def _kind_of(title: str) -> str:
    return next((kind for kind, pattern in _KIND if pattern.search(title)), "other")
