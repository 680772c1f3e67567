"""What the system refuses while a release is made: one line that names the file and what to do."""

from __future__ import annotations

import errno
import os
import pwd
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.model.errors import ChanceryError

_ADVICE = {
    errno.EACCES: "let {user} read and write there, or build as its owner",
    errno.EPERM: "let {user} read and write there, or build as its owner",
    errno.EROFS: "the disk is mounted read-only: mount it for writing, or move the project",
    errno.ENOSPC: "free some room on that disk",
    errno.EDQUOT: "free some room: {user} has used up a quota",
    errno.EFBIG: "raise the limit of the size of files (ulimit -f)",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "raise the system's limit of open files (fs.file-max)",
    errno.ENOMEM: "free some memory",
    errno.EAGAIN: "raise the limit of processes (ulimit -u), or free some memory",
    errno.ENAMETOOLONG: "move the project to a shorter path",
    errno.EIO: "see what the system's log says of that disk",
    errno.ENOTDIR: "move that file away",
    errno.ELOOP: "remove the links that lead in a circle",
}
_NUMBER = re.compile(r"\(os error (\d+)\)")  # how Rust ends its messages
_REASONS = {os.strerror(number): number for number in _ADVICE} | {
    "can't start new thread": errno.EAGAIN
}


class NotWritten(ChanceryError):
    """The disk is full, or a file may not be read or written; the last good release stays."""


@contextmanager
def plainly(where: Path) -> Iterator[None]:
    """Tell what the system refuses in a line; `where` it was, if the error does not say.

    Raises:
        NotWritten: it refused something.
    """
    try:
        yield
    # RuntimeError is the interpreter's, for want of a thread, or the engine's, of a broken store.
    except (OSError, sqlite3.Error, MemoryError, RuntimeError) as error:
        raise NotWritten(f"{told(error, where)}; nothing was released") from error


def told(error: Exception, where: Path) -> str:
    """The file, what is the matter with it, and what to do."""
    file = getattr(error, "filename", None) or ""
    if not Path(file).is_absolute():  # as where folders are walked by their handles
        file = where
    reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or "no memory"
    number = getattr(error, "errno", None) or _number(reason)
    user = str(os.geteuid())
    with suppress(KeyError):  # a user whom no file lists
        user = pwd.getpwuid(os.geteuid()).pw_name
    advice = _ADVICE.get(number, "").format(user=user)
    return "; ".join(filter(None, (f"{file}: {reason}", advice)))


def _number(reason: str) -> int:
    if found := _NUMBER.search(reason):
        return int(found[1])
    return next((number for words, number in _REASONS.items() if words in reason), 0)
