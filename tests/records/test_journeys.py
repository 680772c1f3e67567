"""Stops are joined to journeys by the documented rule."""

from __future__ import annotations

import pytest

from kg.model.facts import Date, Ref
from kg.registers.us_state.hsg_rows import Row
from kg.registers.us_state.journeys import Journeys, find_journeys

POINTS = {
    "Athens": (37.98, 23.72), "Tunis": (36.82, 10.17), "London": (51.5, -0.13),
    "Geneva": (46.2, 6.15), "Kyiv": (50.45, 30.52), "Minsk": (53.9, 27.57),
    "Ottawa": (45.42, -75.7), "Rome": (41.9, 12.5), "Rio": (-22.9, -43.2),
}  # fmt: skip


def stop(
    number: int, start: str, end: str, who: str = "kerry", locale: str = "", note: str = ""
) -> Row:
    ref = Ref(f"record/travels/{number}")
    return Row(ref, who, "secretary", who, Date(start), Date(end), "france", "France", locale, note)


def find(*rows: Row, decided: dict[tuple[Ref, Ref], bool] | None = None) -> Journeys:
    return find_journeys(rows, lambda row, _: POINTS.get(row.locale), decided or {})


def journeys(*rows: Row) -> list[list[str]]:
    return [[row.ref.slug.rpartition("/")[2] for row in each.stops] for each in find(*rows).all]


# Where somebody was, what the row says, how many days until the next stop, and what that says;
# whether the two are one journey (None: listed for review, and kept apart).
GAPS = [
    ("1959", "Athens", "Traveled by sea from Athens to Tunis.", 3, "Tunis", "", True),
    ("1938", "Rio", "Addressed Congress.", 3, "Rome", "", True),
    ("1934", "nowhere", "", 3, "Rio", "Met the President while returning to U.S.", True),
    ("1958", "London", "Met with Lloyd en route to Taipei.", 2, "nowhere", "", True),
    ("1958", "London", "Met with Lloyd en route to Washington.", 2, "nowhere", "", None),
    ("2020", "Kyiv", "", 2, "Minsk", "", True),
    ("2020", "Kyiv", "", 3, "Minsk", "", None),
    ("2013", "London", "", 3, "Geneva", "", None),
    ("1958", "Rome", "", 2, "Ottawa", "", False),
    ("1906", "Rome", "", 4, "Rio", "", False),
    ("1912", "Rome", "Returned to U.S. April 9.", 3, "Rio", "", False),
    ("1912", "Rome", "", 3, "Rio", "Left U.S. April 2.", False),
    ("1928", "Rome", "Good will trip.", 3, "nowhere", "Good will trip.", None),
    ("2000", "London", "Good will trip. Met Blair.", 3, "Geneva", "Good will trip.", True),
]


@pytest.mark.parametrize(("year", "here", "note", "days", "there", "next_note", "one"), GAPS)
def test_a_gap(
    year: str, here: str, note: str, days: int, there: str, next_note: str, one: bool | None
) -> None:
    """Remarks tell, or the map: what cannot be done by way of home, or would be a long detour."""
    second = f"{year}-04-{10 + days}"
    found = find(
        stop(1, f"{year}-04-08", f"{year}-04-10", locale=here, note=note),
        stop(2, second, second, locale=there, note=next_note),
    )
    assert (len(found.all), len(found.unsure)) == (one is True, one is None)


def test_a_person_decides_about_a_gap() -> None:
    """A row of the corrections outranks the rule, either way."""
    rows = stop(1, "2013-09-09", "2013-09-09"), stop(2, "2013-09-12", "2013-09-15")
    gap = rows[0].ref, rows[1].ref
    assert find(*rows).unsure
    assert len(find(*rows, decided={gap: True}).all) == 1
    assert find(*rows, decided={gap: False}) == Journeys((), ())


@pytest.mark.parametrize(
    ("second", "joined"),
    [("2013-02-26", True), ("2013-02-27", True), ("2013-02-28", False)],
)
def test_one_day_between_stops_is_a_flight(second: str, joined: bool) -> None:
    """The next stop begins on the day the last ended, or the day after, not later."""
    found = journeys(stop(1, "2013-02-25", "2013-02-26"), stop(2, second, second))
    assert found == ([["1", "2"]] if joined else [])


def test_a_stop_within_a_longer_one_joins_it() -> None:
    """An excursion during a long stay does not end the journey."""
    rows = (
        stop(1, "1918-12-13", "1919-02-14"),
        stop(2, "1918-12-26", "1918-12-31"),
        stop(3, "1919-02-14", "1919-02-15"),
    )
    assert journeys(*rows) == [["1", "2", "3"]]


def test_travellers_do_not_share_journeys() -> None:
    """A president and a secretary who travel together each make a journey."""
    rows = (
        stop(1, "2014-06-04", "2014-06-05", "obama"),
        stop(2, "2014-06-05", "2014-06-06", "obama"),
        stop(3, "2014-06-05", "2014-06-05", "kerry"),
        stop(4, "2014-06-06", "2014-06-06", "kerry"),
    )
    assert journeys(*rows) == [["3", "4"], ["1", "2"]]


def test_the_order_of_rows_does_not_matter() -> None:
    """Rows are put in order of travel, whatever the order of the file."""
    rows = [
        stop(number, f"2013-03-{number:02}", f"2013-03-{number + 1:02}") for number in range(1, 9)
    ]
    mixed = rows[5:] + rows[2:5][::-1] + rows[:2]
    assert journeys(*mixed) == journeys(*rows) == [[str(number) for number in range(1, 9)]]


def test_a_journey_has_the_span_of_its_stops() -> None:
    """It begins with the first stop, after which it is named, and ends with the last to end."""
    found = find(stop(7, "2013-01-01", "2013-01-09"), stop(8, "2013-01-03", "2013-01-04"))
    (journey,) = found.all
    assert journey.ref == "visit/travels-journey-7"
    assert (journey.start.iso, journey.end.iso) == ("2013-01-01", "2013-01-09")
