"""The home page: what the graph holds in time and space, what happened today, a contested case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from kg.ontology.nouns import several
from kg.ontology.terms import LAST
from kg.queries import SavedQuery
from kg.store.disagreements import DisagreementTable
from kg.store.happenings import Happenings
from kg.store.selection import Selection
from web.claims.contests import Contest, contests
from web.site import Site
from web.site.catalogue import answered
from web.site.charts import Chart, interval, over_time
from web.site.heads import inert_json
from web.site.holdings import Holdings, events, holdings

_PAST = 5  # events of today's day
_ASKED = ("where-did-they-meet", "fulfilled-plans", "allegations")


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of one class there are."""

    name: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Anniversary:
    """An event, and the year in which it was."""

    year: int
    label: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that the home page shows.

    Attributes:
        title, description: the graph's own, from its settings.
        case: the disagreement on which most sources speak, None where there is none.
        questions: saved queries to try.
        counts: things by class, in this release, of the classes that the ontology orders.
        years: when events were, as a chart, None where none has a date.
        places: where most events were, with how many; `more` are others.
        day, anniversaries, on_day: today, what happened on it in other years, how often in all.
        calendar: the address of all of that.
        jsonld: the graph as a schema.org data set.
    """

    title: str
    description: str
    case: Contest | None
    questions: tuple[SavedQuery, ...]
    counts: tuple[Count, ...]
    years: Chart | None
    places: tuple[Count, ...]
    more: int
    day: str
    anniversaries: tuple[Anniversary, ...]
    on_day: int
    calendar: str
    jsonld: Markup


def home_page(site: Site, day: date) -> HomePage:
    settings, manifest, links = site.settings, site.graph.release.manifest, site.links()
    held = holdings(site)
    by_class = held.counts
    chosen = Selection(kinds=events(site), day=100 * day.month + day.day)
    with Happenings.open(site.graph.release.happenings) as tables:
        past = tables.rows(chosen, backwards=True, size=_PAST)
        on_day = tables.total(chosen) if len(past) == _PAST else len(past)
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
        years=_years(site, held) if held.years else None,
        places=tuple(
            Count(each.value.label, each.times, links.to(each.value.iri) or "")
            for each in held.places.values
        ),
        more=held.places.number - len(held.places.values),
        day=f"{day.day} {day:%B}",
        anniversaries=tuple(
            Anniversary(
                each.start[0].year if each.start[0] else 0,
                each.thing.label,
                each.thing.language,
                links.to(each.thing.iri) or "",
            )
            for each in past
        ),
        on_day=on_day,
        calendar=links.at(f"/on/{day:%m-%d}"),
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


def _years(site: Site, held: Holdings) -> Chart:
    links = site.links()

    def at(first: int | None, last: int | None) -> str:
        name = interval(first, last)
        return links.at("/timeline", period=name) if "/" in name else links.at(f"/on/{name}")

    return over_time("Events by year", held.years, at, "event")


def _questions(saved: list[SavedQuery]) -> tuple[SavedQuery, ...]:
    """Three that have an answer: first those that show most."""
    order = {name: number for number, name in enumerate(_ASKED)}
    best = sorted(saved, key=lambda each: (order.get(each.name, len(order)), each.name))
    return tuple(best[: len(order)])


def _case(site: Site) -> Contest | None:
    with DisagreementTable.open(site.graph.release.search) as table:
        loudest = table.loudest("DifferentValues", "DifferentDates")
    return next(iter(contests(site, [loudest])), None) if loudest else None
