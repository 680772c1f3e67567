"""Dates: what they may mean, in days. Through the model; what a build makes of them is tested
by `tests/test_bounds.py`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.dates import Date, Day, Edtf, bounds, ordinal, read_date
from web.site.dates import date as shown

DAYS = st.dates()
YEARS = st.integers(-9999, 9999)


def told(text: str, julian: bool = False) -> tuple[str, str]:
    earliest, latest = bounds(read_date(text, julian=julian))
    return str(earliest or ".."), str(latest or "..")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        # Level 0
        ("1985-04-12", "1985-04-12", "1985-04-12"),
        ("1985-04", "1985-04-01", "1985-04-30"),
        ("1985", "1985-01-01", "1985-12-31"),
        ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12"),
        ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12"),
        ("1985-04-12T23:20:30-04:00", "1985-04-12", "1985-04-12"),
        ("1964/2008", "1964-01-01", "2008-12-31"),
        ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
        # Level 1
        ("Y170000002", "170000002-01-01", "170000002-12-31"),
        ("Y-17000", "-17000-01-01", "-17000-12-31"),
        ("1943-21", "1943-03-01", "1943-05-31"),
        ("1943-24", "1943-12-01", "1944-02-29"),
        ("1984?", "1984-01-01", "1984-12-31"),
        ("1984~", "1983-01-01", "1985-12-31"),
        ("2004-01~", "2003-12-01", "2004-02-29"),
        ("2004-03-01%", "2004-02-29", "2004-03-02"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("199X~", "1980-01-01", "2009-12-31"),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("1985-02-XX", "1985-02-01", "1985-02-28"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31"),
        ("1985-04-12/..", "1985-04-12", ".."),
        ("../1985-04", "..", "1985-04-30"),
        ("1985-04-12/", "1985-04-12", ".."),
        ("/1985-04-12", "..", "1985-04-12"),
        ("1984~/2004-06", "1983-01-01", "2004-06-30"),
        # Before the era: 0000 is 1 BCE
        ("-0043-03-15", "-0043-03-15", "-0043-03-15"),
        ("0000-02", "0000-02-01", "0000-02-29"),
        ("-004X", "-0049-01-01", "-0040-12-31"),
    ],
)
def test_the_days_that_a_date_may_mean(text: str, earliest: str, latest: str) -> None:
    assert told(text) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "1815-02-30", "1815-13", "1900-02-29", "-0000", "15-02-03", "2015-5-1", "٢٠١٥", "", " 1985",
        "1985-04T10:00:00", "1985-04-12T24:00:00", "1985-04-12T10:00", "1985-04-12T10:00:00~",
        "1943-21-03", "1985-XX-03", "199X-05", "1XXX", "XXXX", "Y1985", "/", "../..", "../",
        "2015/2014", "1964/2008/2010", "1985-04-12T10:00:00/1986", "about 1985", "1985~?",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"no date of EDTF|no interval|has no such|before it starts"
    ):
        read_date(text)


@pytest.mark.parametrize(
    ("julian", "earliest", "latest"),
    [
        ("1917-10-25", "1917-11-07", "1917-11-07"),  # the October Revolution
        ("1582-10-04", "1582-10-14", "1582-10-14"),  # the last day before the reform
        ("1900-02-29", "1900-03-13", "1900-03-13"),  # a leap day that the Gregorian calendar lacks
        ("-0043-03-15", "-0043-03-13", "-0043-03-13"),  # the Ides of March, 44 BCE
        ("1917-10", "1917-10-14", "1917-11-13"),
        ("1917", "1917-01-14", "1918-01-13"),
        ("1730-02-11~", "1730-02-21", "1730-02-23"),
        ("1917-10-25/1918-02", "1917-11-07", "1918-03-13"),
    ],
)
def test_the_julian_calendar(julian: str, earliest: str, latest: str) -> None:
    assert told(julian, julian=True) == (earliest, latest)


@given(DAYS)
def test_days_months_and_years_are_those_of_the_calendar(day: date) -> None:
    iso = day.isoformat()
    last = monthrange(day.year, day.month)[1]
    assert told(iso) == (iso, iso)
    assert told(iso[:7]) == (f"{iso[:7]}-01", f"{iso[:7]}-{last}")
    assert told(iso[:4]) == (f"{iso[:4]}-01-01", f"{iso[:4]}-12-31")
    assert ordinal(Day(day.year, day.month, day.day)) == day.toordinal()


@given(YEARS, YEARS)
def test_years_sort_across_the_era(one: int, other: int) -> None:
    first, second = (f"{'-' if year < 0 else ''}{abs(year):04}" for year in (one, other))
    assert (bounds(Date(first)) < bounds(Date(second))) == (one < other)
    assert (Date(first) < Date(second)) == (one < other)
    if one < other:
        assert bounds(Edtf(f"{first}/{second}")) == (Day(one, 1, 1), Day(other, 12, 31))


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_about_lies_around_and_doubt_moves_nothing(day: date, size: int) -> None:
    text = day.isoformat()[:size]
    first, last = bounds(Date(text))
    assert bounds(Edtf(f"{text}?")) == (first, last)
    wider_first, wider_last = bounds(Edtf(f"{text}~"))
    assert first
    assert last
    assert wider_first
    assert wider_last
    assert wider_first < first <= last < wider_last
    unit = ordinal(last) - ordinal(first) + 1
    assert 0.9 * unit <= ordinal(first) - ordinal(wider_first) <= 1.11 * unit


@given(st.integers(-5000, 5000))
def test_every_fourth_julian_year_is_a_leap_year_and_no_day_is_left_out(year: int) -> None:
    this, following = (f"{'-' if each < 0 else ''}{abs(each):04}" for each in (year, year + 1))
    first, last = bounds(Edtf(this, julian=True))
    after, _ = bounds(Edtf(following, julian=True))
    assert first
    assert last
    assert after
    assert ordinal(after) == ordinal(last) + 1
    assert ordinal(last) - ordinal(first) + 1 == (366 if year % 4 == 0 else 365)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2015-05-12", "12 May 2015"),
        ("1964~", "about 1964"),
        ("1964%", "about 1964 (uncertain)"),
        ("2013-23", "autumn 2013"),
        ("199X", "1990s"),
        ("2004-06-XX", "June 2004"),
        ("-0043-03-15", "15 March 44 BC"),
        ("0000", "1 BC"),
        ("1943/1945", "1943 – 1945"),
        ("../1945", "until 1945"),
        ("2015-05-12T15:30:00Z", "12 May 2015, 15:30"),
        ("no date", "no date"),
    ],
)
def test_dates_in_words(text: str, words: str) -> None:
    """No page says less than the expression does, nor more."""
    assert shown(text) == words
