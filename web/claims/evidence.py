"""What stands behind a value, source by source: a passage, or what the row of a register tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from rdflib.namespace import DCTERMS, FOAF

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term
from web.claims.mentions import Mention
from web.claims.shown import Shown
from web.site.asking import ask
from web.site.names import Names, Thing, readable
from web.site.sources import Source
from web.site.values import Words, words

_IDENTIFIER = re.compile(r"[a-z\d]+(?:-[a-z\d]+)+\Z")  # tells a reader nothing
RECORDS, FEW = 60, 3  # rows of one thing whose words, and whose fields, its page reads


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a register tells: its own sentence, its fields by their names, its page."""

    words: Words | None = None
    page: Iri = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source and what it says, as far as it is quoted; `column` names the field of a row where it
    is not the row's own sentence.

    `claim` makes the statement, where one does; `claim.standing` may be another than the value's.
    """

    source: Source
    words: Words | None = None
    column: str = ""
    claim: Shown | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A document, or the rows of one `register`, which is None for a document."""

    register: Thing | None
    each: tuple[Evidence, ...]


def told_query(records: Sequence[Iri]) -> str:
    """The query for what rows tell; its solutions alone have `told`."""
    return ask("web.claims", "told", records=records[:RECORDS], few=records[:FEW])


def read_rows(found: Iterable[Mapping[str, Term]]) -> dict[Iri, Row]:
    """Rows out of `(told, p, o)`."""
    made: dict[Iri, Row] = {}
    for each in found:
        iri, name, value = str(each["told"]), str(each["p"]), each["o"]
        row = made.get(iri, Row())
        if not isinstance(value, Literal):
            made[iri] = replace(row, page=value if name == str(FOAF.page) else row.page)
        elif name == str(DCTERMS.description):
            made[iri] = replace(row, words=words(value))
        elif name == str(CLM.field):
            column, _, text = value.value.partition(": ")
            made[iri] = replace(row, fields={**row.fields, column: text})
    return made


def source_of(iri: Iri, rows: Mapping[Iri, Row], names: Names) -> Source:
    """A source, a row with the page where its publisher shows it."""
    source = names.source(iri)
    return source.at(rows[iri].page) if iri in rows else source


def evidence(
    claims: Sequence[Shown],
    records: Iterable[Iri],
    mentions: Sequence[Mention],
    rows: Mapping[Iri, Row],
    names: Names,
) -> tuple[Evidence, ...]:
    """All of a value's, those with words first, each source once for what it says."""
    made = [_claimed(each, rows, names) for each in claims]
    claimed = {each.claim.source for each in claims}
    for mention in mentions:
        if mention.record.iri not in claimed:
            source = source_of(mention.record.iri, rows, names)
            row = rows.get(mention.record.iri, Row())
            made.append(_of_row(source, row, mention.field, mention.words))
    known = claimed.union(each.record.iri for each in mentions)
    made += [Evidence(source_of(each, rows, names)) for each in records if each not in known]
    once = {(each.source.iri, each.words, each.claim and each.claim.href): each for each in made}
    return tuple(sorted(once.values(), key=lambda each: (each.words is None, not each.source.row)))


def grouped(found: Iterable[Evidence], names: Names) -> tuple[Group, ...]:
    """Documents one by one, then rows under their register."""
    ordered = sorted(found, key=lambda each: (each.source.whole, each.source.iri))
    made = []
    for register, rows in groupby(ordered, key=lambda each: each.source.whole):
        if register:
            made.append(Group(names.thing(register), tuple(rows)))
        else:
            made += [Group(None, (each,)) for each in rows]
    return tuple(made)


def _claimed(claim: Shown, rows: Mapping[Iri, Row], names: Names) -> Evidence:
    passage, source = claim.claim.first, source_of(claim.claim.source, rows, names)
    if source.row:
        return _of_row(source, rows.get(source.iri, Row()), passage.field, passage.quote, claim)
    quote = Words(passage.quote, source.language) if passage.quote else None
    return Evidence(source, quote, "", claim)


def _of_row(
    source: Source, row: Row, column: str, quote: str, claim: Shown | None = None
) -> Evidence:
    """What a row tells in a column: in its own sentence, where the column has that."""
    text = row.fields.get(column, "")
    if row.words and row.words.text == text:
        return Evidence(source, row.words, "", claim)
    told = "" if _IDENTIFIER.match(text) else text or quote
    return Evidence(
        source,
        Words(told) if told else None,
        readable(column).removesuffix(" id") if told else "",
        claim,
    )
