"""The saved queries of a project, as the app knows them."""

from __future__ import annotations

from flask import Flask, current_app
from werkzeug.exceptions import NotFound

from kg.queries import SavedQuery, project_queries
from kg.store.release import Release
from web.site import site

EXTENSION = "chancery.queries"


def load(app: Flask) -> None:
    """Give `app` its queries; one that cannot be asked is left out, and a warning names it."""
    ontology = app.extensions["chancery"].ontology
    questions = project_queries(app.config["SETTINGS"], ontology)
    for problem in questions.problems:
        app.logger.warning("left out: %s", problem)
    app.extensions[EXTENSION] = questions.queries


def catalogue() -> tuple[SavedQuery, ...]:
    """The queries of the current app, sorted by name, with the defaults of its release."""
    known: tuple[SavedQuery, ...] = current_app.extensions[EXTENSION]
    defaults = site().graph.release.manifest.questions
    return tuple(each.chosen(defaults.get(each.name, {})) for each in known)


def named(name: str) -> SavedQuery:
    """One query.

    Raises:
        NotFound: there is none of that name.
    """
    for each in catalogue():
        if each.name == name:
            return each
    raise NotFound(f"no saved query is called {name!r}; /queries/ lists them")


def answered(release: Release) -> list[SavedQuery]:
    """The queries that `release` has an answer to, by name."""
    return [each for each in catalogue() if each.name in release.manifest.questions]


def grouped(release: Release) -> dict[str, list[SavedQuery]]:
    """The queries that `release` has an answer to, by the headings of their list, sorted."""
    groups: dict[str, list[SavedQuery]] = {}
    for each in sorted(answered(release), key=lambda query: (query.group, query.title)):
        groups.setdefault(each.group, []).append(each)
    return groups


def waiting(release: Release) -> list[SavedQuery]:
    """The queries for which `release` lacks a source, by title."""
    found = (each for each in catalogue() if missing(each, release))
    return sorted(found, key=lambda query: query.title)


def silent(release: Release) -> list[SavedQuery]:
    """The queries that `release` has the sources for, but no answer to, by title."""
    found = {each.name for each in (*answered(release), *waiting(release))}
    left = (each for each in catalogue() if each.name not in found)
    return sorted(left, key=lambda query: query.title)


def missing(query: SavedQuery, release: Release) -> list[str]:
    """The sources that `query` needs and `release` was built without."""
    return [each for each in query.sources if each not in release.manifest.sources]
