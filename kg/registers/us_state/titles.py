"""Titles that go before a name in the records, by the kind of office."""

from __future__ import annotations

import re

# Offices by the kind of power that goes with them: people of one name are told apart by it. Where
# one title ends in another ("Vice President"), its kind comes first.
_SINGULAR = {
    "vice": """
        Deputy Prime Minister|Deputy Foreign Minister|Deputy Premier|Vice President-elect
        Vice President|Vice Premier|Vice Chancellor|Tánaiste|First Minister""",
    "state": """
        President-elect|President-designate|President of the Council of Ministers|President
        Chief of State|Head of State|Chairman of the Presidency|King|Queen|Emperor|Sultan|Amir|Emir
        Shah|Pope|Grand Duchess|Grand Duke|Generalissimo|Governor General|Taoiseach
        General Secretary|First Secretary|Junta Member""",
    "government": """
        Prime Minister-Prince|Prime Minister-elect|Prime Minister-designate|Prime Minister
        Premier-elect|Premier|Federal Chancellor|Chancellor-elect|Chancellor|Chief Executive""",
    "foreign": """
        Foreign Affairs Minister|External Affairs Minister|Foreign Minister|Foreign Secretary
        Minister (?:of|for) (?:Foreign|External) (?:Affairs|Relations)(?: and [A-Z][a-z]+)?
        Secretary (?:of|for) (?:Foreign|External) (?:Affairs|Relations)|Secretary of State
        External Relations Minister|Foreign Relations Secretary|State Councilor""",
    "heir": "Crown Prince|Crown Princess|Regent",
    "defense": """
        (?:Defense|Defence) (?:Minister|Secretary)|Secretary of Defense|War Minister
        Minister of (?:National )?(?:Defense|Defence)""",
    "minister": """
        (?:Finance|Interior|Economy|Energy|Justice|Trade|Oil|Information|Security) Minister
        Environment Minister|Minister of (?:Finance|the Interior|Interior|Economy|Energy)
        Minister of (?:Justice|Trade)|National Security Advis[eo]r|Attorney General|Home Secretary
        Chancellor of the Exchequer""",
    "speaker": "Speaker|Parliament Speaker|Knesset Speaker",
    "chief": """
        Secretary[- ]General|High Representative|Director[- ]General|Quartet Representative
        (?:Special )?(?:Envoy|Representative)|Chairperson|Commissioner|Chairman
        Commission President|Council President""",
    "other": """
        Opposition Leader|Prince|Princess|Duke|Sheikh|Field Marshal|General|Admiral|Marshal|Senator
        Governor|Mayor|Ambassador|Archbishop|Cardinal|Patriarch|Lord|Sir|Dr\\.""",
}
_PLURAL = {
    "vice": "Vice Presidents",
    "state": "Presidents-elect|Presidents|Kings|Queens|Emirs",
    "government": "Prime Ministers|Premiers|Chancellors",
    "foreign": "Foreign Ministers|Foreign Secretaries|Secretaries of State",
    "other": "Generals|Princes|presidential candidates|Senators|Ambassadors",
}
_QUALIFIERS = """
    Former|former|Acting|Interim|Deputy|Provisional|Caretaker|then-|outgoing|State|First Deputy
    Permanent|Special|Transitional|Co-|Head of State|Head of Government"""


def _pattern(table: str) -> str:
    """A table as one alternation: its lines are alternatives too."""
    return "|".join(line.strip() for line in table.strip().splitlines())


_ANY = "|".join(map(_pattern, _SINGULAR.values()))
_QUALIFIER = f"(?:{_pattern(_QUALIFIERS)})"
TITLE = rf"(?:{_QUALIFIER}\s?)*(?:{_ANY})(?: and (?:{_QUALIFIER} )?(?:{_ANY}))?"
TITLES = rf"(?:[Ff]ormer )?(?:{'|'.join(map(_pattern, _PLURAL.values()))})"
_KINDS = [
    (kind, re.compile(rf"(?:{_pattern(titles)})\Z"))
    for table in (_PLURAL, _SINGULAR)
    for kind, titles in table.items()
]


def kind_of(title: str) -> str:
    """The kind of office that a title tells: `state`, `government`, `foreign`, …"""
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "other")
