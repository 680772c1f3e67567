"""Where sources disagree: each disagreement with its sides, who is on them, and what settles it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.store.disagreements import DisagreementTable
from web.claims import as_json
from web.claims.contests import Answer, Contest, contests, sides_query
from web.disagreements.choosing import Chosen, Facet, facets
from web.site import Site
from web.site.paging import Paging
from web.site.tables import Cell, Table

SIZE = 20
MOST = 500  # of one file of CSV


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


def table(site: Site, chosen: Chosen, paging: Paging) -> Table:
    """The same, a row for each side."""
    with DisagreementTable.open(site.graph.release.search) as found:
        nodes = found.find(chosen.selection, paging.offset, paging.size)
        total = found.total(chosen.selection)
    columns = (
        "subject", "kind", "question", "value", "denied", "standing", "independent sources",
        "sources", "settled by",
    )  # fmt: skip
    return Table(
        "disagreements",
        columns,
        (_row(each, side) for each in contests(site, nodes) for side in each.answers),
        things=frozenset({"subject", "kind", "value"}),
        more=paging.offset + paging.size < total,
    )


def _row(contest: Contest, side: Answer) -> tuple[Cell, ...]:
    return (
        contest.about,
        contest.kind,
        contest.name,
        side.shown,
        "yes" if side.denied else "no",
        side.standing.word,
        side.independent,
        "; ".join(dict.fromkeys(claim.cited.label for claim in side.claims)),
        "; ".join(settler.thing.label for settler in contest.settlers),
    )


def document(page: DisagreementsPage) -> dict[str, object]:
    """The disagreements as JSON."""
    return {"disagreements": list(map(as_json.contest, page.contests)), "next": page.next or None}
