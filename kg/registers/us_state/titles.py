"""Titles that go before a name in the records, by the kind of office."""

from __future__ import annotations

import re
from functools import lru_cache

# What ministers are ministers of, in the words after "Minister of" and before "Minister".
_MATTER_WORDS = """
    Affairs Relations Defense Defence Cooperation Trade Finance Interior Economy Economics Justice
    Energy Commerce Industry Security Development Integration Mobility Worship Religion Culture Oil
    Petroleum Information Intelligence Planning Health Labor Labour Agriculture Education
    Immigration Emigration Expatriates Migrants Nationals Tourism Communications Diaspora Dominions
    Transport Treasury Environment Science Technology Investment War Colonies Presidency"""
_KIND_OF_MATTER = "National|Foreign|External|European|International|Home|Internal|Public|Economic"
_MATTER = f"(?:(?:{_KIND_OF_MATTER}) )?(?:{'|'.join(_MATTER_WORDS.split())})"
_MATTERS = rf"(?:the )?{_MATTER}(?:(?:, and | and |, ){_MATTER})*(?: Abroad)?"
# Offices by the kind of power that goes with them: people of one name are told apart by it. Where
# one title ends in another ("Vice President"), its kind comes first.
_SINGULAR = {
    "vice": """
        Deputy Prime Minister|Deputy Foreign Minister|Deputy Premier|Vice President-elect
        Vice President|Vice Premier|Vice Chancellor|Tánaiste|First Minister|Vice Chairman""",
    "state": """
        President-[Ee]lect|President-designate|President of the Council of Ministers|President
        Chief of State|Head of State|Chairman of the Presidency|King|Queen|Emperor|Empress|Sultan
        Amir|Emir|Shah|(?:His Holiness )?Pope|Grand Duchess|Grand Duke|Generalissimo
        Governor[- ]General|Taoiseach|General Secretary|First Secretary|Junta Member""",
    "government": """
        Prime Minister-Prince|Prime Minister-elect|Prime Minister-designate
        Prime M[Ii]ni?ste?r?e?|Premier-elect|Premier|Federal Chancellor
        Chancellor-elect|Chancellor|Chief Executive""",
    "foreign": rf"""
        Foreign (?:and \w+ )?(?:Affairs )?(?:Minist?er?|Secretary)(?:-[Dd]esignate)?
        External Affairs (?:Minister|Secretary)
        (?:Minister|Secretary)(?: of State)? (?:of|for) (?=Foreign|External){_MATTERS}
        Secretary of State|External Relations (?:Minister|Secretary)|Foreign Relations Secretary
        Secretary for Relations with States|State Coun[cs]ell?or|State Councilor""",
    "heir": "Heir Apparent|Crown Prince|Crown Princess|Prince Regent|Regent",
    "defense": """
        (?:Defense|Defence) (?:Minister|Secretary)|Secretary of (?:Defense|War)|War Minister
        Minister (?:of|for) (?:National )?(?:Defense|Defence)""",
    "minister": rf"""
        {_MATTER} Minister|Minister (?:of|for) {_MATTERS}|National Security Advis[eo]r
        Attorney General|Home Secretary|Chancellor of the Exchequer|Minister
        Secretary of (?:Commerce|the Treasury)|Commerce Secretary|Treasury Secretary""",
    "speaker": "(?:Parliament |Knesset )?Speaker(?: of (?:the )?(?:Parliament|Knesset|House))?",
    "chief": """
        Secretary[- ]General|High Representative|Director[- ]General|Quartet Representative
        (?:Joint )?(?:Special )?(?:Envoy|Representative|Advis[eo]r|Coordinator)
        Chair-[Dd]esignate|Chairperson|Commissioner|Chairman|High Commissioner|Administrator
        Commission President|Council President""",
    "other": """
        Opposition Leader|[Ll]eader|Prince|Princess|Duke|Sheikh|Field Marshal|General|Admiral
        Marshal|Senator|Governor|Mayor|Ambassador|Archbishop|Cardinal|Patriarch|Lord|Sir|Comandante|Aide
        Royal Counselor|Chief Justice|Commander-in-Chief|His (?:All )?Holiness|Captain Regent
        Dr\\.|Gen\\.""",
}
_PLURAL = {
    "vice": "Vice Presidents",
    "state": "Presidents-elect|Presidents|Kings|Queens|Emirs",
    "government": "Prime Ministers|Premiers|Chancellors",
    "foreign": "Foreign Ministers|Foreign Secretaries|Secretaries of State",
    "other": "Generals|Princes|presidential candidates|Senators|Ambassadors",
}
_QUALIFIERS = """
    Former|former|Acting|Interim|interim|Deputy|Provisional|Caretaker|then-|outgoing|State
    First Deputy|Permanent|Special|Transitional|Co-|Head of State|Head of Government|late"""
