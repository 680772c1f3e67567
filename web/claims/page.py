"""The page of one claim: the statement in words, who makes it, what stands for or against it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.namespaces import CLM
from kg.model.rdf import Iri
from kg.store import rows
from web.claims.citing import cited
from web.claims.contests import Contest, Contested, sides_query
from web.claims.reading import LIMIT, read, these_query
from web.claims.shown import Shown, show
from web.claims.subjects import speaking
from web.claims.verdict import Verdict, verdict
from web.site import Site
from web.site.asking import ask, together
from web.site.citing import Cited
from web.site.heads import Head, head
from web.site.history import Past, past
from web.site.names import Thing


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """All that the page of a claim shows.

    Attributes:
        head: links and JSON-LD for machines.
        iri: the claim's name in RDF.
        shown: the claim itself.
        modality, meaning: how firmly it is made, and what that word says.
        verdict: whether the project takes it as so, and why.
        contests: the disagreements in which it stands on a side.
        alike: the claims of any source that say the same.
        sparql: the query behind the page, as an address of the endpoint.
        citation: how to cite the claim.
        past: since which release it stands, and what it said before.
    """

    head: Head
    iri: Iri
    shown: Shown
    modality: Thing
    meaning: str
    verdict: Verdict
    contests: tuple[Contest, ...]
    alike: tuple[Shown, ...]
    sparql: str
    citation: Cited
    past: Past | None

    @property
    def title(self) -> str:
        """The claim as one line of text."""
        return self.shown.sentence.text


def claim_page(site: Site, iri: Iri) -> ClaimPage | None:
    """The page of the claim `iri`, None where there is none."""
    claim = next(iter(read(rows(site.graph, these_query([iri])))), None)
    if claim is None:
        return None
    bearing = rows(site.graph, ask("web.claims", "bearing", claim=iri, limit=LIMIT))
    nodes = list(dict.fromkeys(str(row["node"]) for row in bearing if "node" in row))
    said = list(dict.fromkeys(str(row["claim"]) for row in bearing))
    told = rows(site.graph, together(sides_query(nodes), these_query(said))) if said else []
    found = Contested.read((row for row in told if "s" in row), nodes)
    others = read(row for row in told if "claim" in row)
    same = {str(row["claim"]) for row in bearing if "node" not in row} - {iri}
    names = speaking(site, (claim, *others), {iri, *found.iris(), *(one.iri for one in others)})
    shown = show(claim, names)
    term = site.ontology.find(claim.modality)
    contests = found.contests({each.iri: show(each, names) for each in others}, names)
    return ClaimPage(
        head=head(
            iri,
            names.links,
            (str(CLM.Claim),),
            site.settings.licence,
            {
                "@id": iri,
                "@type": "Claim",
                "name": shown.sentence.text,
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
        verdict=verdict(shown, names.term(claim.modality), contests),
        contests=contests,
        alike=tuple(show(each, names) for each in others if each.iri in same),
        sparql=names.links.sparql(these_query([iri])),
        citation=cited(site, shown),
        past=past(site, iri),
    )
