"""What a reader chose, as an address says it: values of facets, a period, an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request
from rapidfuzz import fuzz, process
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.ontology import Class, Ontology
from kg.ontology.facets import Facet, explored, explorers, facets
from kg.ontology.nouns import several
from kg.store.happenings import Happenings, Value
from kg.store.search import SearchIndex, fold
from kg.store.selection import Selection
from web.site import Site
from web.site.errors import respond
from web.site.negotiation import HTML
from web.site.paging import whole
from web.site.period import ALL, Period
from web.site.problems import ProblemDetails
from web.site.tables import CSV

DATE = "date"
FORMS = {"json": "application/json", "csv": CSV, "html": HTML}
_NEAR, _HITS = 5, 40  # names that an error suggests, of those that search finds
_VALUES = 20  # of one facet


@dataclass(frozen=True, slots=True)
class Explorer:
    """A path with the classes that are explored there, those below them too, and their facets."""

    path: str
    tops: tuple[Class, ...]
    classes: tuple[Class, ...]
    facets: tuple[Facet, ...]

    @property
    def title(self) -> str:
        """What is explored, of several: `Visits and meetings`."""
        return " and ".join(map(several, self.tops)).capitalize()

    @classmethod
    def at(cls, ontology: Ontology, path: str) -> Explorer:
        return cls(path, explorers(ontology)[path], explored(ontology, path), facets(ontology))


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` has refs of values by facet, in the order of the facets. `order` is a facet or
    `date`, with `-` before it where it is backwards; `by` is the facet that is drawn. `release` is
    the one whose rows the address was made for, empty for whichever is served; `form` is the
    format, empty where Accept decides.
    """

    explorer: Explorer
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: Period = ALL
    order: str = DATE
    by: str = ""
    release: str = ""
    page: int = 1
    form: str = ""

    @classmethod
    def read(
        cls, site: Site, tables: Happenings, explorer: Explorer, given: MultiDict[str, str]
    ) -> Choice:
        """The choice in an address.

        Raises:
            BadRequest: a parameter is unknown, or its value is.
        """
        names = [each.name for each in explorer.facets]
        allowed = [*names, "period", "order", "by", "release", "page", "format"]
        for name in given:
            if name not in allowed:
                raise BadRequest(f"{name[:80]}: no such parameter; allowed: {', '.join(allowed)}")
        chosen = tuple(
            (name, _refs(site, tables, name, given.getlist(name)))
            for name in names
            if any(each.strip() for each in given.getlist(name))
        )
        period = Period.read(given)
        order = given.get("order") or DATE
        _one_of("order", order.removeprefix("-"), [DATE, *names])
        by = _one_of("by", given.get("by", ""), ["", *names])
        release = given.get("release", "")
        if release and not (release.isalnum() and release.isascii()):
            raise BadRequest(f"release: found {release[:80]!r}; allowed: the id of a release")
        form = _one_of("format", given.get("format", ""), ["", *FORMS])
        page = whole("page", given, 1)
        return cls(explorer, chosen, period, order, by, release, page, form)

    @property
    def selection(self) -> Selection:
        first, last = self.period.bounds
        kinds = tuple(each.segment for each in self.explorer.classes if each.segment)
        return Selection(kinds, self.chosen, first, last, joined=True)

    @property
    def narrowed(self) -> bool:
        return bool(self.chosen or self.period.name)

    def of(self, facet: str) -> tuple[str, ...]:
        """The refs that are chosen of a facet."""
        return dict(self.chosen).get(facet, ())

    def having(self, facet: str, refs: Iterable[str]) -> Choice:
        """The same with other values of one facet."""
        found = {**dict(self.chosen), facet: tuple(refs)}
        names = (each.name for each in self.explorer.facets)
        kept = tuple((name, found[name]) for name in names if found.get(name))
        return replace(self, chosen=kept, page=1)

    def parameters(self, **changed: Any) -> list[tuple[str, str]]:
        """The parameters that lead to this choice, or to one like it."""
        other = replace(self, **changed)
        named = [(name, ref) for name, refs in other.chosen for ref in refs]
        named += [("period", other.period.name)]
        named += [("order", other.order if other.order != DATE else ""), ("by", other.by)]
        named += [("page", str(other.page) if other.page > 1 else "")]
        named += [("format", other.form), ("release", other.release)]
        return [(name, value) for name, value in named if value]

    def address(self, **changed: Any) -> str:
        """Path and query."""
        query = urlencode(self.parameters(**changed), safe="/")
        return f"/{self.explorer.path}" + (f"?{query}" if query else "")


def _one_of(name: str, value: str, allowed: list[str]) -> str:
    if value not in allowed:
        told = ", ".join(filter(None, allowed))
        raise BadRequest(f"{name}: found {value[:80]!r}; allowed: {told}")
    return value


def _refs(site: Site, tables: Happenings, facet: str, texts: list[str]) -> tuple[str, ...]:
    given = list(dict.fromkeys(filter(None, (each.strip() for each in texts))))
    if len(given) > _VALUES:
        raise BadRequest(f"{facet}: found {len(given)} values; allowed: up to {_VALUES}")
    known = tables.known(facet, given)
    refs = (each if each in known else _named(site, tables, facet, each).ref for each in given)
    return tuple(sorted(set(refs)))


def _named(site: Site, tables: Happenings, facet: str, text: str) -> Value:
    """The value with this slug, or with this as one of its names."""
    if found := tables.called(facet, text):
        return found
    with SearchIndex.open(site.graph.release.search) as index:
        searched = index.find(text, claims=False, size=_HITS)
    own = site.minter.entity("")
    hits = {each.iri.removeprefix(own): each for each in searched.hits}
    known = tables.known(facet, list(hits))
    near = [each for each in hits if each in known]
    exact = [each for each in near if fold(text) in map(fold, hits[each].other_names)]
    if exact or (len(near) == 1 and not searched.corrected):
        return known[(exact or near)[0]]
    similar = [known[each] for each in near] or _similar(tables, facet, text)
    raise BadRequest(response=respond(_unknown(facet, text, similar)))


def _similar(tables: Happenings, facet: str, text: str) -> list[Value]:
    """Values whose names are spelt nearly so."""
    values = tables.values(facet)
    labels = [fold(each.label) for each in values]
    best = process.extract(fold(text), labels, scorer=fuzz.WRatio, limit=_NEAR, score_cutoff=75)
    return [values[at] for _, _, at in best]


def _unknown(facet: str, text: str, near: list[Value]) -> ProblemDetails:
    """What is allowed, with links that choose a value of a similar name instead."""
    others = [(name, value) for name, value in request.args.items(multi=True) if value != text]

    def at(ref: str) -> str:
        return f"{request.script_root}{request.path}?{urlencode([*others, (facet, ref)], safe='/')}"

    neighbours = [
        {"iri": each.iri, "label": each.label, "kind": each.ref, "href": at(each.ref)}
        for each in near[:_NEAR]
    ]
    told = "".join(f"; near: {each.label} ({each.ref})" for each in near[:_NEAR])
    allowed = "a name or the TYPE/SLUG of one that there is"
    detail = f"{facet}: found {text[:80]!r}; allowed: {allowed}{told}"
    return ProblemDetails.of("bad-request", detail, extra={"neighbours": neighbours})
