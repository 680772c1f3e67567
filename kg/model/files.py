"""Files of the user, read only where they are files; and what takes another's place."""

from __future__ import annotations

import ctypes
import errno
import os
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
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


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


def exchange(one: Path, other: Path, aside: str) -> None:
    """Swap two names in one step (renameat2(2)), so that neither is missing at any time.
    Where the system cannot, one stands `aside` by that name for a moment.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    done = -1
    if hasattr(libc, "renameat2"):
        first, second = os.fsencode(one), os.fsencode(other)
        done = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
        number = ctypes.get_errno()
        if done and number not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(number, os.strerror(number), str(one), None, str(other))
    if done:  # a system or a file system that cannot: a kill between leaves no `other`
        between = one.with_name(aside)
        other.rename(between)
        one.rename(other)
        between.rename(one)
