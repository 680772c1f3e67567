"""A release made straight from N-Quads, so that `kg serve` serves what its peers serve."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from kg.build.assemble import write_index
from kg.build.gather.harvest import Harvest
from kg.build.lines.by_property import ByProperty
from kg.build.lines.census import Census
from kg.build.lines.observe import observed
from kg.build.lines.words import Words
from kg.build.publish.disagreements import list_disagreements
from kg.build.publish.happenings import build_happenings
from kg.build.publish.manifest import counts, files
from kg.build.publish.switch import publish
from kg.model.iris import Minter
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store.embedded.load import load_store
from kg.store.manifest import Manifest


def make_release(nquads: Path, work: Path) -> Path:
    """A project below `work` whose current release holds the graph of `nquads`, sorted lines."""
    project = work / "chancery"
    if (project / "build" / "current").exists():
        return project
    shutil.rmtree(project, ignore_errors=True)
    finished = project / "build" / "finished"
    finished.mkdir(parents=True)
    (project / "build" / "releases").mkdir()
    settings = Settings.load(project)
    load_store(nquads, finished / "store")
    survey, minter, heard = Census(), Minter(settings.base), work / "words.sqlite"
    ontology = project_ontology(settings)
    served = ontology.playing("Holder", "Office")
    triples = ByProperty(work / "properties")
    with nquads.open(encoding="utf-8") as lines, Words(heard, minter.entity(""), served) as words:
        for _ in observed(iter(lambda: lines.readlines(1 << 20), []), survey, words, triples):
            pass
    write_index(triples, heard, finished / "search.sqlite", minter, ontology)
    list_disagreements(finished / "store", finished / "search.sqlite", ontology)
    build_happenings(triples, heard, finished / "happenings.sqlite", minter, ontology)
    heard.unlink()
    shutil.rmtree(work / "properties")
    (finished / "dumps").mkdir()
    (finished / "issues.jsonl").touch()
    with nquads.open("rb") as source:
        release_id = hashlib.file_digest(source, "sha256").hexdigest()[:16]
    Manifest(
        id=release_id,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        counts=counts(survey, Harvest()),
        files=files(finished),
    ).write(finished)
    publish(finished, project, release_id, print)
    return project
