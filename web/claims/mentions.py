"""Which words of a record's prose name somebody or something: evidence like that of a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib.namespace import RDF

from kg.model.namespaces import OA
from kg.model.rdf import Iri, Term, value_of
from web.site.names import Names, Thing

Mentions = Mapping[Iri, "tuple[Mention, ...]"]  # by what is named


@dataclass(frozen=True, slots=True)
class Aside:
    """What is told beside values: the words of records that name one, what it was called then."""

    mentions: Mentions
    then: Mapping[Iri, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """`words` in a field of a record."""

    record: Thing
    field: str
    words: str


def read(found: Iterable[Mapping[str, Term]], names: Names) -> Mentions:
    """The mentions in rows of `(evidence, record, named, p, o)`, in the order of their records."""
    known: dict[Iri, tuple[Iri, Iri]] = {}
    said: dict[Iri, dict[Iri, str]] = defaultdict(dict)
    for row in found:
        evidence = str(row["evidence"])
        known[evidence] = str(row["named"]), str(row["record"])
        said[evidence][str(row["p"])] = value_of(row["o"])
    made: dict[Iri, list[Mention]] = defaultdict(list)
    for evidence in sorted(known, key=lambda each: (len(each), each)):
        named, record = known[evidence]
        told = said[evidence]
        words = told.get(str(OA.exact), "")
        made[named].append(Mention(names.thing(record), told.get(str(RDF.value), ""), words))
    return {named: tuple(each) for named, each in made.items()}
