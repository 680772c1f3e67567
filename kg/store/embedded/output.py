"""Where the engine writes an answer: into bytes while it is small, into a file in memory beyond."""

from __future__ import annotations

import os
import sys
import tempfile
from mmap import PROT_READ, mmap
from typing import IO

from kg.store.errors import ResultTooLarge

_INLINE = 1 << 17  # bytes; larger answers are cheaper to hand over as a file than to copy
_PART = 1 << 20  # bytes looked at in one go
# What Oxigraph writes into XML all the same: characters that XML 1.0 §2.2 has not, and a predicate
# without a local name, which RDF/XML cannot tell (RDF 1.1 XML Syntax §2.4).
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_ILL_FORMED = ("\ufffe".encode(), "\uffff".encode(), b"<oxprefix: ")


class Output:
    """A file that the engine writes, some kilobytes at a time. `limit` is in megabytes.

    Its content outlives the block that it is used in.
    """

    __slots__ = ("_file", "_inline", "_limit", "_parts", "_size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inline = _INLINE
        self._size = 0
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, part: bytes) -> int:
        """Take the next bytes.

        Raises:
            ResultTooLarge: they are more than the limit, all in all.
        """
        self._size += len(part)
        if self._size > self._limit << 20:
            raise ResultTooLarge(
                f"The result has more than {self._limit} MB, which is the limit here. "
                "Ask for it in parts (LIMIT and OFFSET), or take a dump."
            )
        if self._file is not None:
            self._file.write(part)
            return len(part)
        self._parts.append(part)
        if self._size > self._inline:
            try:
                self._file = file_in_memory()
            except OSError:  # this process may open no more, so the answer stays where it is
                self._inline = self._limit << 20
            else:
                self._file.writelines(self._parts)
        return len(part)

    def flush(self) -> None:
        """Do nothing: `content` does."""

    def content(self) -> bytes | mmap:
        """All that was written."""
        if self._file is None:
            return b"".join(self._parts)
        self._file.flush()
        return mmap(self._file.fileno(), 0, prot=PROT_READ)


def well_formed(content: bytes | mmap) -> bool:
    """Whether an XML parser would take it. Regular expressions take four times as long."""
    if any(content.find(each) >= 0 for each in _ILL_FORMED):
        return False
    parts = (content[start : start + _PART] for start in range(0, len(content), _PART))
    return all(len(part.translate(None, _CONTROLS)) == len(part) for part in parts)


def file_in_memory() -> IO[bytes]:
    """A new file that goes with the last who has it open."""
    if sys.platform != "linux":
        return tempfile.TemporaryFile()
    return os.fdopen(os.memfd_create("answer", os.MFD_CLOEXEC), "w+b", _INLINE)
