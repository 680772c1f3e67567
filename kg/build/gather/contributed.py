"""Code that is not ours: how far it came, and where it stood when it failed."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, GeneratorType
from typing import Literal, NamedTuple

from kg.build.refused import NotWritten
from kg.model.errors import ChanceryError, DataError, Problem
from kg.model.facts import Fact, Record
from kg.model.sources import Found, Issue, Position, Review

_LOG = logging.getLogger(__name__)
_LONGEST = 500  # characters of a foreign message that are shown


class ContributedError(ChanceryError):
    """The code of a source failed; its text says where in the data, and where in the code."""

    exit_code = 1


@dataclass(slots=True)
class Reading:
    """One partition as a source reads it: knows which row it has come to.

    `file` is what the partition is called, `code` the source whose `read` gave `found`.
    """

    source: str
    file: str
    code: object
    found: Iterable[Found] = ()
    line: int = 0
    at: str = ""

    def __iter__(self) -> Iterator[Fact | Issue | Review]:
        for each in self.found:
            if isinstance(each, Position):
                self.file, self.line, self.at = each.file, each.line, ""
                continue
            if isinstance(each, Issue):
                self.file, self.line = each.file, each.line
            else:
                self.at = (
                    f"at {each.ref}" if hasattr(each, "ref") else f"at a {type(each).__name__}"
                )
            yield each
            if isinstance(each, Record):
                self.at = f"after {each.ref}"

    @property
    def code_line(self) -> str:
        """The line of the source's code that gave the last fact; "" where that cannot be told."""
        inner: object = self.found
        frame: FrameType | None = None
        while isinstance(inner, GeneratorType) and inner.gi_frame is not None:
            frame, inner = inner.gi_frame, inner.gi_yieldfrom
        return _line(frame, home_of(self.code), frame.f_lineno) if frame else ""

    def problem(self, found: str, allowed: str) -> Problem:
        """A fault of the fact that this has come to."""
        where = ", from ".join(filter(None, (self.at.removeprefix("at "), self.code_line)))
        return Problem(self.file, self.line, where, found, allowed)

    def told(self, error: BaseException) -> str:
        """An exception while this partition was read or mapped, in one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = code_line(error, self.code) or self.code_line
        parts = [f"sources: {self.source}", place, self.at, said(error)]
        return ": ".join(filter(None, parts)) + (f" ({where})" if where else "")


class DiskError(Exception):
    """Lines of the graph could not be written."""


class Failure(NamedTuple):
    """Why a partition could not be mapped, in values that any process can read."""

    kind: Literal["data", "ours", "disk", "code"]
    text: str
    partition: str
    trace: str
    problems: tuple[Problem, ...] = ()
    exit_code: int = 1

    @classmethod
    def of(cls, error: BaseException, reading: Reading) -> Failure:
        trace = "".join(traceback.format_tb(error.__traceback__))
        if isinstance(error, DataError):
            return cls("data", str(error), reading.file, trace, error.problems)
        if isinstance(error, ChanceryError):
            return cls("ours", str(error), reading.file, trace, exit_code=error.exit_code)
        if isinstance(error, DiskError):
            return cls("disk", str(error), reading.file, trace)
        return cls("code", reading.told(error), reading.file, trace)

    def error(self) -> Exception:
        """What the parent raises."""
        _LOG.debug("%s: %s\n%s", self.partition, self.text, self.trace)
        match self.kind:
            case "data":
                return DataError(self.problems)
            case "disk":
                return NotWritten(f"{self.text}; nothing was released")
            case "code":
                return ContributedError(self.text)
        ours = ChanceryError(self.text)
        ours.exit_code = self.exit_code
        return ours


@contextmanager
def calling(source: str, code: object) -> Iterator[None]:
    """Turn what the code of a source raises in this process into a line.

    Raises:
        ContributedError: with what it raised and where.
    """
    try:
        yield
    except (ChanceryError, KeyboardInterrupt, ModuleNotFoundError):
        raise
    except BaseException as error:
        _LOG.debug("sources: %s", source, exc_info=True)
        raise ContributedError(Reading(source, "", code).told(error)) from None


def said(error: BaseException) -> str:
    """`ValueError: no such month`, of an exception of any class."""
    try:
        text = " ".join(str(error).split())
    except BaseException:  # somebody else's class, whose text may fail as well
        text = "its text cannot be shown"
    name = type(error).__qualname__
    return f"{name}: {text[:_LONGEST]}" if text else name


def code_line(error: BaseException, code: object) -> str:
    """The innermost line of the contributor's own code that an exception came through."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    home = home_of(code)
    lines = [
        found
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (found := _line(frame, home, line))
    ]
    return lines[-1] if lines else ""


def home_of(code: object) -> Path | None:
    """The file of the top-level module that `code` is from, or the folder of its package."""
    if isinstance(code, Path):
        return code if code.exists() else code.with_suffix("")
    named = code if hasattr(code, "__qualname__") else type(code)
    top = sys.modules.get(str(getattr(named, "__module__", "")).partition(".")[0])
    file = getattr(top, "__file__", None)
    if file is None:
        return None
    return Path(file).parent if Path(file).name == "__init__.py" else Path(file)


def _line(frame: FrameType, home: Path | None, line: int) -> str:
    file = Path(frame.f_code.co_filename)
    if home is None or not file.is_relative_to(home):
        return ""
    name = frame.f_code.co_name
    within = "" if name.startswith("<") else f" in {name}"
    return f"{file.relative_to(home.parent)}:{line}{within}"
