"""What the things of an event were called when it was, and in which state they lay then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib.namespace import XSD

from kg.model.dates import bounds, read_date
from kg.model.rdf import Iri, Literal, Term, value_of
from kg.ontology import Ontology
from web.site.asking import ask
from web.site.subject import Subject


def query(subject: Subject, ontology: Ontology) -> str | None:
    """The query for the things that an event has; None without a day, or names that were dated."""
    try:
        first, _ = bounds(read_date(subject.start)) if subject.start else (None, None)
    except ValueError:
        first = None
    if first is None or not ontology.playing("Naming", "Territory"):
        return None
    values = {each for of in subject.facts.values() for each in of if isinstance(each, str)}
    day = Literal(str(first), str(XSD.date))
    return ask("web.entities", "then", ontology, values=sorted(values), day=day)


def read(subject: Subject, found: Iterable[Mapping[str, Term]]) -> dict[Iri, str]:
    """`in 1972: Kiev, Soviet Union`, by what is called otherwise today."""
    told: dict[Iri, dict[str, dict[str, None]]] = {}
    for row in found:
        for name in ("then", "around"):
            if name in row:
                parts = told.setdefault(str(row["known"]), {"then": {}, "around": {}})
                parts[name][value_of(row[name])] = None
    year = subject.start[:4]
    return {
        known: f"in {year}: {', '.join((*parts['then'], *parts['around']))}"
        for known, parts in told.items()
    }
