"""States and places: one reference each, with coordinates only where they are sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model.errors import DataError
from kg.model.facts import Date, Entity, Ref, Statement, Text, Url
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections, DatedName
from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.places import Places

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


def described(*locales: tuple[str, str], places: Places | None = None) -> dict[Ref, Entity]:
    gazetteer = Gazetteer(Known(entities={SOCHI.ref: SOCHI}), CORRECTIONS, LABELS, places)
    gazetteer.locate(locales, gazetteer.cities())
    return {each.ref: each for each in gazetteer.place_entities()}


def test_a_certain_city_has_coordinates() -> None:
    """The one Dakar of Senegal has its coordinates and its GeoNames identifier."""
    dakar = described(("france", "Dakar (Senegal)"))[Ref("place/senegal/dakar")]
    told = {name: value for _, name, value in dakar.description}
    assert told["within"] == "place/senegal"
    assert told["skos:exactMatch"] == Url("https://sws.geonames.org/2253354/")
    assert str(told["wgs84:lat"]).startswith("14.")


def test_an_uncertain_place_has_none() -> None:
    """A villa, an air base, a misspelling: within its country, and nowhere on the map."""
    villa = described(("france", "Rambouillet Castle"))[Ref("place/france/rambouillet-castle")]
    assert [name for _, name, _ in villa.description] == ["within"]


def test_initials_after_a_comma_belong_to_the_name(gazetteer: Gazetteer) -> None:
    """A comma parts two towns, but not a town and its district."""
    assert list(gazetteer.locales("france", "Paris, X.Y., Lyon, D.F.")) == [
        "place/france/paris-x-y",
        "place/france/lyon-d-f",
    ]


def test_two_names_of_a_city_are_one_place() -> None:
    """What GeoNames has as one city is one place, called as it is today; the other leads on."""
    found = described(("russia", "Leningrad"), ("russia", "Saint Petersburg"))
    kept = found[Ref("place/russia/saint-petersburg")]
    assert (kept.label, kept.alt_labels) == (Text("Saint Petersburg"), (Text("Leningrad"),))
    merged = found[Ref("place/russia/leningrad")]
    assert merged.deprecated
    assert merged.description[1].value == kept.ref


def test_a_row_says_what_is_one_and_where_it_lies_today(tmp_path: Path) -> None:
    """A town of another state is so by a row with a reason; without a reason it is refused."""
    path = tmp_path / "places.yaml"
    row = "places: {senegal/goree: {label: Gorée, merges: [russia/gore], because: a test"
    path.write_text(f"{row}, names: [{{name: Gore, until: 1960}}]}}}}")
    found = described(("russia", "Gore"), places=Places.load(path))
    kept = found[Ref("place/senegal/goree")]
    assert (kept.label, kept.description[0].value) == (Text("Gorée"), "place/senegal")
    assert found[Ref("place/russia/gore")].deprecated
    assert found[Ref("name/senegal/goree/gore")].description[0].value == kept.ref
    path.write_text("places: {senegal/goree: {merges: [russia/gore]}}")
    with pytest.raises(DataError, match="merges without one"):
        Places.load(path)


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
