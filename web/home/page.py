"""The home page: one sentence, one contested case, questions, counts, ways to the data."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kg.ontology.terms import LAST
from kg.queries import SavedQuery
from kg.store.disagreements import DisagreementTable
from web.claims.contests import Contest, contests
from web.site import Site
from web.site.catalogue import answered
from web.site.heads import inert_json
from web.site.values import several

_ASKED = ("where-did-they-meet", "fulfilled-plans", "allegations")


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of one class there are."""

    name: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that the home page shows.

    Attributes:
        title, description: the graph's own, from its settings.
        case: the disagreement on which most sources speak, None where there is none.
        questions: saved queries to try.
        counts: things by class, in this release, of the classes that the ontology orders.
        triples, built: the size of the release and its day.
        jsonld: the graph as a schema.org data set.
    """

    title: str
    description: str
    case: Contest | None
    questions: tuple[SavedQuery, ...]
    counts: tuple[Count, ...]
    triples: int
    built: str
    jsonld: Markup


def home_page(site: Site) -> HomePage:
    settings, manifest, links = site.settings, site.graph.release.manifest, site.links()
    by_class = manifest.counts.classes
    return HomePage(
        title=settings.title,
        description=settings.description,
        case=_case(site),
        questions=_questions(answered(site.graph.release)),
        counts=tuple(
            Count(
                several(each, by_class[each.iri]),
                by_class[each.iri],
                links.at(f"/page/{each.segment}/"),
            )
            for each in sorted(site.ontology.classes.values(), key=lambda each: each.order)
            if each.order < LAST and each.iri in by_class
        ),
        triples=manifest.counts.triples,
        built=manifest.day,
        jsonld=inert_json(
            {
                "@context": "https://schema.org",
                "@type": "Dataset",
                "name": settings.title,
                "description": settings.description,
                "url": settings.base,
                "license": settings.licence,
                "version": site.graph.release.id,
                "dateModified": manifest.day,
                "distribution": {
                    "@type": "DataDownload",
                    "encodingFormat": "text/turtle",
                    "contentUrl": f"{settings.base}dumps/chancery.ttl.gz",
                },
            }
        ),
    )


def _questions(saved: list[SavedQuery]) -> tuple[SavedQuery, ...]:
    """Three that have an answer: first those that show most."""
    order = {name: number for number, name in enumerate(_ASKED)}
    best = sorted(saved, key=lambda each: (order.get(each.name, len(order)), each.name))
    return tuple(best[: len(order)])


def _case(site: Site) -> Contest | None:
    with DisagreementTable.open(site.graph.release.search) as table:
        loudest = table.loudest("DifferentValues", "DifferentDates")
    return next(iter(contests(site, [loudest])), None) if loudest else None