# What follows "Special Envoy" and the like before the name: "for Syria", "to the Middle East".
_CHARGE = (
    r"(?: (?:for|to|on) (?:the )?[A-Z][\w-]+(?:[ -](?:and )?(?:East|West|Africa|Sudan|Peace)\b)*)?"
)


def _pattern(table: str) -> str:
    """A table as one alternation: its lines are alternatives too."""
    return "|".join(line.strip() for line in table.strip().splitlines())


_CHIEF = f"(?:{_pattern(_SINGULAR['chief'])}){_CHARGE}"
_ANY = "|".join(_CHIEF if kind == "chief" else _pattern(table) for kind, table in _SINGULAR.items())
_QUALIFIER = f"(?:{_pattern(_QUALIFIERS)})"
TITLE = rf"(?:{_QUALIFIER}\s?)*(?:{_ANY})(?:(?: and |[/-])(?:{_QUALIFIER} )?(?:{_ANY}))?"
TITLES = rf"(?:[Ff]ormer )?(?:{'|'.join(map(_pattern, _PLURAL.values()))})"
_KINDS = [
    (kind, re.compile(rf"(?:{_pattern(titles)}){_CHARGE if kind == 'chief' else ''}\Z"))
    for table in (_PLURAL, _SINGULAR)
    for kind, titles in table.items()
]
# "Vice President and Foreign Minister" tells two posts, "Minister of Trade and Energy" one.
_TWO = re.compile(rf"(?: and |[/-])(?=(?:{_QUALIFIER} )?(?:{_ANY})(?:\Z| and ))")
# One post in one spelling, whatever a row writes.
_SPELLINGS = [
    (re.compile(rf"(?:{found})\Z"), plain)
    for found, plain in (
        (r"Amir", "Emir"),
        (r"Prime M\w+|Prime Minister-Prince|Prime Ministers|Head of Government", "Prime Minister"),
        (r"Premiers", "Premier"),
        (r"(?:His Holiness )?Pope", "Pope"),
        (r"Federal Chancellor|Chancellors", "Chancellor"),
        (r"Presidents|Chairman of the Presidency", "President"),
        (r"Vice Presidents", "Vice President"),
        (r"Kings", "King"),
        (r"Queens", "Queen"),
        (r"Governor[- ]General", "Governor General"),
        (r"Chief of State", "Head of State"),
        (
            r"Foreign Minist?e?r?|Foreign (?:and .*)?Affairs Minister|Foreign Ministers",
            "Foreign Minister",
        ),
        (r"Minister(?: of State)? (?:of|for) Foreign .*", "Foreign Minister"),
        (
            r"External Affairs Minister|Minister (?:of|for) External Affairs.*",
            "External Affairs Minister",
        ),
        (
            r"Secretary(?: of State)? (?:of|for) (?:External|Foreign) .*|Foreign Secretaries",
            "Foreign Secretary",
        ),
        (r"External (?:Affairs|Relations) Secretary", "Foreign Secretary"),
        (
            r"(?:Minister of|External) Relations Minister|Minister of External Relations",
            "Foreign Minister",
        ),
        (
            r"Defence Minister|War Minister|Minister (?:of|for) (?:National )?Defen[sc]e",
            "Defense Minister",
        ),
        (
            r"Minister (?:of|for) (?:the )?(Interior|Finance|Econom\w+|Energy|Justice|Trade)",
            r"\1 Minister",
        ),
        (r"National Security Advisor", "National Security Adviser"),
        (r"Secretary[- ]General", "Secretary General"),
        (r"Director[- ]General", "Director General"),
        (r"Foreign and \w+ Secretary", "Foreign Secretary"),
        (r"Speaker.*|.* Speaker", "Speaker"),
        (r"Prince Regent", "Regent"),
        (r"Heir Apparent", "Crown Prince"),
    )
]


def kind_of(title: str) -> str:
    """The kind of office that a title tells: `state`, `government`, `foreign`, …"""
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "other")


@lru_cache(maxsize=1 << 12)
def posts_of(title: str) -> tuple[str, ...]:
    """The posts that a title tells, each in its one spelling."""
    each = (re.sub(r"\s+", " ", part).strip() for part in _TWO.split(title))
    return tuple(
        next(
            (found.expand(post) for pattern, post in _SPELLINGS if (found := pattern.match(part))),
            part,
        )
        for part in each
    )
