"""Files of a release: what each is, for people and programs, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.utils import send_file
from werkzeug.wrappers import Response as Sent

from kg.model.formats import BY_EXTENSION
from kg.store.manifest import CHECKSUM, MANIFEST, File

_KINDS: Mapping[str, tuple[str, str]] = {
    "gz": ("gzip", "application/gzip"),
    "json": ("JSON", "application/json"),
    "jsonl": ("JSON lines", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "sha256": ("checksum", "text/plain"),
    **{
        each: (made.label, made.media_type) for each, made in BY_EXTENSION.items() if each != "json"
    },
}
_SCOPES = {
    MANIFEST: "what it is and was made from",
    CHECKSUM: "of the manifest",
    "changes.jsonl": "what changed since the release before",
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
    whole = stem if entry.name.startswith("tables/") else "the whole graph"
    part = stem.removeprefix("graph-")
    return Published(
        name=entry.name,
        href=f"{folder}{entry.name}",
        scope=_SCOPES.get(entry.name, part if part != stem else whole),
        format=_kind(plain)[0] + (", gzip" if gzipped else ""),
        media_type=media_type(entry.name),
        size=entry.size,
        sha256=entry.sha256,
    )


def media_type(name: str) -> str:
    """What the file of that name is sent as."""
    return _kind(name)[1]


def _kind(name: str) -> tuple[str, str]:
    return _KINDS.get(name.rpartition(".")[2], ("binary", "application/octet-stream"))


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
