"""The titled names of a row, and what the row says of those who bear them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from sys import intern

from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.hsg_rows import Row, Term
from kg.registers.us_state.mentions import TitledName, find_names
from kg.registers.us_state.names import tokens
from kg.registers.us_state.nations import US
from kg.registers.us_state.people import Sighting

# Offices that one state alone has, whatever the sentence says.
_ONLY = {"Pope": "holy-see", "His Holiness Pope": "holy-see", "Taoiseach": "ireland"}
_ONLY |= dict.fromkeys(
    (
        "Senator",
        "Secretary of Defense",
        "Secretary of War",
        "Secretary of the Treasury",
        "Treasury Secretary",
        "Secretary of Commerce",
        "Commerce Secretary",
    ),
    US,
)


def day_of(iso: str) -> int:
    """A day as a number (`date.toordinal`)."""
    return date.fromisoformat(iso).toordinal()


class Sitting:
    """Who held an office of the United States on a day: presidents, and who else is known to."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self._terms = [
            (term.start.iso, term.end.iso if term.end else "9999", tokens(term.name)[-1])
            for term in terms
        ]

    def is_president(self, mention: TitledName, day: int) -> bool:
        """Whether a bare "President Bush" is the American one, who sits or, if former, sat."""
        words = tokens(mention.name)
        if mention.kind != "state" or "President" not in mention.title or not words:
            return False
        iso = date.fromordinal(day).isoformat()
        return any(
            words[-1] == name
            and start <= iso
            and (mention.former or mention.role == "absent" or iso <= end)
            for start, end, name in self._terms
        )


def sightings(row: Row, gazetteer: Gazetteer, sitting: Sitting) -> Iterator[Sighting]:
    """Everybody whom the row names with a title, in its order."""
    host = gazetteer.country(row.country)
    said: tuple[int, str] = (-1, "")  # where the last name that had a nation ends, and which
    for at, (mention, visitor) in enumerate(_mentions(row, gazetteer)):
        # The elect take office some weeks later: in the United States, 73 to 79 days.
        day = day_of(row.start.iso) + (80 if "lect" in mention.title else 0)
        nation = gazetteer.country(mention.nation) or _ONLY.get(mention.title, "")
        others: tuple[str, ...] = ()
        stated = bool(nation)
        if not nation:
            # Descriptions of visits speak of Americans, remarks on travels of those visited.
            republican = any(
                each in mention.title for each in ("President", "Secretary", "Senator")
            )
            at_home = row.ref.slug.startswith("visits/") and not visitor and republican
            nation, stated = (US if at_home else host), visitor
            if not visitor and sitting.is_president(mention, day):
                nation, stated = US, True
            elif at_home:
                others = (host,)
            elif said[1] and row.note[said[0] : mention.span.start] in {" and ", ", ", ", and "}:
                # "Russian President Putin and Foreign Minister Lavrov": of one state, maybe.
                others = (said[1],)
        if not tokens(mention.name):
            continue
        if not visitor:
            said = (mention.span.end, nation if stated else (others or ("",))[0])
        role = mention.role
        if role == "joined" or (role != "absent" and _american(nation, mention) and not visitor):
            role = _beside(row, nation, mention)
        yield Sighting(
            key=(row.ref, at),
            # The same names and titles come again and again, and all are held at once.
            name=intern(mention.name),
            title=intern(mention.title),
            kind=mention.kind,
            nation=nation,
            stated=stated,
            day=day,
            former=mention.former,
            visitor=visitor,
            acts_for=(nation or host) if visitor else (nation if stated else ""),
            span=mention.span,
            others=others,
            role="traveller" if visitor else role,
        )


def _american(nation: str, mention: TitledName) -> bool:
    return nation == US and not mention.former


def _beside(row: Row, nation: str, mention: TitledName) -> str:
    """Americans abroad travel with an American, unless one met the other there; whom somebody of
    another state joins, they meet.
    """
    abroad = row.ref.slug.startswith("travels/")
    if abroad and nation == US and mention.role != "met":
        return "along"
    return "" if mention.role == "joined" else mention.role


def _mentions(row: Row, gazetteer: Gazetteer) -> Iterator[tuple[TitledName, bool]]:
    """The titled names of a row, each with whether it is the visitor's."""
    if row.ref.slug.startswith("visits/"):
        for mention in find_names(row.name, gazetteer.nations):
            yield mention, True
    for mention in find_names(row.note, gazetteer.nations):
        yield mention, False
