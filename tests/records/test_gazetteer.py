"""States and places: one reference each, with coordinates only where they are sure."""

from __future__ import annotations

import pytest

from kg.model.facts import Date, Entity, Ref, Statement, Text, Url
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections, DatedName
from kg.registers.us_state.gazetteer import Gazetteer

LABELS = {
    "russia": {"Russia": 5, "U.S.S.R.": 9},
    "france": {"France": 3},
    "senegal": {"Senegal": 1},
    "turkey": {"Turkey": 4},
    "turkiye": {"Türkiye": 1},
    "antarctica": {"Antarctica": 1},
    "united-kingdom": {"United Kingdom": 2},
}
CORRECTIONS = Corrections(
    aliases={"turkiye": "turkey"},
    territories=frozenset({"antarctica"}),
    names={"russia": (DatedName("U.S.S.R.", Date("1922-12-30"), Date("1991-12-26")),)},
)
SOCHI = Entity(
    ref=Ref("place/sochi"),
    label=Text("Sochi"),
    alt_labels=(Text("Sotchi", "fr"),),
    description=(Statement(Ref("place/sochi"), "within", Ref("place/russia")),),
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(Known(entities={SOCHI.ref: SOCHI}), CORRECTIONS, LABELS)


@pytest.mark.parametrize(
    ("country", "locale", "places"),
    [
        ("russia", "St. Petersburg, Moscow", ["place/russia/st-petersburg", "place/russia/moscow"]),
        ("russia", "Sotchi", ["place/sochi"]),
        ("france", "Dakar (Senegal)", ["place/senegal/dakar"]),
        ("united-kingdom", "Prestwick (Scotland)", ["place/united-kingdom/prestwick"]),
        ("turkiye", "", ["place/turkey"]),
        ("france", "Paris, Paris", ["place/france/paris"]),
    ],
)
def test_locales_are_places(
    gazetteer: Gazetteer, country: str, locale: str, places: list[str]
) -> None:
    """A locale is a place of its country, of the one in brackets, or of the sheets."""
    assert list(gazetteer.locales(country, locale)) == places


def test_a_certain_city_has_coordinates(gazetteer: Gazetteer) -> None:
    """The one Dakar of Senegal has its coordinates and its GeoNames identifier."""
    (dakar,) = gazetteer.locale_entities("france", "Dakar (Senegal)")
    described = {name: value for _, name, value in dakar.description}
    assert described["within"] == "place/senegal"
    assert described["skos:exactMatch"] == Url("https://sws.geonames.org/2253354/")
    assert str(described["wgs84:lat"]).startswith("14.")


def test_an_uncertain_place_has_none(gazetteer: Gazetteer) -> None:
    """A villa, an air base, a misspelling: within its country, and nowhere on the map."""
    (villa,) = gazetteer.locale_entities("france", "Rambouillet Castle")
    assert [name for _, name, _ in villa.description] == ["within"]


def test_aliases_are_one_state(gazetteer: Gazetteer) -> None:
    """Türkiye and Turkey are one state with both names."""
    assert gazetteer.state("turkiye") == gazetteer.state("turkey") == "state/turkey"
    names = {
        text.value for each in gazetteer.country_entities("turkiye") for text in each.alt_labels
    }
    assert "Türkiye" in names


def test_a_territory_is_no_state(gazetteer: Gazetteer) -> None:
    """Antarctica is a place and nobody's government."""
    assert [each.ref for each in gazetteer.country_entities("antarctica")] == ["place/antarctica"]


def test_a_name_of_old_is_dated(gazetteer: Gazetteer) -> None:
    """The U.S.S.R. is a name that the state bore from 1922 to 1991, not what it is called."""
    *_, name = gazetteer.country_entities("russia")
    assert gazetteer.name("russia") == "Russia"
    assert name.ref == "name/russia/u-s-s-r"
    assert {(each, str(getattr(value, "iso", value))) for _, each, value in name.description} == {
        ("nameOf", "state/russia"),
        ("start", "1922-12-30"),
        ("end", "1991-12-26"),
    }
