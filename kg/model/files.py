"""Files of the user, read only where they are files."""

from __future__ import annotations

import stat
from pathlib import Path

from kg.model.errors import ChanceryError

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Unreadable(ChanceryError):
    """A file cannot be read: what was `found` in its place, and what is `allowed`."""

    exit_code = 1

    def __init__(self, path: Path, found: str, allowed: str) -> None:
        self.found, self.allowed = found, allowed
        super().__init__(f"{path}: found {found}; allowed: {allowed}")


def read_file(path: Path, most: int) -> bytes:
    """The bytes of the file at `path`, which may be `most`. Links are followed.

    Raises:
        Unreadable: it is no file (to open a pipe would wait for a writer), too large, or closed
            to this user.
    """
    try:
        found = path.stat()
        for is_kind, name in _KINDS:
            if is_kind(found.st_mode):
                raise Unreadable(path, name, "a file")
        if found.st_size > most:
            raise Unreadable(path, f"{found.st_size:,} bytes", f"a file of at most {most:,}")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(path, "a link that leads nowhere", "a file") from None
    except OSError as error:
        reason = str(error.strerror).lower()
        raise Unreadable(path, reason, "a file that this user may read") from None
