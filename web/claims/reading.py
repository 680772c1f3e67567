"""Claims out of query rows. Rows are `(claim, p, o)`; a selector's values come as the claim's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import RDF

from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Literal, Term
from web.site.asking import ask

LIMIT = 1_000  # claims about one entity that a page reads

ACCEPTED = str(RDF.Statement)  # in our rows: the statement itself is in the graph


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """One claim, as the graph has it.

    `start` and `end` are code points of the source's text, None where the source is a record;
    `paragraph` counts from 1, None where the sheet tells none.
    `accepted` says that the statement itself is in the graph, `disputed` that one which contradicts
    it is there too.
    """

    iri: Iri
    subject: Iri
    predicate: Iri
    object: Term
    source: Iri
    speaker: Iri | None
    modality: Iri
    positive: bool
    reviewed: bool
    gloss: Literal | None
    quote: str
    start: int | None
    end: int | None
    paragraph: int | None
    evidence: Iri | None
    contradicts: tuple[Iri, ...]
    corroborates: tuple[Iri, ...]
    accepted: bool
    disputed: bool

    @property
    def contradicted(self) -> bool:
        return bool(self.contradicts)

    def iris(self) -> Iterator[Iri]:
        """Every IRI that a page needs a name for."""
        yield from (self.subject, self.source, self.predicate)
        if self.speaker:
            yield self.speaker
        if isinstance(self.object, str):
            yield self.object


def claims_query(iri: Iri) -> str:
    """The query for the claims about `iri`."""
    return ask("web.claims", "about", entity=iri, limit=LIMIT)


def read(rows: Iterable[Mapping[str, Term]]) -> list[StatedClaim]:
    """The claims in `rows`, in the order of their text, then by IRI; incomplete ones left out."""
    found: dict[Iri, dict[Iri, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        found[str(row["claim"])][str(row["p"])].add(row["o"])
    claims = (_claim(iri, values) for iri, values in found.items())
    return sorted(
        (each for each in claims if each),
        key=lambda each: (each.source, each.start is None, each.start or 0, each.iri),
    )


def _claim(iri: Iri, values: Mapping[Iri, set[Term]]) -> StatedClaim | None:
    def one(name: object) -> Term | None:
        return min(values.get(str(name), ()), key=str, default=None)

    def iri_of(name: object) -> Iri | None:
        term = one(name)
        return term if isinstance(term, str) else None

    def text(name: object) -> str:
        term = one(name)
        return term.value if isinstance(term, Literal) else ""

    def many(name: object) -> tuple[Iri, ...]:
        return tuple(sorted(each for each in values.get(str(name), ()) if isinstance(each, str)))

    subject, predicate, source = iri_of(RDF.subject), iri_of(RDF.predicate), iri_of(CLM.statedIn)
    target, gloss = one(RDF.object), one(CLM.gloss)
    if subject is None or predicate is None or source is None or target is None:
        return None
    return StatedClaim(
        iri=iri,
        subject=subject,
        predicate=predicate,
        object=target,
        source=source,
        speaker=iri_of(CLM.attributedTo),
        modality=iri_of(CLM.modality) or str(CLM.Asserted),
        positive=text(CLM.polarity) != "false",
        reviewed=iri_of(CLM.reviewStatus) != str(CLM.Draft),
        gloss=gloss if isinstance(gloss, Literal) else None,
        quote=text(OA.exact),
        start=_number(text(OA.start)),
        end=_number(text(OA.end)),
        paragraph=_number(text(CLM.paragraph)),
        evidence=iri_of(CLM.evidence),
        contradicts=many(CLM.contradicts),
        corroborates=many(CLM.corroborates),
        accepted=bool(values.get(ACCEPTED)),
        disputed=any(isinstance(each, str) for each in values.get(str(CLM.disputed), ())),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
