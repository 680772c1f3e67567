"""The access log: one JSON object a line, written by a thread of its own."""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, TextIO


class AccessLog:
    """Writes to the file `target`; where that is `-`, to standard error; where empty, nowhere."""

    def __init__(self, target: str) -> None:
        self._lines: queue.SimpleQueue[tuple[float, Mapping[str, Any]] | None] = queue.SimpleQueue()
        self._target = target
        self._thread = threading.Thread(target=self._write, daemon=True)
        if target:
            self._thread.start()

    @property
    def kept(self) -> bool:
        """Whether anybody wants to read it."""
        return bool(self._target)

    def add(self, entry: Mapping[str, Any]) -> None:
        if self._target:
            self._lines.put((time.time(), entry))

    def close(self) -> None:
        """Write what is waiting, and end."""
        if self._target:
            self._lines.put(None)
            self._thread.join()

    def _write(self) -> None:
        with ExitStack() as stack:
            out: TextIO = sys.stderr
            if self._target != "-":
                out = stack.enter_context(open(self._target, "a", encoding="utf-8"))  # noqa: PTH123
            while (line := self._lines.get()) is not None:
                moment, entry = line
                stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
                out.write(json.dumps({"time": stamp, **entry}, ensure_ascii=False) + "\n")
                if self._lines.empty():
                    out.flush()
