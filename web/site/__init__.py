"""What every page shares: the site's own name, its navigation, the terms of its ontology."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urljoin

from flask import Flask, current_app, g, request

from kg.model.iris import Minter
from kg.model.rdf import Iri
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.ontology.facets import explorers
from kg.ontology.project import project_ontology
from kg.store import Graph
from kg.store.releases import Releases
from web.site import sources, tables
from web.site.languages import preferred
from web.site.links import Links
from web.site.memory import Memory
from web.site.names import UNKNOWN, Called, Names, dataset_of, look_up, tells
from web.site.sources import Source

T = TypeVar("T")
_NAMES = 50_000  # that are kept of each language, some 20 MB
_LINE = 300  # characters of a line of a report
_BRACED = re.compile(r"{(subject|body)}")

# Titles and paths, each with the roles of which the ontology must have one.
NAV: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Browse", "/browse", ()),
    ("Documents", "/page/document/", ()),
    ("Disagreements", "/disagreements", ()),
    ("Timeline", "/timeline", ("Begins", "Falls")),
    ("Map", "/map", ("Location",)),
    ("Questions", "/queries/", ()),
)
# The same of what is for programs.
DATA: tuple[tuple[str, str], ...] = (
    ("Query it (SPARQL)", "/sparql"),
    ("Download it", "/dumps/"),
    ("Its tables (CSV, Parquet)", "/tables/"),
    ("Its releases", "/releases/"),
    ("Its vocabulary", "/ontology"),
    ("Match a table (OpenRefine)", "/reconcile"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One published graph, as its pages know it.

    `releases` are those that were there when this one was opened. `claimed` tells what claims are
    called, which have no names of their own: by their sentences.
    """

    settings: Settings
    graph: Graph
    ontology: Ontology
    releases: Releases
    claimed: Callable[[Site, Sequence[Iri]], Mapping[Iri, Called]]
    _known: dict[str, Memory[Called]] = field(default_factory=dict)  # by language
    _kept: dict[type, Memory[Any]] = field(default_factory=dict)

    @property
    def minter(self) -> Minter:
        return Minter(self.settings.base)

    @property
    def terms(self) -> Terms:
        return Terms(self.minter, self.ontology.iris)

    def memory(self, kind: type[T], limit: int) -> Memory[T]:
        """What pages keep of each thing they met, at most `limit`, by the type of what is kept."""
        return self._kept.setdefault(kind, Memory(limit))

    @property
    def language(self) -> str:
        """The one of the current request, of those that the release has."""
        offered = self.graph.release.manifest.counts.languages
        header = request.headers.get("Accept-Language")
        return preferred(header, offered, self.settings.language)

    @property
    def varies(self) -> tuple[str, ...]:
        """The fields of a request that what things are called depends on."""
        languages = {self.settings.language, *self.graph.release.manifest.counts.languages}
        return ("Accept-Language",) if len(languages) > 1 else ()

    @property
    def known(self) -> dict[Iri, Called]:
        """What things are called in that language, as far as pages have met them."""
        memory = self._known.setdefault(self.language, Memory(_NAMES))
        return memory.of(self.graph.release.id)

    def links(self) -> Links:
        """Addresses, as the current request reaches this server."""
        return Links(self.settings.base, self.ontology.names, request.script_root)

    def names(self, iris: Iterable[Iri], told: Mapping[Iri, Called] | None = None) -> Names:
        """Names for `iris` in the language of the request; `told` are those that other queries
        brought already.
        """
        g.named = True
        base, language, known = self.settings.base, self.language, self.known
        known.update({iri: each for iri, each in (told or {}).items() if tells(each, language)})
        wanted = {iri for iri in iris if self.ontology.find(iri) is None}
        claims = f"{base}id/claim/"
        if unmet := sorted(each for each in wanted.difference(known) if each.startswith(claims)):
            known.update(dict.fromkeys(unmet, UNKNOWN))  # a claim may be about a claim
            known.update(self.claimed(self, unmet))
        look_up(self.graph, known, base, wanted, language)
        made = self.memory(Source, 20_000).of(self.graph.release.id)
        origins = {dataset_of(iri, base) or iri for iri in wanted}
        sources.look_up(self.graph, self.ontology, made, base, origins)
        return Names(self.links(), self.ontology, known, made)


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` reads."""

    title: str
    release: str
    licence: str
    report_to: str
    links: Links
    path: str
    nav: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    triples: int
    day: str

    @property
    def root(self) -> str:
        """What stands before each path on this server."""
        return self.links.root

    def at(self, path: str) -> str:
        return self.links.at(path)

    @property
    def csv(self) -> str:
        """The address of the table behind a page that has one."""
        return tables.address(format="csv", page="")

    def feed(self, iri: Iri) -> str:
        """Where the claims that name a thing of this graph are a feed; empty for other things."""
        own = iri.startswith(f"{self.links.base}id/")
        return f"{self.links.to(iri)}.atom" if own else ""

    def report(self, page: object = None) -> str:
        """Where to report an error of `page`, with what it shows filled in; empty: nowhere."""
        title = getattr(page, "title", "")
        told = [
            ("About", getattr(title, "text", title)),
            ("IRI", getattr(page, "iri", "")),
            ("Page", urljoin(self.links.base, tables.address())),
            ("Release", self.release),
        ]
        lines = [f"{name}: {text}"[:_LINE] for name, text in told if isinstance(text, str) and text]
        texts = {
            "subject": f"An error in {self.title}"[:_LINE],
            "body": "\r\n".join(["What is wrong, and how do you know?", "", "", *lines]),
        }
        asked = "?subject={subject}&body={body}" if self.report_to.startswith("mailto:") else ""
        return _BRACED.sub(
            lambda match: quote(texts[match[1]], safe=""), f"{self.report_to}{asked}"
        )  # RFC 6068 §5 has CR LF at the ends of lines

    def here(self, path: str) -> bool:
        return self.path == path


def site() -> Site:
    """The site that the current request belongs to."""
    found: Site = current_app.extensions["chancery"]
    return found


def _explored(ontology: Ontology) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The explorers that the vocabularies name."""
    return ((path.replace("-", " ").capitalize(), f"/{path}", ()) for path in explorers(ontology))


def _frame() -> dict[str, Frame]:
    here, release = site(), site().graph.release
    return {
        "site": Frame(
            title=here.settings.title,
            release=release.id,
            licence=here.settings.licence,
            report_to=here.settings.report_to,
            links=here.links(),
            path=request.path,
            nav=tuple(
                (title, path)
                for title, path, roles in (NAV[0], *_explored(here.ontology), *NAV[1:])
                if not roles or here.ontology.playing(*roles)
            ),
            data=DATA,
            triples=release.manifest.counts.triples,
            day=release.manifest.day,
        )
    }


def register(app: Flask, claimed: Callable[[Site, Sequence[Iri]], Mapping[Iri, Called]]) -> None:
    """Give `app` its site, and its templates the frame."""
    settings, graph = app.config["SETTINGS"], app.config["GRAPH"]
    app.extensions["chancery"] = Site(
        settings, graph, project_ontology(settings), Releases.beside(graph.release), claimed
    )
    app.context_processor(_frame)
