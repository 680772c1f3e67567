"""The saved queries of one project: the packaged ones that fit its vocabulary, and its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.model.errors import DataError, Problem
from kg.model.resources import resource
from kg.model.settings import Settings
from kg.ontology import Ontology
from kg.ontology.project import NONE
from kg.queries.header import Header
from kg.queries.saved import SavedQuery

FOLDER = "queries"


@dataclass(frozen=True, slots=True)
class Questions:
    """The queries that can be asked, by name, and what is wrong with the project's other ones."""

    queries: tuple[SavedQuery, ...]
    problems: tuple[Problem, ...]

    def refuse(self) -> None:
        """Refuse what is wrong.

        Raises:
            DataError: with every fault of every file.
        """
        if self.problems:
            raise DataError(self.problems)


def project_queries(settings: Settings, ontology: Ontology) -> Questions:
    """The packaged queries that fit the ontology, with those of the project laid over them.

    Those over registers fit the vocabulary that the registers are written in. One of the project
    takes the place of the packaged one of its name.
    """
    own = {path.stem: path for path in _listed(settings.directory / FOLDER)}
    packaged = {path.stem: path for path in _listed(resource(FOLDER)) if path.stem not in own}
    queries, problems = [], []
    for name, path in sorted({**packaged, **own}.items()):
        header = Header(path, settings, ontology)
        query = header.read()
        if query and (name in own or not query.sources or settings.vocabulary != NONE):
            queries.append(query)
        elif name in own:
            problems += header.problems
    return Questions(tuple(queries), tuple(problems))


def read_query(path: Path, settings: Settings, ontology: Ontology) -> SavedQuery:
    """The query of one file.

    Raises:
        DataError: with every fault of it.
    """
    header = Header(path, settings, ontology)
    query = header.read()
    if query is None:
        raise DataError(header.problems)
    return query


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.rq"))
