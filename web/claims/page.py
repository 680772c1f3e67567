"""The page of one claim: the statement in words, who makes it, what stands for or against it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.namespaces import CLM
from kg.model.rdf import Iri
from kg.store import Graph, rows
from web.claims.reading import LIMIT, StatedClaim, read
from web.claims.shown import Shown, overruling, settling, show
from web.site import Site
from web.site.asking import ask
from web.site.citing import Citation, citation
from web.site.heads import Head, head
from web.site.names import Thing
from web.site.values import Words


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """All that the page of a claim shows.

    Attributes:
        head: links and JSON-LD for machines.
        iri: the claim's name in RDF.
        shown: the claim itself.
        modality, meaning: how firmly it is made, and what that word says.
        verdict: whether the project takes it as so, and why.
        against: the claims on other sides of a disagreement.
        alike: the claims of any source that say the same.
        sparql: the query behind the page, as an address of the endpoint.
        citation: how to cite the claim.
    """

    head: Head
    iri: Iri
    shown: Shown
    modality: Thing
    meaning: str
    verdict: str
    against: tuple[Shown, ...]
    alike: tuple[Shown, ...]
    sparql: str
    citation: Citation

    @property
    def title(self) -> str:
        """The statement as one line of text."""
        return statement(self.shown)


def query(iris: tuple[Iri, ...]) -> str:
    return ask("web.claims", "these", claims=iris)


def claim_page(site: Site, iri: Iri) -> ClaimPage | None:
    """The page of the claim `iri`, None where there is none."""
    claim = next(iter(_read(site.graph, (iri,))), None)
    if claim is None:
        return None
    bearing = {
        str(row["claim"]): getattr(row["against"], "value", "") == "true"
        for row in rows(site.graph, ask("web.claims", "bearing", claim=iri, limit=LIMIT))
    }
    others = _read(site.graph, tuple(bearing))
    names = site.names(each for one in (claim, *others) for each in (one.iri, *one.iris()))
    shown = show(claim, names)
    term = site.ontology.find(claim.modality)
    title = statement(shown)
    release, settings = site.graph.release, site.settings
    return ClaimPage(
        head=head(
            iri,
            names.links,
            (str(CLM.Claim),),
            settings.licence,
            {
                "@id": iri,
                "@type": "Claim",
                "name": title,
                "text": claim.first.quote,
                "appearance": {"@id": claim.source, "name": shown.source.label},
                "author": [
                    {"@id": iri, "name": each.label}
                    for iri, each in zip(claim.speakers, shown.speakers, strict=True)
                ],
            },
        ),
        iri=iri,
        shown=shown,
        modality=names.thing(claim.modality),
        meaning=term.definition if term else "",
        verdict=_verdict(claim),
        against=tuple(show(each, names) for each in others if bearing[each.iri]),
        alike=tuple(show(each, names) for each in others if not bearing[each.iri]),
        sparql=names.links.sparql(query((iri,))),
        citation=citation(iri, f"{title} — {shown.source.label}", settings, release, names.links),
    )


def statement(shown: Shown) -> str:
    """`John Kerry in Sochi, 12 May 2015 — place: Moscow`; a denial says so."""
    value = shown.object.text if isinstance(shown.object, Words) else shown.object.label
    denied = "" if shown.claim.positive else "not "
    return f"{shown.subject.label} — {shown.relation.label}: {denied}{value}"


def _read(graph: Graph, iris: tuple[Iri, ...]) -> list[StatedClaim]:
    return read(rows(graph, query(iris))) if iris else []


def _verdict(claim: StatedClaim) -> str:
    if not claim.positive:
        return _of_denial(claim)
    if claim.accepted and claim.contested:
        return "Taken as so beside what speaks against it: sources of equal rank disagree."
    if claim.accepted and claim.disputed:
        return f"Taken as so, against what contradicts it: {settling(claim.settled)}."
    if claim.accepted:
        return "Taken as so."
    if claim.disputed and claim.settled:
        return f"Not taken as so: {overruling(claim.settled)}."
    if claim.modality != str(CLM.Asserted):
        return "Not taken as a fact, since its source does not state it as one."
    if not claim.reviewed:
        return "Not taken as so yet: it waits for review."
    return _untaken(claim)


def _untaken(claim: StatedClaim) -> str:
    if claim.predicate == str(CLM.assessment):
        return "Not taken as a fact: it says what its source thinks."
    return "Not taken over, since a more exact value is known."


def _of_denial(claim: StatedClaim) -> str:
    if claim.accepted and claim.contested:
        return "A denial. What it denies is taken as so all the same: sources disagree."
    if claim.accepted:
        return f"A denial. What it denies is taken as so: {settling(claim.settled)}."
    return "A denial, so it adds no fact."
