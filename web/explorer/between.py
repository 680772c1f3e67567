"""Two together: when and where they met, in the words of sources, and what is claimed of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.dates import day_before
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.ontology.facets import STANDING, facets
from kg.store import rows
from kg.store.happenings import ACCEPTED, Happening, Happenings
from kg.store.search import SearchIndex
from kg.store.selection import Selection
from web.claims.evidence import Row, read_rows, told_query
from web.claims.reading import query, read
from web.claims.shown import Shown, show
from web.claims.subjects import speaking
from web.explorer.page import Line, lines_of
from web.site import Site
from web.site.asking import ask
from web.site.charts import Chart, interval, over_time
from web.site.names import Thing
from web.site.paging import Paging, whole
from web.site.period import ALL, Period
from web.site.values import Words

SIZE = 50
_MOST = 1_000  # times of two that are counted
_CLAIMS = 40
# Roles of properties that lead to who can meet whom.
MEETING = ("Actor", "Partner", "Recipient")
_FORMS = ("", "json", "csv", "html")


class Stranger(Exception):
    """One of two is not in the graph."""

    def __init__(self, iri: Iri) -> None:
        super().__init__(iri)
        self.iri = iri


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that can meet, by the refs of their IRIs, in the order of one canonical address."""

    one: str
    other: str
    period: Period = ALL
    date: Period = ALL
    page: int = 1
    form: str = ""

    @classmethod
    def read(cls, site: Site, path: str, given: MultiDict[str, str]) -> Pair:
        """The pair in the path `TYPE/SLUG/TYPE/SLUG`, and what is chosen of it.

        Raises:
            BadRequest: they cannot meet, or a parameter cannot be read.
            Stranger: one of them is not in the graph.
        """
        one, other = sorted(_two(site, path))
        period, date = (Period.read(given, each) for each in ("period", "date"))
        form = given.get("format", "")
        if form not in _FORMS:
            raise BadRequest(f"format: found {form[:40]!r}; allowed: csv, html, json")
        return cls(one, other, period, date, whole("page", given, 1), form)

    @property
    def path(self) -> str:
        return f"/between/{self.one}/{self.other}"

    def selection(self, ontology: Ontology) -> Selection:
        first, last = self.period.bounds
        kinds = ontology.kinds("Occurrence", "Conclusion")
        segments = tuple(each.segment for each in kinds if each.segment)
        return Selection(
            segments, first=first, last=last, parties=(self.one, self.other), joined=True
        )

    def met(self, ontology: Ontology) -> Selection:
        """Those that are taken to have happened, on known days."""
        return replace(self.selection(ontology), chosen=((STANDING, (ACCEPTED,)),), dated=True)

    def address(self, **changed: Any) -> str:
        other = replace(self, **changed)
        named = [("period", other.period.name), ("date", other.date.name)]
        named += [("page", str(other.page) if other.page > 1 else ""), ("format", other.form)]
        query = urlencode([(name, value) for name, value in named if value], safe="/")
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class Encounter:
    """One row, the words of its source, and what else is told of the same days and place."""

    line: Line
    words: tuple[Words, ...]
    also: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class BetweenPage:
    """What `explorer/between.html` reads. `besides` are without a date, or did not simply happen.
    `before` and `since` are how many there are on either side of `pair.date`, with their addresses.
    """

    pair: Pair
    one: Thing
    other: Thing
    total: int
    chart: Chart
    meetings: tuple[Encounter, ...]
    besides: tuple[Encounter, ...]
    before: tuple[int, str]
    since: tuple[int, str]
    claims: tuple[Shown, ...]
    places: tuple[Thing, ...]
    clear: str
    formats: tuple[tuple[str, str], ...]
    previous: str
    next: str


def between_page(site: Site, tables: Happenings, pair: Pair) -> BetweenPage:
    """The page of a pair."""
    links, paging, ontology = site.links(), Paging(pair.page, SIZE), site.ontology
    met, every = pair.met(ontology), pair.selection(ontology)
    entity = site.minter.entity
    names = site.names([entity(pair.one), entity(pair.other)])
    dated = tables.rows(met, size=_MOST)
    times, others = (
        occasions(dated),
        [(e,) for e in tables.rows(every, size=SIZE) if e not in dated],
    )
    shown = times[paging.offset : paging.offset + SIZE]
    meetings = tuple(_encounters(site, shown))
    previous, following = paging.around(
        lambda page: links.root + pair.address(page=page), more=len(times) > paging.offset + SIZE
    )
    years = Counter(first.year for (first, *_) in times if first.year is not None)
    return BetweenPage(
        pair=pair,
        one=names.thing(entity(pair.one)),
        other=names.thing(entity(pair.other)),
        total=len(times),
        chart=over_time(
            "When they met",
            years,
            lambda *of: links.root + pair.address(period=Period(interval(*of)), page=1),
            "time",
        ),
        meetings=meetings,
        besides=tuple(_encounters(site, others)),
        before=_side(site, tables, pair, before=True),
        since=_side(site, tables, pair, before=False),
        claims=claims_of(site, pair, [row for same in (*shown, *others) for row in same]),
        places=tuple(
            dict.fromkeys(at for each in meetings for cell in each.line.cells for at in cell)
        ),
        clear=links.root + pair.path,
        formats=tuple(
            (form.upper(), links.root + pair.address(form=form, page=1)) for form in ("csv", "json")
        ),
        previous=previous,
        next=following,
    )


