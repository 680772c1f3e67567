"""What the page of an explorer shows: what is chosen, what else can be, and what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from markupsafe import Markup, escape

from kg.ontology.facets import KIND, SOURCE, STANDING, Facet
from kg.store.happenings import ACCEPTED, Count, Counts, Happening, Happenings, Value
from kg.store.release import Release
from web.explorer.asked import chosen_query
from web.explorer.choice import DATE, Choice
from web.site import Site
from web.site.charts import Bar, Chart, columns, interval, over_time, ranking
from web.site.dates import date
from web.site.happenings import thing, when
from web.site.links import Links
from web.site.names import Thing
from web.site.paging import Paging
from web.site.period import ALL, Period
from web.site.sources import Source

SIZE = 50
_LISTED = 200  # values that a form lists; of more it takes the name
_SHOWN = 8  # values of a facet beside the rows
_DRAWN = 25  # values of the one that is drawn
_ASIDE = ("Office", "Principal")  # roles of facets that have no column, as who acts has one


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with its count; `href` chooses it, or takes it back where it is `chosen`."""

    value: Value
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A facet: its most frequent values, the `options` of a form by name, empty where there are too
    many; what of it is chosen. `drawn` leads to all of them, `number` are not shown.
    """

    facet: Facet
    entries: tuple[Entry, ...]
    options: Markup
    chosen: tuple[Value, ...]
    drawn: str
    number: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column that rows can be ordered by; `sorted` is the value of `aria-sort`, if they are."""

    label: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `cells` are in the order of the columns after the date; `notes` say what it is where
    it did not simply happen.
    """

    when: str
    thing: Thing
    cells: tuple[tuple[Thing, ...], ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A facet drawn by count; `rest` are values that it can have and nothing chosen has."""

    label: str
    chart: Chart
    rest: tuple[Thing, ...]
    closed: str


@dataclass(frozen=True, slots=True)
class ExplorerPage:
    """What `explorer/explorer.html` reads.

    `undated` of `total` stand in no chart of time. Rows are `named` where no column says who acts.
    The rows are those of `release`, of whose `day` it tells where that is not the one served, as
    `newest` is. `stale` is the release for which the address was made, where it is not kept; what
    is, is at `pruned`.
    """

    choice: Choice
    total: int
    undated: int
    panels: tuple[Panel, ...]
    chart: Chart
    drawn: Drawn | None
    columns: tuple[Column, ...]
    named: bool
    lines: tuple[Line, ...]
    previous: str
    next: str
    clear: str
    always: str
    noun: str
    formats: tuple[tuple[str, str], ...]
    sparql: str
    permanent: str
    release: str
    day: str
    newest: str
    stale: str
    pruned: str


def explorer_page(site: Site, tables: Happenings, choice: Choice, release: Release) -> ExplorerPage:
    """The page of a choice, of the rows of a release."""
    links, paging = site.links(), Paging(choice.page, SIZE)
    former = "" if release.id == site.graph.release.id else release.id
    total = tables.total(choice.selection)
    rows = listed(tables, choice, start=paging.offset, size=SIZE + 1)
    years = tables.per_year(choice.selection)
    shown = replace(choice, release=former)
    previous, following = paging.around(
        lambda page: links.root + choice.address(page=page), more=len(rows) > SIZE
    )
    return ExplorerPage(
        choice=choice,
        total=total,
        undated=total - sum(years.values()),
        panels=tuple(_panels(tables, shown, links)),
        chart=_chart(tables, shown, years, links),
        drawn=_drawn(tables, shown, links) if choice.by else None,
        columns=tuple(_columns(shown, links)),
        named=all(each.role != "Actor" for each in choice.explorer.facets),
        lines=tuple(lines_of(site, rows[:SIZE], shown_facets(choice))),
        previous=previous,
        next=following,
        clear=links.at(f"/{choice.explorer.path}"),
        always=links.root + replace(shown, period=ALL, page=1).address(),
        noun=" or ".join(each.label for each in choice.explorer.tops),
        formats=tuple(
            (form.upper(), links.root + shown.address(form=form, page=1, by=""))
            for form in ("csv", "json")
        ),
        sparql=links.sparql(chosen_query(site, choice)),
        permanent=permanent(site, choice, release.id),
        release=release.id,
        day=date(release.manifest.built) if former else "",
        newest=links.root + replace(shown, release="").address(),
        stale=choice.release if not release.id.startswith(choice.release) else "",
        pruned=links.at(f"/releases/{choice.release}/")
        if site.releases.find(choice.release)
        else "",
    )


def permanent(site: Site, choice: Choice, release: str) -> str:
    """The address of a choice that names its release, by which it can be cited."""
    address = choice.address(page=1, form="", release=release)
    return urljoin(site.settings.base, site.links().at(address))


def listed(tables: Happenings, choice: Choice, *, start: int, size: int) -> tuple[Happening, ...]:
    """Rows of a choice, in its order."""
    order = choice.order.removeprefix("-")
    return tables.rows(
        choice.selection,
        order="" if order == DATE else order,
        backwards=choice.order.startswith("-"),
        start=start,
        size=size,
    )


