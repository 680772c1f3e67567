"""The saved queries of a project, as the app knows them."""

from __future__ import annotations

from flask import current_app
from werkzeug.exceptions import NotFound

from kg.model.resources import resource
from kg.model.settings import Settings
from kg.ontology import Ontology
from kg.queries import SavedQuery, load_queries
from kg.store.release import Release

EXTENSION = "chancery.queries"


def load(settings: Settings, ontology: Ontology) -> tuple[SavedQuery, ...]:
    """The queries in the project's own folder, where it has one, else those that we ship.

    Raises:
        DataError: with every fault of every header.
    """
    own = settings.directory / "queries"
    return load_queries(own if own.is_dir() else resource("queries"), ontology.iris)


def catalogue() -> tuple[SavedQuery, ...]:
    """The queries of the current app, sorted by name."""
    found: tuple[SavedQuery, ...] = current_app.extensions[EXTENSION]
    return found


def named(name: str) -> SavedQuery:
    """One query.

    Raises:
        NotFound: there is none of that name.
    """
    for each in catalogue():
        if each.name == name:
            return each
    raise NotFound(f"no saved query is called {name!r}; /queries/ lists them")


def grouped(release: Release) -> dict[str, list[SavedQuery]]:
    """The queries that `release` has the sources for, by the headings of their list, sorted."""
    groups: dict[str, list[SavedQuery]] = {}
    for each in sorted(catalogue(), key=lambda query: (query.group, query.title)):
        if not missing(each, release):
            groups.setdefault(each.group, []).append(each)
    return groups


def waiting(release: Release) -> list[SavedQuery]:
    """The queries for which `release` lacks a source, by title."""
    found = (each for each in catalogue() if missing(each, release))
    return sorted(found, key=lambda query: query.title)


def missing(query: SavedQuery, release: Release) -> list[str]:
    """The sources that `query` needs and `release` was built without."""
    return [each for each in query.sources if each not in release.manifest.sources]
