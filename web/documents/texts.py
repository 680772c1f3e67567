"""The texts of restricted documents, where the operator has them on disk and lets readers see them
(the setting `texts`). They are found by their hash, whatever their file is called.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from kg.model import limits
from kg.model.files import Unreadable, read_file


def text_of(folder: Path, sha256: str) -> str | None:
    """The text below `folder` with this hash, None where there is none."""
    for path in sorted(folder.rglob("*.txt")):
        with suppress(FileNotFoundError, Unreadable, UnicodeDecodeError):
            stat = path.stat()
            if _hash(path, stat.st_mtime_ns, stat.st_size) == sha256:
                return read_file(path, limits.PROSE).decode("utf-8")
    return None


@lru_cache(maxsize=10_000)
def _hash(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(read_file(path, limits.PROSE)).hexdigest()
