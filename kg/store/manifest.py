"""`manifest.json`: what a release is, what it was made from, and every file that it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from kg.model.errors import naming
from kg.model.sources import Credit

MANIFEST = "manifest.json"
CHECKSUM = "manifest.json.sha256"  # as `sha256sum` writes it and reads it with -c


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name, its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path, name: str) -> File:
        """Read the file at `path`, which the release knows by `name`."""
        with naming(path), path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            return cls(name, source.tell(), digest)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a release holds. `triples` and `subjects` leave `graph/meta` out.

    The others are by name: facts by kind, triples by named graph, instances by class, triples by
    property, rows by data set, values that were not taken by the reason. `languages` are those of
    its literals.
    """

    triples: int = 0
    subjects: int = 0
    facts: Mapping[str, int] = field(default_factory=dict)
    graphs: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    issues: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One release.

    `built` is the time of the build (ISO 8601). `versions` are those of programs and data packages,
    `inputs` the SHA-256 of each file that was read, `commits` those of the project and of the
    sources that lie in a Git repository, `credits` whose data it holds. `questions` are
    the defaults of saved queries, by query and parameter. `dumps` are named below `dumps/`; `files`
    are all but the manifest itself, named below the release.
    """

    id: str
    built: str = ""
    base: str = ""
    title: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    sources: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    commits: Mapping[str, str] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dumps: tuple[File, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def day(self) -> str:
        """The day of the build, `2026-05-01`."""
        return self.built[:10]

    def write(self, directory: Path) -> None:
        """Write it last: a release without one is not finished."""
        text = (json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n").encode()
        (directory / MANIFEST).write_bytes(text)
        line = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n"
        (directory / CHECKSUM).write_text(line, "ascii")

    @classmethod
    def parse(cls, text: bytes) -> Manifest:
        """Read what `write` wrote.

        Raises:
            ValueError: it is no JSON, or a member is missing, unknown or of another type.
        """
        try:
            made = _read(cls, json.loads(text), "manifest")
        except RecursionError:
            raise ValueError("brackets within brackets without end") from None
        assert isinstance(made, cls)  # noqa: S101 - for the type checker
        return made


def _read(kind: Any, value: Any, name: str) -> Any:
    """`value`, which JSON gave, as the type that a field declares."""
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        hints = _hints(kind)
        if value.keys() == hints.keys():
            return kind(**{key: _read(hints[key], each, key) for key, each in value.items()})
    elif origin is tuple and isinstance(value, list):
        return tuple(_read(arguments[0], each, name) for each in value)
    elif origin is Mapping and isinstance(value, dict):
        return {key: _read(arguments[1], each, key) for key, each in value.items()}
    elif kind in (int, str) and type(value) is kind:
        return value
    raise ValueError(f"{name}: {str(value)[:80]}")


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
