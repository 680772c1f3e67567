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
_PARTICLE_WORDS = """
    al- el- al el ul bin ibn bint bu abu ould arap de_la de_las de_los de da das dos do del della di
    du van_den van_der van von_der von der den ten ter zu af la le y e av ed- es- as- az- ad-"""
_PARTICLE = "|".join(_PARTICLE_WORDS.split()).replace("_", " ") + f"|d[{_QUOTES}]"
_CAPITAL = "[A-ZÀ-ÞĀ-Ž]"
# A word of a name: Lavrov, al-Assad's Assad, an initial, initials run together (J.M.G.M.).
_WORD = (
    rf"(?:[{_QUOTES}]?{_CAPITAL}(?:[\w{_QUOTES}-]*\w|\.(?=\s?[A-Z(]|\s(?:{_PARTICLE})\s)(?:[A-Z]\.)*"
    rf"|(?=[\s.,;]|\Z)))"
)
_NICKNAME = r"(?: \([A-Z]\w+\))?"
_PEER = r"(?:Earl|Duke|Marquess|Viscount|Count) of [A-Z]\w+"
_NAME = (
    rf"(?:{_PEER}|(?:(?:Dr|Gen|Lt|Col|St)\. )?(?:(?:{_PARTICLE})\s?)?{_WORD}{_NICKNAME}"
    rf"(?:\s(?:(?:{_PARTICLE})\s?)*{_WORD}{_NICKNAME})*(?:,? (?:Jr\.|Sr\.|3rd))?)"
)
# A capitalised word that is no part of a name ends it, or shows that there was none.
_OTHER_WORDS = """
    Meeting Meetings Conference Summit Council Group Ministerial Ministers Minister Forum Affairs
    Secretary President Presidents Prime Dialogue Session Talks Commission Committee Joint Assembly
    The He She His Her In At On And Attended Met Addressed Visited Signed Discussed Also Delivered
    Accompanied Afterwards Returned Departed Ministry January February March April June July August
    September October November December International Economic Working Strategic Partnership Deputy
    Building Day Week Private State Official Informal Defense Foreign General Chancellor Governor
    Chairman Premier Vice Parliament Federal Republic Government Counterpart Interior Finance Heads
    Speaker Opposition Security Compact Quadrilateral Trilateral NATO OAS UN EU ASEAN G-7 G-8
    Afghanistan Iraqi Israeli Russian Soviet Leningrad East Arrived Special Cabinet Party
    University"""
_NOT_NAMES = frozenset(_OTHER_WORDS.split())
# A name with one of these behind it names what was called after somebody, and nobody.
_CALLED_AFTER = re.compile(
    r"\s(?:Universit\w+|College|School|Academy|Institute|Center|Centre|Library|Museum|Foundation|Hospital"
    r"|Clinic|Airport|Airfield|Field|Base|Camp|Hotel|Palace|Mosque|Cathedral|Bridge|Dam|Canal|Park"
    r"|Square|Street|Road|Avenue|Highway|Stadium|Hall|Room|City|Island|Memorial|Monument|Mausoleum"
    r"|Cemetery|Statue|Tomb|Prize|Award|Medal|Lecture|Doctrine|Plan|Declaration|Congress|Cup|Ranch)\b"
)
_SHIP = re.compile(
    r"(?:aboard|on board|\bU\.?S\.?S\.?|\bH\.?M\.?S\.?|\bS\.?S\.|yacht|ship|liner)(?: the)? $"
)
_HONORIFICS = frozenset(
    {"Prince", "Princess", "Sheikh", "Shaikh", "Lord", "Sir", "General", "Marshal", "Dr", "Shah"}
)
# "President Bush May 4": the month of a day to come is no name; Theresa May is.
_MONTH = re.compile(r"(?:May|Sept|Oct|Nov|Dec|Aug|Jan|Feb|Mar|Apr|Jun|Jul)\Z")
_DAY = re.compile(r"\.? \d")
# Who is named after these words was not there, unless another verb stands between.
_ABSENT = re.compile(
    r"(?:funerals?|burials?|wake|passing|tombs?|graves?|mausoleum|statues?|busts?|portraits?|monuments?"
    r"|memorials?|memory|death|assassination|wreaths?|anniversary|commemorat\w+|birthplace|legacy|late"
    r"|birthday (?!part)|honoring|in honor of the late|condolences? on|behalf|representatives? of"
    r"|letters?|messages?|invitation|successor|predecessor|widow|wife|son of|daughter|brother of"
    r"|arrangements for|preparations? for|visit (?:by|of|from)|dedicat\w+)\b"
    r"(?:(?! (?:met|confer\w+|discuss\w+|convers\w+|spoke|talk\w*|with|hosted|joined|addressed"
    r"|visited|attended|and then)\b)[^.;])*$"
)
# What somebody has is no sign of them, unless it is where they were.
_HIS = re.compile(
    rf"[{_QUOTES}](?:s)? (?:funeral|death|tomb|grave|memorial|library|legacy|letter|proposals?|plan"
    r"|policy|initiative|offer|invitation|state visit|visit|successor|speech|address)\b",
    re.IGNORECASE,
)
# Who is named after these words came along.
_ALONG = re.compile(
    r"(?:accompan(?:ied|ying)(?: by)?|escort(?:ed|ing)(?: by)?|together with|along with"
    r"|delegation (?:led|headed) by|as part of)(?: the)?(?: former| then)? $",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:join(?:ed|ing)(?: by)?|support(?:ed|ing))(?: the)? $", re.IGNORECASE)
