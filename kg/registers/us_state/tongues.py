"""What countries are called in other languages, as the package countryinfo has it."""

from __future__ import annotations

from collections.abc import Iterator

from countryinfo import CountryInfo, CountryNotFoundError

from kg.model.facts import Text


def names(code: str) -> Iterator[Text]:
    """The names of the country of an ISO 3166-1 code: in the languages that the package has them,
    and in the first of its own.
    """
    try:
        country = CountryInfo(code).info()
    except CountryNotFoundError:
        return
    for language, name in sorted(country.get("translations", {}).items()):
        yield Text(name, language)
    own = country.get("languages")
    if own and country.get("nativeName"):
        yield Text(country["nativeName"], own[0])
