"""The titled names of a row, and what the row says of those who bear them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from sys import intern

from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.hsg_rows import Row, Term
from kg.registers.us_state.mentions import TitledName, find_names
from kg.registers.us_state.names import tokens
from kg.registers.us_state.people import Sighting

US = "united-states"


def day_of(iso: str) -> int:
    """A day as a number (`date.toordinal`)."""
    return date.fromisoformat(iso).toordinal()


class Sitting:
    """Who was president of the United States on a day."""

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
            words[-1] == name and start <= iso and (mention.former or iso <= end)
            for start, end, name in self._terms
        )


def sightings(row: Row, gazetteer: Gazetteer, sitting: Sitting) -> Iterator[Sighting]:
    """Everybody whom the row names with a title, in its order."""
    for at, (mention, visitor) in enumerate(_mentions(row, gazetteer.nations)):
        # The elect take office some weeks later: in the United States, 73 to 79 days.
        day = day_of(row.start.iso) + (80 if "-elect" in mention.title else 0)
        nation, stated = gazetteer.country(mention.nation), bool(mention.nation)
        acts_for = nation or (gazetteer.country(row.country) if visitor else "")
        if not stated:
            # Descriptions of visits speak of Americans, remarks on travels of those visited.
            republican = any(
                each in mention.title for each in ("President", "Secretary", "Senator")
            )
            at_home = row.ref.slug.startswith("visits/") and not visitor and republican
            nation = US if at_home else gazetteer.country(row.country)
            stated = visitor
            if not visitor and (_american(mention) or sitting.is_president(mention, day)):
                nation, stated = US, True
        if not tokens(mention.name):
            continue
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
            acts_for=acts_for,
            span=mention.span,
        )


def _mentions(row: Row, nations: Mapping[str, str]) -> Iterator[tuple[TitledName, bool]]:
    """The titled names of a row, each with whether it is the visitor's."""
    if row.ref.slug.startswith("visits/"):
        for mention in find_names(row.name, nations):
            yield mention, True
    for mention in find_names(row.note, nations):
        if not mention.absent:
            yield mention, False


def _american(mention: TitledName) -> bool:
    """Offices that the records give to Americans where they name no nation."""
    return mention.title in {
        "Secretary of State",
        "Secretary of Defense",
        "National Security Advisor",
    }