def _panels(tables: Happenings, choice: Choice, links: Links) -> Iterator[Panel]:
    facets = choice.explorer.facets
    names = [each.name for each in facets]
    inside = {
        each.name: next(iter(choice.of(each.name)), "")
        for each in facets
        if each.role == "Location"
    }
    counts = tables.facets(choice.selection, names, _SHOWN, _LISTED, inside)
    for facet in facets:
        found, refs = counts[facet.name], choice.of(facet.name)
        chosen = tuple(tables.known(facet.name, refs).values()) if refs else ()
        if not found.number and not chosen:
            continue
        shown = found.values[:_SHOWN]
        yield Panel(
            facet,
            tuple(_entries(choice, facet, shown, chosen, links)),
            _options(found, chosen) if found.number <= _LISTED else Markup(""),
            chosen,
            links.root + choice.address(by=facet.name),
            max(found.number - len(shown), 0),
        )


def _options(counts: Counts, chosen: Sequence[Value]) -> Markup:
    """Hundreds of elements, which take a template ten times as long."""
    known = {each.value for each in counts.values}
    others = [Count(each, 0) for each in chosen if each not in known]
    first = chosen[0].ref if chosen else ""
    made = []
    for (ref, _, label, language, *_), times in sorted(
        [*counts.values, *others], key=lambda each: (each.value.label.casefold(), each.value.ref)
    ):
        spoken = "" if language in ("", "en") else f' lang="{escape(language)}"'
        selected = " selected" if ref == first else ""
        told = f" ({times:,})" if times else ""
        made.append(
            f'<option value="{escape(ref)}"{spoken}{selected}>{escape(label)}{told}</option>'
        )
    return Markup("".join(made))  # noqa: S704 - each part is escaped


def _entries(
    choice: Choice, facet: Facet, counts: Sequence[Count], chosen: Sequence[Value], links: Links
) -> Iterator[Entry]:
    refs = choice.of(facet.name)
    known = {each.value.ref: each.times for each in counts}
    for value in chosen:
        left = choice.having(facet.name, [each for each in refs if each != value.ref])
        yield Entry(value, known.get(value.ref, 0), links.root + left.address(), chosen=True)
    for each in counts:
        if each.value.ref not in refs:
            # A place within the one that is chosen is chosen instead, any other value beside it.
            kept = () if facet.role == "Location" else refs
            more = choice.having(facet.name, sorted({*kept, each.value.ref}))
            yield Entry(each.value, each.times, links.root + more.address(), chosen=False)


def _chart(tables: Happenings, choice: Choice, years: dict[int, int], links: Links) -> Chart:
    """When they begin: by year, or by month of one year."""
    noun = choice.explorer.tops[0].label

    def at(name: str) -> str:
        return links.root + replace(choice, period=Period(name), page=1).address()

    if len(years) != 1:
        return over_time(
            f"{choice.explorer.title} over time", years, lambda *of: at(interval(*of)), noun
        )
    (year,) = years
    months = tables.per_month(choice.selection)
    names = [f"{year:04}-{month:02}" for month in range(1, 13)]
    bars = [
        Bar(date(name), months.get(year * 100 + at_month, 0), at(name), date(name)[:3])
        for at_month, name in enumerate(names, 1)
    ]
    return columns(f"{choice.explorer.title} by month of {year}", bars, noun)


def _drawn(tables: Happenings, choice: Choice, links: Links) -> Drawn:
    facet = next(each for each in choice.explorer.facets if each.name == choice.by)
    inside = {facet.name: next(iter(choice.of(facet.name)), "")} if facet.role == "Location" else {}
    counts: Counts = tables.facets(choice.selection, [facet.name], _DRAWN, inside=inside)[
        facet.name
    ]
    bars = [
        Bar(each.value.label, each.times, entry.href)
        for each in counts.values
        for entry in _entries(choice, facet, [each], (), links)
    ]
    lacking = tables.lacking(choice.selection.without(facet.name), facet.name)
    more = counts.number > len(counts.values)
    title = f"{choice.explorer.title} by {facet.label}" + (
        f", the {_DRAWN} most frequent" if more else ""
    )
    return Drawn(
        facet.label,
        ranking(title, bars, choice.explorer.tops[0].label),
        tuple(thing(links, each) for each in lacking),
        links.root + replace(choice, by="").address(),
    )


def _columns(choice: Choice, links: Links) -> Iterator[Column]:
    order = choice.order.removeprefix("-")
    for name, label in [
        (DATE, "Date"),
        *((each.name, each.label) for each in shown_facets(choice)),
    ]:
        backwards = choice.order == name
        yield Column(
            label,
            links.root + replace(choice, order=f"-{name}" if backwards else name, page=1).address(),
            "" if order != name else "descending" if choice.order[0] == "-" else "ascending",
        )


def shown_facets(choice: Choice) -> tuple[Facet, ...]:
    """The facets that have a column; sources have one of their own."""
    return tuple(
        each
        for each in choice.explorer.facets
        if each.role not in _ASIDE and each.name not in (KIND, SOURCE, STANDING)
    )


def lines_of(site: Site, rows: Sequence[Happening], facets: Sequence[Facet]) -> Iterator[Line]:
    """Rows with names and sources, a cell for each of `facets`."""
    entity = site.minter.entity
    told = {
        row.thing.ref: [entity(each) for each in row.records]
        + [each.iri for each in row.values.get(SOURCE, ()) if not each.ref.startswith("dataset/")]
        for row in rows
    }
    names = site.names(iri for some in told.values() for iri in some)
    for row in rows:
        yield Line(
            when(row),
            thing(names.links, row.thing),
            tuple(
                tuple(thing(names.links, each) for each in row.values.get(facet.name, ()))
                for facet in facets
            ),
            tuple(names.source(iri) for iri in told[row.thing.ref]),
            tuple(each.label for each in row.values.get(STANDING, ()) if each.ref != ACCEPTED),
        )
