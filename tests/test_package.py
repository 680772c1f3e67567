"""What archives read of a release: RO-Crate and CITATION.cff, each held to a reader of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from rdflib.plugins.shared.jsonld.context import Context
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import ROOT

# The context of RO-Crate 1.1 as far as it matters here: names are those of schema.org but for two.
CONTEXT = {
    "@context": {
        "@vocab": "http://schema.org/",
        "File": "http://schema.org/MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
    }
}
ONLINE = ["ro-crate-1.1_3.1", "ro-crate-1.1_3.2"]  # checks that fetch the context from the web


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "_fetch_context", lambda *_: CONTEXT)


def faults(folder: Path) -> list[str]:
    """What the validator finds, recommendations too."""
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.1",
        requirement_severity=Severity.RECOMMENDED,
        skip_checks=ONLINE,
    )
    return [str(each.message) for each in services.validate(settings).get_issues()]


@pytest.mark.usefixtures("offline")
@pytest.mark.filterwarnings("ignore")  # which the validator has of its own
def test_the_folder_is_a_crate(release: Release, tmp_path: Path) -> None:
    """All that is published is described, with its checksum; what lacks a licence is refused."""
    assert not faults(release.directory)
    crate = json.loads((release.directory / "ro-crate-metadata.json").read_text("utf-8"))
    parts = {each["@id"]: each for each in crate["@graph"]}
    named = {each.name: each for each in release.manifest.files}
    for name in ("tables/claims.csv", "tables/claims.parquet", "dumps/chancery.nq.gz", "void.ttl"):
        assert parts[name]["sha256"] == named[name].sha256
        assert {"@id": name} in parts["./"]["hasPart"]
    del parts["./"]["license"], parts["./"]["hasPart"]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate))
    assert any("license" in each for each in faults(tmp_path))


def test_how_to_cite(release: Release, settings: Settings) -> None:
    """Another reader of CITATION.cff finds this release by its address."""
    done = subprocess.run(
        ["node", ROOT / "tests/node/cff.js", release.directory / "CITATION.cff"],
        cwd=ROOT / "build" / "node",
        env={**os.environ, "NODE_PATH": str(ROOT / "build" / "node" / "node_modules")},
        check=True,
        capture_output=True,
    )
    (cited,) = json.loads(done.stdout)
    assert cited["URL"] == f"{settings.base}releases/{release.id}/"
    assert (cited["type"], cited["title"], cited["version"]) == ("dataset", "Chancery", release.id)
    day = "-".join(f"{each:02}" for each in cited["issued"]["date-parts"][0])
    assert day == release.manifest.day
