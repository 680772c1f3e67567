"""Opens the SQLite files that a release carries: its search index, and its tables.

They never change, so neither locks nor checks are needed; and who serves may write no file, so what
SQLite sorts or materialises stays in memory (sqlite.org/tempfiles.html §2).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self


def connect(path: Path) -> sqlite3.Connection:
    """A connection that only reads."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


class Tables:
    """One connection to a file of one release."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._tables = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the file at `path`."""
        with closing(connect(path)) as connection:
            yield cls(connection)

    @property
    def schema(self) -> str:
        """What names its tables and their columns."""
        (found,) = self._tables.execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()
        return str(found)
