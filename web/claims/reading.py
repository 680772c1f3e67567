"""Claims out of query rows: `(claim, p, o)`; those of a selector come with its evidence, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import DCTERMS, RDF, SDO, SKOS

from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Literal, Quad, Term
from web.site.asking import ask

CHOSEN = "# chosen\n"  # stands in a query for the pattern that chooses
LIMIT = 1_000  # claims about one entity that a page reads

Values = dict[Iri, set[Term]]  # of a node, by property

ACCEPTED = str(RDF.Statement)  # in our rows: the statement itself is in the graph


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a claim can be checked. `start` and `end` are code points of the source's text, None
    where the source is a record, whose `field` it is then; `paragraph` counts from 1, None where
    the sheet tells none.
    """

    quote: str = ""
    start: int | None = None
    end: int | None = None
    paragraph: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """One claim, as the graph has it, with its passages in the order of the sheet.

    `accepted` says that the statement itself is in the graph, `disputed` that another speaks
    against it, `open` that nothing settles that. `independent` counts the independent sources that
    say the same, 1 where no other source does.
    """

    iri: Iri
    subject: Iri
    predicate: Iri
    object: Term
    source: Iri
    speakers: tuple[Iri, ...]
    modality: Iri
    positive: bool
    reviewed: bool
    gloss: Literal | None
    condition: Literal | None
    complete: bool
    passages: tuple[Passage, ...]
    evidence: Iri | None
    independent: int
    accepted: bool
    disputed: bool
    open: bool

    @property
    def first(self) -> Passage:
        """The first passage; an empty one where there is none."""
        return self.passages[0] if self.passages else Passage()

    @property
    def contested(self) -> bool:
        """Whether the statement, though taken as so, is not beyond dispute; or why it is not."""
        return self.disputed and (self.open or not self.accepted)

    def iris(self) -> Iterator[Iri]:
        """Every IRI that a page needs a name for."""
        yield from (self.subject, self.source, self.predicate)
        yield from self.speakers
        if isinstance(self.object, str):
            yield self.object


def claims_query(iri: Iri) -> str:
    """The query for the claims about `iri`."""
    return query(ask("web.claims", "about", entity=iri, limit=LIMIT))


def these_query(iris: Iterable[Iri]) -> str:
    """The same for `iris`."""
    return query(ask("web.claims", "these", claims=iris))


def query(chosen: str) -> str:
    """The same for the claims that the pattern `chosen` gives as ?claim."""
    return ask("web.claims", "claims").replace(CHOSEN, chosen)


def read(rows: Iterable[Mapping[str, Term]]) -> list[StatedClaim]:
    """The claims in `rows`, in the order of their text, then by IRI; incomplete ones left out."""
    found: dict[Iri, Values] = defaultdict(lambda: defaultdict(set))
    places: dict[Iri, dict[str, Values]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for row in rows:
        claim, evidence = str(row["claim"]), row.get("evidence")
        values = places[claim][str(evidence)] if evidence else found[claim]
        values[str(row["p"])].add(row["o"])
    claims = (_claim(iri, values, places[iri]) for iri, values in found.items())
    return sorted((each for each in claims if each), key=order)


def stated(quads: Iterable[Quad]) -> list[StatedClaim]:
    """The claims in what was once said of them and of their evidence."""
    told = [*quads]
    chosen = {each.object: each.subject for each in told if each.predicate == str(OA.hasSelector)}
    claims = {each.object: each.subject for each in told if each.predicate == str(CLM.evidence)}
    rows: list[dict[str, Term]] = []
    for each in told:
        of: dict[str, Term] = {"claim": each.subject}
        if evidence := chosen.get(each.subject):
            of = {"claim": claims.get(evidence, ""), "evidence": evidence}
        rows.append({**of, "p": each.predicate, "o": each.object})
    return read(rows)


def order(claim: StatedClaim) -> tuple[Iri, bool, int, Iri]:
    """By source, then as they stand in its text."""
    start = claim.first.start
    return claim.source, start is None, start or 0, claim.iri


def _claim(iri: Iri, values: Values, places: Mapping[Iri, Values]) -> StatedClaim | None:
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
    target, gloss, condition = one(RDF.object), one(DCTERMS.abstract), one(SKOS.scopeNote)
    if subject is None or predicate is None or source is None or target is None:
        return None
    return StatedClaim(
        iri=iri,
        subject=subject,
        predicate=predicate,
        object=target,
        source=source,
        speakers=many(CLM.attributedTo),
        modality=iri_of(CLM.modality) or str(CLM.Asserted),
        positive=text(CLM.polarity) != "false",
        reviewed=iri_of(CLM.reviewStatus) != str(CLM.Draft),
        gloss=gloss if isinstance(gloss, Literal) else None,
        condition=condition if isinstance(condition, Literal) else None,
        complete=text(CLM.complete) == "true",
        # The second evidence of a claim is the first one's name and a number.
        passages=tuple(
            _passage(places[each]) for each in sorted(places, key=lambda name: (len(name), name))
        ),
        evidence=iri_of(CLM.evidence),
        independent=_number(text(CLM.independentSources)) or 1,
        accepted=bool(values.get(ACCEPTED)),
        disputed=bool(values.get(str(CLM.disputed))),
        open=bool(values.get(str(CLM.Disagreement))),
    )


def _passage(values: Values) -> Passage:
    def text(name: object) -> str:
        term = min(values.get(str(name), ()), key=str, default=None)
        return term.value if isinstance(term, Literal) else ""

    start, end, paragraph = (_number(text(each)) for each in (OA.start, OA.end, SDO.position))
    return Passage(text(OA.exact), start, end, paragraph, text(RDF.value))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
