"""What every page shares: the site's own name, its navigation, the terms of its ontology."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, current_app, request

from kg.iris import Minter
from kg.ontology import Ontology
from kg.rdf import Iri
from kg.resources import resource
from kg.settings import Settings
from kg.store import Graph
from web.links import Links
from web.names import Names, look_up

NAV = (
    ("Browse", "/page/"),
    ("Documents", "/page/document/"),
    ("Disagreements", "/disagreements"),
    ("Timeline", "/timeline"),
    ("Map", "/map"),
    ("Questions", "/queries/"),
    ("SPARQL", "/sparql"),
    ("Ontology", "/ontology"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One published graph, as its pages know it."""

    settings: Settings
    graph: Graph
    ontology: Ontology

    @property
    def minter(self) -> Minter:
        return Minter(self.settings.base)

    def links(self) -> Links:
        """Addresses, as the current request reaches this server."""
        return Links(self.settings.base, request.script_root)

    def names(self, iris: Iterable[Iri]) -> Names:
        """Names for `iris`, looked up in one query."""
        return look_up(self.graph, self.links(), self.ontology, iris)


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` reads."""

    title: str
    release: str
    licence: str
    links: Links
    path: str

    @property
    def nav(self) -> tuple[tuple[str, str], ...]:
        return NAV

    def at(self, path: str) -> str:
        return self.links.at(path)

    def here(self, path: str) -> bool:
        return self.path == path


def site() -> Site:
    """The site that the current request belongs to."""
    found: Site = current_app.extensions["chancery"]
    return found


def _frame() -> dict[str, Frame]:
    here = site()
    return {
        "site": Frame(
            title=here.settings.title,
            release=here.graph.release.id,
            licence=here.settings.licence,
            links=here.links(),
            path=request.path,
        )
    }


def register(app: Flask) -> None:
    """Give `app` its site, and its templates the frame."""
    app.extensions["chancery"] = Site(
        app.config["SETTINGS"], app.config["GRAPH"], Ontology.load(resource("ontology"))
    )
    app.context_processor(_frame)
