"""The access log: one JSON object a line, written by a thread of its own."""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.model.errors import ChanceryError

_AT_ONCE = 1000  # lines of one write

Entry = tuple[float, Mapping[str, Any]]


class AccessLog:
    """Writes to the file `target`; where that is `-`, to standard error; where empty, nowhere.

    The file is opened for each write, so that it can be moved away at any time. While it cannot be
    written, lines are lost, which standard error is told once, unless it is that.

    Raises:
        ChanceryError: it cannot be written from the start.
    """

    def __init__(self, target: str) -> None:
        self._entries: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._target = target
        self._thread = threading.Thread(target=self._write, daemon=True)
        if target:
            try:
                self._append("")
            except OSError as error:
                raise ChanceryError(f"access_log: {error}") from error
            self._thread.start()

    @property
    def kept(self) -> bool:
        """Whether anybody wants to read it."""
        return bool(self._target)

    def add(self, entry: Mapping[str, Any]) -> None:
        if self._target:
            self._entries.put((time.time(), entry))

    def close(self) -> None:
        """Write what is waiting, and end."""
        if self._target:
            self._entries.put(None)
            self._thread.join()

    def _write(self) -> None:
        ended = failing = False
        while not ended:
            entries = [self._entries.get()]
            while len(entries) < _AT_ONCE and not self._entries.empty():
                entries.append(self._entries.get())
            ended = entries[-1] is None
            try:
                self._append("".join(_line(*each) for each in entries if each is not None))
                failing = False
            except OSError as error:
                if not failing and self._target != "-":
                    print(f"kg: access_log: {error}; lines are lost", file=sys.stderr)  # noqa: T201 - nothing else is read by who runs it
                failing = True

    def _append(self, text: str) -> None:
        if self._target == "-":
            sys.stderr.write(text)
            sys.stderr.flush()
            return
        with Path(self._target).open("ab", buffering=0) as out:
            out.write(text.encode(errors="backslashreplace"))


def _line(moment: float, entry: Mapping[str, Any]) -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    return json.dumps({"time": stamp, **entry}, ensure_ascii=False) + "\n"
