"""The code blocks of the documentation, and a shell that does what they say."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, run_kg, served

BASE = "http://localhost:8000"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(
    r"(?P<before>[^\n]*)\n{1,2}```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
_FILE = re.compile(r"`([\w./-]+\.\w+)`:?$")
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.M)


@dataclass(frozen=True)
class Block:
    """A block of code, and the file that the line before it ends with."""

    page: str
    line: int
    language: str
    text: str
    file: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[tuple[str, str]]:
        """Each command with what the page shows of its output."""
        if self.language == "sh":
            return [(self.text, "")]
        return [(found[1], found[2]) for found in _COMMAND.finditer(self.text)]


def blocks(*languages: str) -> list[Block]:
    """All blocks in these languages, in the order of the pages."""
    return [each for path in PAGES for each in _of(path) if each.language in languages]


def _of(path: Path) -> Iterator[Block]:
    text = path.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        file = _FILE.search(found["before"])
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(path.name, line, found["language"], found["text"], file and file[1])


def fits(shown: str, output: str) -> bool:
    """Whether this is the output that a page shows; `…` stands for whatever varies."""
    lines = "\n".join(line.rstrip() for line in output.replace("\r", "").strip().splitlines())
    pattern = ".*".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, lines, re.DOTALL) is not None


class Shell:
    """A reader who follows a page: writes its files, runs its commands, serves, looks."""

    def __init__(self, folder: Path, seeds: Callable[[], str], stack: ExitStack) -> None:
        self._folder = folder
        self._seeds = seeds
        self._stack = stack
        self._address: str | None = None

    def write(self, file: str, text: str) -> None:
        """Write the file; what stands in a `kg.toml` goes to its end."""
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.name == "kg.toml" and path.exists() else ""
        path.write_text(before + text, "utf-8")

    def run(self, command: str) -> str:
        """What it prints: of a fault, what is wrong, too."""
        match shlex.split(command):
            case ["cd", where]:
                self._folder /= where
                return ""
            case ["kg", "serve", *directory]:
                self._address = self._stack.enter_context(served(self._folder.joinpath(*directory)))
                return "Serving http://127.0.0.1:8000/ (Ctrl-C ends it)"  # or it did not listen
            case ["kg", *arguments]:
                with chdir(self._folder):
                    done = run_kg(*arguments)
                return done.stdout + (done.stderr if done.returncode else "")
        return self._other(command)

    def _other(self, command: str) -> str:
        if BASE in command:
            self._address = self._address or self._seeds()
            command = command.replace(BASE, self._address)
        done = subprocess.run(
            ["bash", "-ec", command], check=True, cwd=self._folder, capture_output=True, text=True
        )
        return done.stdout