_MET = re.compile(
    r"\b(?:met|meetings?|conferred|conversations?|talks|discuss\w+|audience|briefed|received by"
    r"|greeted|consult\w+|reviewed|guest)\b[^.;]*$",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:[Ff]ormer|late) ")
_BODY = "(?: of (?:the )?(?:Organization|European Union|United Nations|NATO))?"
# The look-ahead spares most places the hundreds of branches behind it.
_SINGLE = re.compile(
    r"(?=[A-Z]|former|then-|outgoing|interim|leader)"
    rf"(?:\b(?P<nation>{ADJECTIVE})(?:[{_QUOTES}]s)? )?(?<![\w-])(?P<title>(?:{TITLE}){_BODY})"
    rf"(?:[, ]{{1,2}}|(?<=Minister)(?=[A-Z]))(?P<name>{_NAME})"
)
_SEVERAL = re.compile(rf"\b{TITLES} ")
_PLACED = rf"{_NAME}(?: of (?:the )?[A-Z]\w+(?: [A-Z]\w+)?| \([^)]+\))?"
_PLURAL = re.compile(
    rf"(?:\b(?P<nation>{ADJECTIVE}) )?\b(?P<title>{TITLES}) "
    rf"(?P<names>{_PLACED}(?:(?:, and |, | and ){_PLACED})*)"
)
_EACH = re.compile(
    rf"(?P<name>{_NAME})(?: of (?:the )?(?P<of>[A-Z]\w+(?: [A-Z]\w+)?)| \((?P<in>[^)]+)\))?"
)
_OF = re.compile(r",? of (?:the )?(?P<place>(?:[A-Z][\w.-]*)(?: (?:[A-Z][\w.-]*|and|of the|of))*)")


class TitledName(NamedTuple):
    """A person named with a title.

    `kind` is the kind of office (`state`, `foreign`, …), `nation` the raw identifier of the
    country or organization that the text itself gives, or "". `role` is what the words before tell:
    "met", or "" where they took part otherwise; "along" who came with the traveller, "joined" who
    did where the two are of one side; "absent" who was not there: a funeral, a letter, a statue.
    `span` holds title and name.
    """

    title: str
    kind: str
    name: str
    nation: str
    role: str
    former: bool
    span: Span


def find_names(text: str, nations: Mapping[str, str]) -> Iterator[TitledName]:
    """The titled names of `text`, in which single spaces part the words, in order.

    `nations` gives identifiers by a country's name.
    """
    taken: list[tuple[int, int]] = []
    for match in _PLURAL.finditer(text) if _SEVERAL.search(text) else ():
        for each in _EACH.finditer(match["names"]):
            place = each["of"] or each["in"] or ""
            start = match.start("names") + each.start("name")
            nation = nations.get(place) or nations.get(place.partition(" ")[0], "")
            one = _titled(match, (start, start), each["name"], nation, text)
            if one is None:
                break
            taken.append((match.start() if not each.start() else start, one.span.end))
            yield one
    along = -1  # where the name ends of somebody who came along: another may follow
    for match in _SINGLE.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        at = match.start("title" if match["nation"] is None else "nation"), match.start("name")
        nation = _nation_after(text, match.end(), nations)
        single = _titled(match, at, match["name"], nation, text)
        if single is None:
            continue
        if along >= 0 and text[along : single.span.start] in {" and ", ", ", ", and "}:
            single = single._replace(role="along")
        along = single.span.end if single.role == "along" else -1
        yield single


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
    # "King Khalid Military City", "Queens University", the ship "President Monroe".
    if (
        _CALLED_AFTER.search(name)
        or _CALLED_AFTER.match(text, at[1] + len(name))
        or _SHIP.search(text, 0, at[0])
    ):
        return None
    words = _name_words(name, text[match.end() :])
    if not words:
        return None
    title = match["title"]
    called = re.sub(rf"[{_QUOTES}]s\Z", "", " ".join(words)).rstrip("," + _QUOTES)
    return TitledName(
        title=title,
        kind=kind_of(title),
        name=called.lstrip("," + _QUOTES),
        nation=place or NATION_OF.get(match["nation"] or "", ""),
        role=_role(text, match.start(), at[1] + len(called)),
        former=bool(_PAST.search(title)),
        span=Span(at[0], at[1] + len(called)),
    )


def _name_words(name: str, after: str) -> list[str]:
    """The words of what looks like a name that do belong to it."""
    words: list[str] = []
    for word in name.split():
        if word.strip(".," + _QUOTES) in _NOT_NAMES and not (words == [] and word in _HONORIFICS):
            break
        words.append(word)
    if len(words) > 1 and _MONTH.match(words[-1].strip(".,")) and _DAY.match(after):
        words.pop()
    while words and (words[-1].islower() or words[-1] in _HONORIFICS):
        words.pop()
    return words


def _role(text: str, start: int, end: int) -> str:
    """What the words around a name tell of who bears it: see `TitledName`."""
    if _ABSENT.search(text, 0, start) or _HIS.match(text, end):
        return "absent"
    for role, pattern in (("along", _ALONG), ("joined", _JOINED), ("met", _MET)):
        if pattern.search(text, 0, start):
            return role
    return ""
