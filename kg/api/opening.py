"""`kg.open`: a project, a release or an endpoint, by where it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from kg.api.graph import Graph
from kg.api.sources import Local, Remote
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.opening import read_store
from kg.store.manifest import MANIFEST
from kg.store.release import Release


def open_at(where: str | Path = ".") -> Graph:
    """The graph at `where`: the directory of a project, whose newest release it is, or of a
    release; or the URL of a SPARQL endpoint, or of a site, which ends in `/`.

    A release on this machine is asked in this process, so that a query has no time limit. It is not
    deleted while the graph is open: close it, or use it in a `with` block.

    Raises:
        kg.Error: there is no release.
    """
    if re.match("https?://", str(where)):
        return Graph(Remote(str(where)))
    directory = Path(where)
    if (directory / MANIFEST).exists():
        release, project = Release.open(directory), directory.resolve().parents[2]
    else:
        release, project = Release.current(directory), directory
    settings = replace(Settings.load(project), base=release.manifest.base)
    ontology = project_ontology(settings)
    graph = EmbeddedGraph(
        release, settings, ontology.prefixes, read_store(release), former=ontology.former
    )
    return Graph(Local(graph, settings.base, ontology.prefixes), release.hold())
