"""What the views can be narrowed by: kind, source, period, and a thing that took part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from rdflib.namespace import RDFS, SDO
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.iris import is_iri
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal
from kg.ontology import Class, Ontology
from kg.ontology.facets import SOURCE
from kg.ontology.terms import PARTIES
from kg.store import rows
from kg.store.selection import Selection
from web.site import Site
from web.site.asking import Value, ask
from web.site.period import ALL, Period

_MARK = "# narrowed\n"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A reader's choice. Empty fields leave everything in.

    `kind` is the TYPE of `id/TYPE/…`; `source` a document or data set; `about` an entity that had
    a part in the events, or a place they were in.
    """

    kind: str = ""
    source: Iri = ""
    about: Iri = ""
    period: Period = ALL

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Narrowing:
        """The choice in a request's parameters `type`, `source`, `about` and `period`.

        Raises:
            BadRequest: one of them cannot be read.
        """
        for name in ("source", "about"):
            if given.get(name) and not is_iri(given[name]):
                raise BadRequest(f"{name}: found {given[name]!r}; allowed: an absolute IRI")
        for name in ("from", "to"):
            if name in given:
                raise BadRequest(f"{name}: no parameter; allowed: period, as 2010-2016")
        period = Period.read(given)
        return cls(given.get("type", ""), given.get("source", ""), given.get("about", ""), period)

    def parameters(self, **changed: Any) -> dict[str, str]:
        """The parameters that lead to this choice, or to one like it."""
        other = replace(self, **changed)
        named = {
            "type": other.kind,
            "source": other.source,
            "about": other.about,
            "period": other.period.name,
        }
        return {name: value for name, value in named.items() if value}

    def classes(self, site: Site, *roles: str) -> tuple[Class, ...]:
        """The chosen class and all below it, or those that play `roles`."""
        if not self.kind:
            return site.ontology.kinds(*roles)
        chosen = site.ontology.segments.get(self.kind)
        if not chosen:
            raise BadRequest(f"type: found {self.kind!r}; allowed: {', '.join(kinds(site))}")
        return site.ontology.subclasses(chosen.name)

    def selection(self, site: Site, *roles: str) -> Selection:
        """The same choice in the tables of what happens, of classes that play `roles`."""
        own = site.minter.entity("")
        first, last = self.period.bounds
        source = ((SOURCE, (self.source.removeprefix(own),)),) if self.source else ()
        return Selection(
            kinds=tuple(each.segment for each in self.classes(site, *roles) if each.segment),
            chosen=source,
            first=first,
            last=last,
            about=self.about.removeprefix(own),
        )

    def narrow(self, site: Site, query: str, *patterns: str) -> str:
        """`query` with this choice of source and participant, and with `patterns`, at its mark."""
        return query.replace(_MARK, "".join([*patterns, *self._patterns(site.ontology)]))

    def of_kind(self, site: Site, *roles: str) -> Iterator[str]:
        """The pattern that keeps the chosen kind alone, or those that play `roles`."""
        if self.kind or roles:
            kinds = [each.iri for each in self.classes(site, *roles)]
            yield _part(site.ontology, "kind", kinds=kinds)

    def in_period(self, site: Site) -> Iterator[str]:
        """The pattern that keeps what begins in the chosen period."""
        if self.period.name:
            first, last = self.period.first, self.period.last
            yield _part(site.ontology, "period", first=first, last=last)

    def _patterns(self, ontology: Ontology) -> Iterator[str]:
        if self.about:
            parties = ontology.playing(*PARTIES)
            locations = ontology.playing("Location")
            yield _part(ontology, "about", entity=self.about, parties=parties, locations=locations)
        if self.source:
            kind = "dataset" if "/id/dataset/" in self.source else "document"
            yield _part(ontology, kind, source=self.source)


def _part(ontology: Ontology, name: str, **terms: Value | Iterable[Value]) -> str:
    return ask(__package__ or "", name, ontology, **terms)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice in a list of a form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What `views/filters.html` reads; `about` is what `about=` names, None without one."""

    action: str
    kinds: tuple[Option, ...]
    sources: tuple[Option, ...]
    period: str
    about: Any
    clear: str
    narrowed: bool


def kinds(site: Site) -> dict[str, str]:
    """The kinds of things with dates, by TYPE."""
    found = site.ontology.kinds("Occurrence", "Conclusion", "Condition", "Service")
    return {each.segment: each.label for each in found if each.segment}


def form(site: Site, path: str, chosen: Narrowing, *, kinds: dict[str, str]) -> Form:
    """The form that narrows the view at `path`."""
    links = site.links()
    return Form(
        action=links.at(path),
        kinds=_options(kinds, chosen.kind),
        sources=_options(_sources(site), chosen.source),
        period=chosen.period.name,
        about=site.names([chosen.about]).thing(chosen.about) if chosen.about else None,
        clear=links.at(path),
        narrowed=bool(chosen.parameters()),
    )


def _options(labels: dict[str, str], chosen: str) -> tuple[Option, ...]:
    ordered = sorted(labels.items(), key=lambda item: (item[1], item[0]))
    return tuple(Option(value, label, value == chosen) for value, label in ordered)


def _sources(site: Site) -> dict[str, str]:
    """Documents and data sets with their labels."""
    query = ask(
        __package__ or "",
        "sources",
        kinds=[str(CLM.Document), str(SDO.Dataset)],
        label=str(RDFS.label),
    )
    return {
        str(row["source"]): row["label"].value
        for row in rows(site.graph, query)
        if isinstance(row["label"], Literal)
    }
