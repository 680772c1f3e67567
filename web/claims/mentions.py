"""Which words of a record's prose name somebody or something: evidence like that of a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from web.site.asking import ask
from web.site.names import Names, Thing

RECORDS, LIMIT = 60, 200  # of one thing that its page reads
Mentions = Mapping[Iri, "tuple[Mention, ...]"]  # by what is named


@dataclass(frozen=True, slots=True)
class Mention:
    """`words` in a field of a record."""

    record: Thing
    field: str
    words: str


def mentions_query(records: Sequence[Iri]) -> str:
    """The query for what the prose of these records names; its solutions alone have `named`."""
    return ask("web.claims", "mentions", records=records[:RECORDS], limit=LIMIT)


def read(found: Iterable[Mapping[str, Term]], names: Names) -> Mentions:
    """The mentions in rows of `(evidence, record, named, field, words)`, in the order of these."""
    made: dict[Iri, list[Mention]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (len(str(row["evidence"])), str(row["evidence"]))):
        record = names.thing(str(row["record"]))
        mention = Mention(record, value_of(row["field"]), value_of(row["words"]))
        made[str(row["named"])].append(mention)
    return {named: tuple(each) for named, each in made.items()}
