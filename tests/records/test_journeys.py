"""Stops are joined to journeys by the documented rule."""

from __future__ import annotations

import pytest

from kg.model.facts import Date, Ref
from kg.registers.us_state.hsg_rows import Row
from kg.registers.us_state.journeys import find_journeys


def stop(number: int, start: str, end: str, who: str = "kerry") -> Row:
    ref = Ref(f"record/travels/{number}")
    return Row(ref, who, "secretary", who, Date(start), Date(end), "france", "France", "", "")


def journeys(*rows: Row) -> list[list[str]]:
    return [[row.ref.slug.rpartition("/")[2] for row in each.stops] for each in find_journeys(rows)]


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
    (journey,) = find_journeys(
        (stop(7, "2013-01-01", "2013-01-09"), stop(8, "2013-01-03", "2013-01-04"))
    )
    assert journey.ref == "visit/travels-journey-7"
    assert (journey.start.iso, journey.end.iso) == ("2013-01-01", "2013-01-09")
