"""What archives read of a release: `ro-crate-metadata.json` (RO-Crate 1.1), `CITATION.cff` (1.2).

Both stand beside the files that they describe, so that the folder can be deposited as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kg.model.formats import kind_of
from kg.model.settings import Settings
from kg.store.manifest import File, Manifest
from kg.store.release import CITATION, CRATE, PUBLISHED

_PROFILE = "https://w3id.org/ro/crate/1.1"
# Licences that CITATION.cff names as SPDX does; it takes others by their URLs.
_SPDX = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By-1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
}


def write_package(directory: Path, manifest: Manifest, settings: Settings) -> tuple[File, ...]:
    """Write both to `directory`, which holds the files of `manifest`."""
    context = [f"{_PROFILE}/context", {"sha256": "http://schema.org/sha256"}]
    crate = {"@context": context, "@graph": [*_crate(manifest, settings)]}
    text = json.dumps(crate, ensure_ascii=False, indent=1)
    (directory / CRATE).write_text(f"{text}\n", "utf-8")
    cited = yaml.safe_dump(_citation(manifest, settings), allow_unicode=True, sort_keys=False)
    (directory / CITATION).write_text(cited, "utf-8")
    return tuple(File.of(directory / each, each) for each in (CITATION, CRATE))


def _citation(manifest: Manifest, settings: Settings) -> Mapping[str, object]:
    licence = _SPDX.get(settings.licence)
    found: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "Cite this release, and the claims that you use, by their addresses.",
        "type": "dataset",
        "title": settings.title,
        "abstract": settings.description,
        "authors": [{"name": settings.publisher or settings.title}],
        "version": manifest.id,
        "date-released": manifest.day,
        "url": _address(manifest, settings),
        **({"license": licence} if licence else {"license-url": settings.licence}),
    }
    if "all" in settings.dois:
        found["doi"] = settings.dois["all"]
    if manifest.credits:
        found["references"] = [
            {"type": "dataset", "title": each.name, "authors": [{"name": each.name}],
             "url": each.url}
            for each in manifest.credits
        ]  # fmt: skip
    return found


def _crate(manifest: Manifest, settings: Settings) -> Iterator[Mapping[str, Any]]:
    files = [each for each in manifest.files if each.name.partition("/")[0] in PUBLISHED]
    address = _address(manifest, settings)
    yield {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": settings.title,
        "description": settings.description,
        "datePublished": manifest.built,
        "version": manifest.id,
        "url": address,
        "identifier": f"https://doi.org/{doi}" if (doi := settings.dois.get("all")) else address,
        "license": {"@id": settings.licence},
        "author": {"@id": settings.base},
        "publisher": {"@id": settings.base},
        "isBasedOn": [{"@id": each.url} for each in manifest.credits],
        "hasPart": [{"@id": each.name} for each in files] + [{"@id": CITATION}],
    }
    name = settings.publisher or settings.title
    yield {"@id": settings.base, "@type": "Organization", "name": name, "url": settings.base}
    for licence in sorted({settings.licence, *(each.licence for each in manifest.credits)}):
        name = _SPDX.get(licence, licence)
        yield {"@id": licence, "@type": "CreativeWork", "name": name, "description": name}
    for each in manifest.credits:
        yield {"@id": each.url, "@type": "Dataset", "name": each.name,
               "license": {"@id": each.licence}}  # fmt: skip
    for file in files:
        yield _file(file)
    yield {"@id": CITATION, "@type": "File", "name": CITATION, "encodingFormat": "application/yaml"}


def _file(file: File) -> Mapping[str, Any]:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name.rpartition("/")[2],
        "encodingFormat": kind_of(file.name)[1],
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _address(manifest: Manifest, settings: Settings) -> str:
    return f"{settings.base}releases/{manifest.id}/"
