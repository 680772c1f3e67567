"""Writes divisions.csv: 500 votes of an assembly that never was, the same ones each time."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROWS, PER_SITTING, SEATS = 500, 7, 181
FIRST_SITTING = date(2021, 1, 14)
COLUMNS = (
    "number", "date", "motion", "title", "topic", "proposer", "party",
    "ayes", "noes", "abstentions", "result",
)  # fmt: skip
PARTIES = ("Orchard League", "Lantern Union", "Harbour List", "Free Millers", "Plain Speakers")
GIVEN = ("Ada", "Bruno", "Clio", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Jonas")
FAMILY = ("Ashdown", "Birch", "Coppice", "Dale", "Elmer", "Fenwick", "Garth", "Hollow", "Inchley")
TITLES = {
    "Water": ("Harbour Dues", "River Wardens", "Public Wells", "Drains and Sluices"),
    "Schools": ("Village Schools", "Teachers' Pay", "Lending Libraries", "School Meals"),
    "Roads": ("Toll Roads", "Narrow Bridges", "Branch Lines", "Street Lamps"),
    "Budget": ("Window Tax", "Supply", "Pensions", "Public Debt"),
    "Forests": ("Oak Woods", "Timber Tithes", "Deer Parks", "Forest Paths"),
}
KINDS = ("Bill", "Amendment Bill", "Repeal Bill", "Inquiry", "Relief Order")
# Newspapers speak of these two: seeds/documents. The second was by show of hands, without a count.
COUNTED = {"number": "2021-017", "ayes": 85, "noes": 79, "abstentions": 9, "result": "Carried"}
BY_HANDS = {"number": "2021-040", "ayes": "", "noes": "", "abstentions": "", "result": "Lost"}


def votes(chance: random.Random) -> Iterator[dict[str, object]]:
    """Each vote as a row; a motion may be voted on twice."""
    members = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    party = {member: chance.choice(PARTIES) for member in members}
    numbers: dict[int, int] = {}
    motion: dict[str, object] = {}
    second = False
    for row in range(ROWS):
        day = FIRST_SITTING + timedelta(weeks=row // PER_SITTING * 2)
        second = bool(motion) and not second and chance.random() < 0.2
        motion = motion if second else _motion(chance, members, party, row)
        numbers[day.year] = numbers.get(day.year, 0) + 1
        number = f"{day.year}-{numbers[day.year]:03}"
        found = {"number": number, "date": day.isoformat(), **motion, **_count(chance)}
        yield found | next((each for each in (COUNTED, BY_HANDS) if each["number"] == number), {})


def _motion(
    chance: random.Random, members: list[str], party: dict[str, str], row: int
) -> dict[str, object]:
    topic = chance.choice([*TITLES])
    proposer = chance.choice(members)
    return {
        "motion": f"m{row + 1:03}",
        "title": f"{chance.choice(TITLES[topic])} {chance.choice(KINDS)}",
        "topic": topic,
        "proposer": proposer,
        "party": party[proposer],
    }


def _count(chance: random.Random) -> dict[str, object]:
    present = chance.randint(140, SEATS)
    abstentions = chance.randint(0, 15)
    ayes = chance.randint(present // 3, present - abstentions - present // 5)
    noes = present - abstentions - ayes
    result = "Carried" if ayes > noes else "Lost"
    return {"ayes": ayes, "noes": noes, "abstentions": abstentions, "result": result}


def main() -> None:
    path = Path(__file__).with_name("divisions.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(votes(random.Random(13)))  # noqa: S311  (repeatable, no secret)


if __name__ == "__main__":
    main()
