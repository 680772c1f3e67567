"""Files of a release: what each is, for people and programs, and how it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.utils import send_file
from werkzeug.wrappers import Response as Sent

from kg.model.formats import kind_of
from kg.store.manifest import CHECKSUM, MANIFEST, File
from kg.store.release import SCHEMA

_SCOPES = {
    MANIFEST: "what it is and was made from",
    CHECKSUM: "of the manifest",
    "changes.jsonl": "what changed since the release before",
    f"tables/{SCHEMA}": "the description of the tables (CSV on the Web)",
    "ro-crate-metadata.json": "what archives read of it (RO-Crate)",
    "CITATION.cff": "how to cite it",
    "void.ttl": "the description of the graph (VoID, DCAT)",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One file. `scope` says what of the graph it holds; `size` is in bytes."""

    name: str
    href: str
    scope: str
    format: str
    media_type: str
    size: int
    sha256: str

    @property
    def human_size(self) -> str:
        size, unit = float(self.size), "bytes"
        for unit in ("bytes", "kB", "MB", "GB"):
            if size < 1000 or unit == "GB":
                break
            size /= 1000
        return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


def published(entry: File, folder: str) -> Published:
    """What is published at `folder`, an address, under the name of `entry`."""
    plain, gzipped = entry.name.removesuffix(".gz"), entry.name.endswith(".gz")
    stem = plain.rpartition("/")[2].rpartition(".")[0]
    part = stem.removeprefix("graph-")
    table = stem if entry.name.startswith("tables/") else ""
    return Published(
        name=entry.name,
        href=f"{folder}{entry.name}",
        scope=_SCOPES.get(entry.name, table or (part if part != stem else "the whole graph")),
        format=kind_of(plain)[0] + (", gzip" if gzipped else ""),
        media_type=kind_of(entry.name)[1],
        size=entry.size,
        sha256=entry.sha256,
    )


def send(path: Path, file: Published) -> Sent:
    """The file at `path`, whole or a range of it (RFC 9110 §14), under the strong ETag of its
    checksum.
    """
    environ = dict(request.environ)
    if not _one_range():
        environ.pop("HTTP_RANGE", None)
    response = send_file(
        path, environ, mimetype=file.media_type, etag=file.sha256, response_class=Response
    )
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        raise PreconditionFailed(f"the present {file.name} has the ETag {response.headers['ETag']}")
    return response


def _one_range() -> bool:
    """RFC 9110 §14.2: Range is for GET; units and sets that are not known here are ignored."""
    wanted = request.range
    return (
        request.method == "GET"
        and wanted is not None
        and wanted.units == "bytes"
        and len(wanted.ranges) == 1
    )
