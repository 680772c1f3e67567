"""Where sources disagree: each disagreement with its sides, who is on them, and what settles it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.namespaces import CLM
from kg.store.disagreements import DisagreementTable
from web.claims.contests import Answer, Contest, contests, sides_query
from web.disagreements.choosing import Chosen, Facet, facets
from web.site import Site
from web.site.names import Thing
from web.site.paging import Paging

SIZE = 20


@dataclass(frozen=True, slots=True)
class DisagreementsPage:
    """`SIZE` disagreements of `total` that fit `chosen`. The addresses are empty where there is
    nothing to lead to; `feed` is that of the same choice.
    """

    chosen: Chosen
    facets: tuple[Facet, ...]
    contests: tuple[Contest, ...]
    total: int
    sparql: str
    feed: str
    clear: str
    previous: str
    next: str


def disagreements_page(site: Site, chosen: Chosen, paging: Paging) -> DisagreementsPage:
    """The disagreements that fit `chosen`."""
    selection, links = chosen.selection, site.links()
    with DisagreementTable.open(site.graph.release.search) as table:
        nodes = table.find(selection, paging.offset, SIZE)
        total = table.total(selection)
        offered = facets(site, table, chosen)
    parameters = chosen.parameters()
    previous, following = paging.around(
        lambda page: links.at("/disagreements", **parameters, page=page),
        more=paging.offset + SIZE < total,
    )
    return DisagreementsPage(
        chosen=chosen,
        facets=offered,
        contests=contests(site, nodes),
        total=total,
        sparql=links.sparql(sides_query(nodes)),
        feed=links.at("/disagreements.atom", **parameters),
        clear=links.at("/disagreements") if parameters else "",
        previous=previous,
        next=following,
    )


def document(page: DisagreementsPage) -> dict[str, object]:
    """The disagreements as JSON."""
    return {"disagreements": list(map(as_json, page.contests)), "next": page.next or None}


def as_json(contest: Contest) -> dict[str, object]:
    return {
        "iri": contest.iri,
        "kind": contest.kind.iri.removeprefix(str(CLM)),
        "subject": {"iri": contest.about.iri, "label": contest.about.label},
        "property": contest.properties[0],
        "sides": [
            {
                "value": {"iri": each.shown.iri, "label": each.shown.label}
                if isinstance(each.shown, Thing)
                else {"value": getattr(each.term, "value", "")},
                "claims": [claim.claim.iri for claim in each.claims],
                "independentSources": each.independent,
                **({"polarity": False} if each.denied else {}),
                **_apart(each, several=len(contest.properties) > 1),
            }
            for each in contest.answers
        ],
        "settledBy": [each.thing.iri for each in contest.settlers],
        **({"reason": contest.reason} if contest.reason else {}),
    }


def _apart(answer: Answer, *, several: bool) -> dict[str, str]:
    """What else tells sides of one value apart: the property, where there are several, and how
    firmly a side is held, where it is not as a plain fact.
    """
    claim = answer.claims[0]
    told = {"property": claim.relation.iri} if several else {}
    firmly = claim.claim.modality.removeprefix(str(CLM))
    return told if claim.family is None else told | {"modality": firmly}
