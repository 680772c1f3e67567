"""Titled names are found in running text, and nothing else is."""

from __future__ import annotations

import pytest

from kg.registers.us_state.mentions import find_names

NATIONS = {"Syria": "syria", "Bangladesh": "bangladesh", "Japan": "japan", "Spain": "spain"}

CASES = [
    (
        "Met with Russian Foreign Minister Sergei Lavrov.",
        [("foreign", "Sergei Lavrov", "russia")],
    ),
    (
        "Met with Prime Minister Blair, Israeli Prime Minister Netanyahu, and PLO Chairman Arafat.",
        [
            ("government", "Blair", ""),
            ("government", "Netanyahu", "israel"),
            ("chief", "Arafat", "palestinian-authority"),
        ],
    ),
    (
        "Met with Presidents Clinton and Chirac.",
        [("state", "Clinton", ""), ("state", "Chirac", "")],
    ),
    (
        "Met with President Ziaur Rahman of Bangladesh and Emperor Akihito of Japan.",
        [("state", "Ziaur Rahman", "bangladesh"), ("state", "Akihito", "japan")],
    ),
    ("Met with King Juan Carlos I of Spain.", [("state", "Juan Carlos I", "spain")]),
    (
        "Met with Foreign Minister Sabah al-Khalid al-Sabah.",
        [("foreign", "Sabah al-Khalid al-Sabah", "")],
    ),
    ("Met with Prime Minister Mackenzie King.", [("government", "Mackenzie King", "")]),
    ("Met with Prime Minister J.M.G.M. (Tom) Adams.", [("government", "J.M.G.M. (Tom) Adams", "")]),
    ("Met with Prime Minister Theresa May.", [("government", "Theresa May", "")]),
    ("Met with President Bush May 4.", [("state", "Bush", "")]),
    ("Met with Vice President Gore.", [("vice", "Gore", "")]),
    ("Discussed President Clinton’s proposals.", [("state", "Clinton", "")]),
    ("Met with Prime Minister Dr. Hubert A. Minnis.", [("government", "Dr. Hubert A. Minnis", "")]),
    ("Met with the Amir of Kuwait.", []),
    ("Attended the UN General Assembly.", []),
    ("Attended a NATO Foreign Ministers Meeting.", []),
    ("Met with the Presidents of the Central American Republics.", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:50] for case in CASES])
def test_finds_titled_names(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Each title with a name gives its kind of office, the whole name, and the nation told."""
    found = [(each.kind, each.name, each.nation) for each in find_names(text, NATIONS)]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Attended the funeral of President Sadat.",
        "Attended memorial service for former President Nelson Mandela.",
        "Delivered a letter from President Carter.",
        "Met with Prime Minister Marape on behalf of President Biden.",
    ],
)
def test_knows_who_was_not_there(text: str) -> None:
    """Whoever is buried, or only sent a letter, is marked as absent."""
    assert list(find_names(text, {}))[-1].role == "absent"


def test_absence_ends_with_its_sentence() -> None:
    """Who is met after a funeral was there."""
    text = "Attended the funeral of Prime Minister Palme. Met with Soviet Premier Ryzhkov."
    assert [each.role for each in find_names(text, {})] == ["absent", "met"]


def test_marks_former_officeholders() -> None:
    """A former president is one, in whatever year."""
    (found,) = find_names("Met with former President Carter.", {})
    assert found.former
    assert found.name == "Carter"
