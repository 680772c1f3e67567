"""Towns of the United States in the prose of visits."""

from __future__ import annotations

import pytest

from kg.model.facts import Ref
from kg.registers.us_state.cities import Cities
from kg.registers.us_state.names import fold
from kg.registers.us_state.places import Places
from kg.registers.us_state.towns import CODE, Towns

SHEET = {
    fold(name): Ref(f"place/{slug}")
    for name, slug in {
        "Washington": "washington-dc", "New York": "new-york-city",
        "New York City": "new-york-city", "Camp David": "camp-david",
    }.items()
}  # fmt: skip


@pytest.fixture(scope="module")
def towns() -> Towns:
    american = {fold("Blair House"): Ref("place/united-states/blair-house")}
    return Towns(Cities({CODE}), SHEET, Places(american=american), ["Lebanon", "Canada"])


# A description, and the places that it says somebody was in, as words and slug.
NAMED = [
    ("Met at Camp David, Md.", [("Camp David, Md.", "camp-david")]),
    ("Stayed at the Blair House.", [("Blair House", "united-states/blair-house")]),
    ("Visited Honolulu (Hawaii), Boston, and New York City.",
     [("Honolulu (Hawaii)", "united-states/honolulu"), ("Boston", "united-states/boston"),
      ("New York City", "new-york-city")]),
    ("Visited Chicago, New York, and Canada.",
     [("Chicago", "united-states/chicago"), ("New York", "new-york-city")]),
    ("In New York June 3-5.", [("New York", "new-york-city")]),
    ("Met in Washington, DC.", [("Washington, DC", "washington-dc")]),
    ("Flew to Springfield (Ill.).", [("Springfield (Ill.)", "united-states/springfield-il")]),
    ("Stayed at Carmel (California).", [("Carmel (California)", "united-states/carmel-ca")]),
    ("Visited St. Paul.", [("St. Paul", "united-states/saint-paul")]),
    ("Spoke at New York University and at Springfield.", []),
    ("Visited Canada, Lebanon and Georgia.", []),
    ("Met with Secretary Houston in London.", []),
    ("Attended the First Washington Conference.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), NAMED)
def test_what_a_description_names(towns: Towns, text: str, found: list[tuple[str, str]]) -> None:
    """After a word of place, alone or in a list, with a state or without; no country, no person."""
    named = list(towns.mentions(text))
    assert [(each.words, each.names and each.names.slug) for each in named] == found
    assert all(text[slice(*each.span)] == each.words and each.confidence > 0 for each in named)


def test_what_was_found_is_described(towns: Towns) -> None:
    """A town lies within the United States, and has the coordinates of its city."""
    list(towns.mentions("Visited Springfield (Illinois)."))
    found = {each.ref: each for each in towns.entities()}
    told = {
        name: value
        for _, name, value in found[Ref("place/united-states/springfield-il")].description
    }
    assert told["within"] == "place/united-states"
    assert str(told["wgs84:lat"]).startswith("39.8")