def occasions(found: Sequence[Happening]) -> list[tuple[Happening, ...]]:
    """What is told of the same days and a place in common is one, that of a register first."""
    made: list[tuple[Happening, ...]] = []
    for _, group in groupby(found, key=lambda row: (row.start, row.end)):
        left = sorted(group, key=lambda row: not row.records)
        while left:
            same = [each for each in left if each is left[0] or _there(each) & _there(left[0])]
            left = [each for each in left if each not in same]
            made.append(tuple(same))
    return made


def _there(row: Happening) -> set[str]:
    """Where it was, as far as it lies somewhere."""
    return {each.ref for some in row.values.values() for each in some if each.latitude is not None}


def _side(site: Site, tables: Happenings, pair: Pair, *, before: bool) -> tuple[int, str]:
    """How many lie before the chosen date, or from then on, with the address of those."""
    day = pair.date.bounds[0]
    if day is None:
        return 0, ""
    period = Period(f"../{day_before(day)}" if before else f"{day}/..")
    half = replace(pair, period=period, page=1)
    times = occasions(tables.rows(half.met(site.ontology), size=_MOST))
    return len(times), site.links().root + half.address()


def told_of(site: Site, found: Iterable[Happening]) -> dict[Iri, Row]:
    """What the rows of registers tell that `found` comes from."""
    records = [site.minter.entity(each) for row in found for each in row.records]
    return read_rows(rows(site.graph, told_query(records))) if records else {}


def _encounters(site: Site, times: Sequence[Sequence[Happening]]) -> Iterator[Encounter]:
    where = tuple(each for each in facets(site.ontology) if each.role == "Location")
    every = [row for same in times for row in same]
    told = told_of(site, every)
    lines = dict(zip((row.thing.ref for row in every), lines_of(site, every, where), strict=True))
    for first, *others in times:
        tellers = (told.get(site.minter.entity(each)) for each in first.records)
        yield Encounter(
            lines[first.thing.ref],
            tuple(each.words for each in tellers if each and each.words),
            tuple(lines[each.thing.ref].thing for each in others),
        )


def claims_of(site: Site, pair: Pair, together: Sequence[Happening]) -> tuple[Shown, ...]:
    """What sources claim of both, whether it is taken as so or not."""
    one, other = (site.minter.entity(each) for each in (pair.one, pair.other))
    events = [each.thing.iri for each in together]
    terms = {"one": one, "other": other, "events": events}
    chosen = ask("web.explorer", "naming_both", **terms, limit=_CLAIMS)
    found = read(rows(site.graph, query(chosen)))
    names = speaking(site, found)
    return tuple(show(each, names) for each in found)


def _two(site: Site, path: str) -> tuple[str, str]:
    """The refs of two in a path: where it parts, the types say and what there is."""
    parts, kinds = path.split("/"), _kinds(site.ontology)
    cuts = [at for at in range(2, len(parts) - 1) if parts[at] in site.ontology.segments]
    pairs = [("/".join(parts[:at]), "/".join(parts[at:])) for at in cuts]
    if not pairs:
        raise BadRequest(f"found {path[:200]!r}; allowed: TYPE/SLUG/TYPE/SLUG")
    with SearchIndex.open(site.graph.release.search) as index:
        missing = ""
        for pair in pairs:
            iris = [site.minter.entity(each) for each in pair]
            missing = next((each for each in iris if index.entry(each) is None), "")
            if not missing:
                break
    if missing:
        raise Stranger(missing)
    for each in pair:
        if each.partition("/")[0] not in kinds:
            raise BadRequest(f"found {each[:200]!r}; allowed: who can meet: {', '.join(kinds)}")
    if pair[0] == pair[1]:
        raise BadRequest(f"found {pair[0][:200]!r} twice; allowed: two that differ")
    return pair


def _kinds(ontology: Ontology) -> tuple[str, ...]:
    """The types of those who can act, take part or receive."""
    tops = {name for each in ontology.playing(*MEETING) for name in each.range}
    found = (each for top in sorted(tops) for each in ontology.subclasses(top))
    return tuple(dict.fromkeys(each.segment for each in found if each.segment))
