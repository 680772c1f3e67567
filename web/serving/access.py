"""The access log: one JSON object a line, from many processes by a pipe to one that writes.

Whoever serves puts a line into the pipe with one write, which is never mixed with another's (POSIX,
`write`: up to PIPE_BUF bytes) and never waits. The process that reads it runs no application code,
ends when all who write have ended, and has then written all that they said.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from kg.model.errors import ChanceryError

_LONGEST = 4096  # bytes of a line: PIPE_BUF of Linux
_PIPE = 1 << 20  # bytes that wait while the disk does: about five thousand lines
_AT_ONCE = 1 << 16  # bytes of one write to the file
_GRACE = 5.0  # seconds that the writer has to write what waits, at the end
_LOST = b'{"lost": '


class AccessLog:
    """Writes to the file `target`; where that is `-`, to standard error; where empty, nowhere.

    The file is opened for each write, so that it can be moved away at any time. Made, and started,
    before the processes that write to it are forked.

    Raises:
        ChanceryError: it cannot be written from the start.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._writer = 0
        self._lost = 0
        self._second = 0
        self._stamp = ""
        self.kept = bool(target)  # whether anybody wants to read it
        if target:
            try:
                _append(target, b"")
            except OSError as error:
                raise ChanceryError(f"access_log: {error}") from error
            self._reading, self._writing = os.pipe()
            os.set_blocking(self._writing, False)
            with suppress(OSError, AttributeError):  # Linux has the call, and a bound to it
                fcntl.fcntl(self._writing, fcntl.F_SETPIPE_SZ, _PIPE)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process needs that does nothing but enter lines."""
        return (self._writing,) if self.kept else ()

    def start(self) -> None:
        """Start the process that writes; or another, where that has been ended from outside."""
        if not self.kept or (self._writer and not self._ended()):
            return
        self._writer = os.fork()
        if not self._writer:
            _be_writer(self._reading, self._target)

    def entry(self, **fields: Any) -> None:
        """Write a line with those fields and the time. What finds the pipe full is lost; the next
        line that does not is preceded by `{"lost": NUMBER}`.
        """
        if not self.kept:
            return
        try:
            if self._lost:
                os.write(self._writing, b"%s%d}\n" % (_LOST, self._lost))
                self._lost = 0
            os.write(self._writing, _line(self._now(), fields))
        except OSError:
            self._lost += 1

    def close(self) -> None:
        """End the writer, once all others that enter lines have ended and all is written."""
        if not self.kept:
            return
        self.kept = False
        os.close(self._reading)
        os.close(self._writing)
        deadline = time.monotonic() + _GRACE
        while self._writer and not self._ended() and time.monotonic() < deadline:
            time.sleep(0.005)

    def _ended(self) -> bool:
        try:
            return os.waitpid(self._writer, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True

    def _now(self) -> str:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        return self._stamp


def log_writer(reading: int, target: str) -> None:
    """Append to `target` what comes from the pipe, until all who write into it have closed it.

    While it cannot be written, lines are lost and counted, which standard error is told once,
    unless it is the target; and once in all that there were more lines than could be written.
    """
    said = failing = False
    lost = 0
    rest = b""
    while True:
        data = os.read(reading, _AT_ONCE)
        lines, newline, rest = (rest + data).rpartition(b"\n")
        lines += newline
        if lines:
            if not said and b"\n" + _LOST in b"\n" + lines:
                said = True
                _say(target, "there are more lines than can be written; the log tells how many")
            try:
                if lost:
                    _append(target, b"%s%d}\n" % (_LOST, lost))
                    lost = 0
                _append(target, lines)
                failing = False
            except OSError as error:
                lost += lines.count(b"\n")
                if not failing:
                    _say(target, f"{error}; lines are lost")
                failing = True
        if not data:
            return


def _be_writer(reading: int, target: str) -> NoReturn:
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # it ends after all others
        with suppress(OSError):
            Path("/proc/self/comm").write_text("kg-log")
        # Among these is its own way into the pipe, and what others wait for the end of.
        os.closerange(3, reading)
        os.closerange(reading + 1, os.sysconf("SC_OPEN_MAX"))
        log_writer(reading, target)
    finally:
        os._exit(0)


def _append(target: str, data: bytes) -> None:
    if target == "-":
        while data:
            data = data[os.write(2, data) :]
        return
    with Path(target).open("ab", buffering=0) as out:
        while data:
            data = data[out.write(data) :]


def _say(target: str, words: str) -> None:
    if target != "-":
        with suppress(OSError):  # nothing else is read by who runs it
            os.write(2, f"kg: access_log: {words}\n".encode())


def _line(stamp: str, fields: dict[str, Any]) -> bytes:
    """A line in ASCII. One that is too long has its longest values cut, which end with an ellipsis
    then; what is no character (a lone surrogate) becomes a question mark.
    """
    text = json.dumps({"time": stamp, **fields})
    if "\\ud" in text:
        for name, value in fields.items():
            if isinstance(value, str):
                fields[name] = value.encode(errors="replace").decode()
        text = json.dumps({"time": stamp, **fields})
    while len(text) >= _LONGEST:
        longest = max(fields, key=lambda name: len(str(fields[name])))
        value = str(fields[longest])
        fields[longest] = f"{value[: len(value) // 2]}…"
        text = json.dumps({"time": stamp, **fields})
    return f"{text}\n".encode()
