"""An entity in the words of schema.org, for the head of its page."""

from __future__ import annotations

from kg.model.rdf import Literal
from web.entities.subject import Subject
from web.site.diplomacy import DIP
from web.site.names import Names

# The closest class of schema.org, the most specific of ours first.
_TYPES = (
    ("Person", "Person"),
    ("Organization", "Organization"),
    ("State", "Country"),
    ("Place", "Place"),
    ("Event", "Event"),
    ("Document", "Article"),
    ("Dataset", "Dataset"),
    ("Claim", "Claim"),
)


def described(
    subject: Subject, kinds: frozenset[str], name: str, sentence: str, names: Names
) -> dict[str, object]:
    def first(term: str) -> str:
        values = subject.facts.get(str(DIP) + term, ())
        return values[0].value if values and isinstance(values[0], Literal) else ""

    def called(*terms: str) -> list[dict[str, str]]:
        values = (each for term in terms for each in subject.facts.get(str(DIP) + term, ()))
        return [
            {"@id": each, "name": names.thing(each).label}
            for each in values
            if isinstance(each, str)
        ]

    thing: dict[str, object] = {
        "@id": subject.iri,
        "@type": next((theirs for ours, theirs in _TYPES if ours in kinds), "Thing"),
        "name": name,
        "description": sentence,
        "alternateName": [each.value for each in subject.other_names],
        "sameAs": list(subject.same_as),
    }
    if "Event" in kinds:
        thing |= {
            "startDate": first("start") or first("onDate"),
            "endDate": first("end"),
            "location": called("place"),
            "actor": called("traveller", "host", "participant"),
        }
    if subject.position:
        latitude, longitude = subject.position
        thing["geo"] = {
            "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude
        }  # fmt: skip
    return thing
