"""Builds that are made to fail: system calls that return an error, and kills, at random.

After each, the release that is served must be whole, the next build clean, and what the build said
one line that names a file (docs/operating.md has the figures of a long run).
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kg.model.errors import ChanceryError
from kg.store.release import Release

# What a build asks of the system, by strace's names, and how each may be refused.
CALLS = {
    "openat": ("EIO", "EMFILE", "EACCES", "ENOSPC"),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "write": ("EIO", "ENOSPC"),
    "pwrite64": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO",),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO",),
    "rename": ("EIO", "EACCES"),
    "renameat2": ("EIO",),
    "link": ("EIO",),
    "linkat": ("EMLINK",),
    "symlink": ("EIO", "ENOSPC"),
    "mkdir": ("EIO", "ENOSPC", "EACCES"),
    "unlink": ("EIO", "EACCES"),
    "unlinkat": ("EIO",),
    "rmdir": ("EIO", "EACCES"),
    "getdents64": ("EIO",),
    "newfstatat": ("EIO", "EACCES"),
    "flock": ("EIO",),
    "mmap": ("ENOMEM",),
}
_LONGEST = 120  # seconds that a build may take, slowed down by strace on a busy machine
_STAGE = re.compile(r"[A-Z][a-z ,]+ …")


@dataclass(frozen=True, slots=True)
class Fault:
    """The `when`th of a process's calls of that name fails."""

    call: str
    error: str
    when: int

    def command(self, log: Path) -> list[str]:
        inject = f"inject={self.call}:error={self.error}:when={self.when}"
        traced = ["-e", f"trace={self.call}", "-e", inject]
        return ["strace", "-f", "-qq", "-y", "--seccomp-bpf", "-o", str(log), *traced]


@dataclass(frozen=True, slots=True)
class Kill:
    """The build is killed after so many seconds."""

    after: float

    def command(self, log: Path) -> list[str]:
        return []


@dataclass(slots=True)
class Torture:
    """Harms builds of the project in `directory`, of which a release is there already."""

    directory: Path
    chance: random.Random
    outcomes: Counter[str] = field(default_factory=Counter)
    _numbers: int = 0
    _sheet: str = ""
    _seconds: float = 0.0

    def prepare(self) -> None:
        """Learn how long a build takes."""
        self._sheet = self._entities.read_text("utf-8")
        self._change()
        start = time.monotonic()
        assert self._build([]).returncode == 0
        self._seconds = time.monotonic() - start

    def faults(self, number: int) -> Iterator[Fault]:
        """Random ones, past what the interpreter asks for before it runs any code of ours."""
        before = self._calls([sys.executable, "-c", "import kg.cli"])
        self._change()
        during = self._calls(self._command)
        names = [name for name in CALLS if during[name]]
        for at in range(number):
            call = names[at % len(names)]
            most = max(during[call], before[call] + 3)
            when = self.chance.randint(before[call] + 1, most)
            yield Fault(call, self.chance.choice(CALLS[call]), when)

    def kills(self, number: int) -> Iterator[Kill]:
        """At random moments of a build."""
        for _ in range(number):
            yield Kill(self.chance.uniform(0.0, 1.1) * self._seconds)

    def harm(self, harm: Fault | Kill) -> list[str]:
        """What was wrong after it; nothing, as a rule."""
        self._change()
        log = self.directory / "calls"
        done = self._build(harm.command(log), harm.after if isinstance(harm, Kill) else None)
        wrong = self._served()
        if isinstance(harm, Fault) and _met_no_file(log):
            self.outcomes["met a pipe, which cannot fail so"] += 1
        elif isinstance(harm, Fault):
            self.outcomes["refused" if done.returncode else "built all the same"] += 1
            wrong += _said_wrong(done)
        else:
            self.outcomes["killed" if done.returncode else "done before"] += 1
        log.unlink(missing_ok=True)
        after = self._build([])
        if after.returncode or any(not _STAGE.fullmatch(each) for each in _lines(after)):
            wrong.append(f"the next build was not clean: {after.stderr}")
        wrong += self._served()
        releases = self.directory / "build" / "releases"
        if left := [each.name for each in releases.glob(".*")]:
            wrong.append(f"left behind: {left}")
        return [f"{harm}: {each}" for each in wrong]

    @property
    def _entities(self) -> Path:
        return self.directory / "seeds" / "entities.yaml"

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "kg", "build", str(self.directory)]

    def _change(self) -> None:
        """So that the next build makes another release."""
        self._numbers += 1
        topic = f"topic/t{self._numbers}: {{label: T}}\n"
        self._entities.write_text(self._sheet + topic, "utf-8")

    def _served(self) -> list[str]:
        try:
            Release.current(self.directory).verify()
        except ChanceryError as error:
            return [f"what is served is broken: {error}"]
        return []

    def _build(
        self, before: list[str], after: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Build; kill it `after` so many seconds, and whatever is left of it in any case."""
        process = subprocess.Popen(
            [*before, *self._command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Coverage would write files of its own.
            env={name: each for name, each in os.environ.items() if "COVERAGE" not in name},
        )
        try:
            said = process.communicate(timeout=after or _LONGEST)
        except subprocess.TimeoutExpired:
            process.kill() if after else os.killpg(process.pid, signal.SIGKILL)
            said = process.communicate(timeout=_LONGEST)
            if not after:
                said = said[0], f"{said[1]}the build did not end\n"
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return subprocess.CompletedProcess([], process.returncode, *said)

    def _calls(self, command: list[str]) -> Counter[str]:
        """How often the first process of a command makes each call."""
        log = self.directory / "calls"
        traced = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
        subprocess.run([*traced, *command], check=True, capture_output=True)
        lines = [line.split(maxsplit=1) for line in log.read_text("utf-8", "replace").splitlines()]
        log.unlink()
        first = lines[0][0]
        return Counter(call.partition("(")[0] for pid, call in lines if pid == first)


def _met_no_file(log: Path) -> bool:
    """Whether a pipe or a socket was what failed, between processes of the build."""
    begun: dict[str, str] = {}  # by process, the call that another's line stands between
    for line in log.read_text("utf-8", "replace").splitlines():
        process, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[process] = call
        elif call.endswith("(INJECTED)"):
            whole = begun[process] if call.lstrip().startswith("<...") else call
            if re.search(r"\(\d+<(pipe|socket|UNIX)", whole):
                return True
    return False


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return done.stderr.splitlines()


def _said_wrong(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What a build that was harmed should not have said, or should have."""
    told = [each for each in _lines(done) if not _STAGE.fullmatch(each)]
    # Below "kg: 2 problems found", each has a line of its own.
    wrong = [f"said: {each}" for each in told if not each.startswith(("kg: ", "  "))]
    wrong += ["said nothing of its own first"] if told and told[0].startswith(" ") else []
    if done.returncode not in (0, 1, 2):
        wrong.append(f"ended with status {done.returncode}")
    # What ends a process of the build leaves nobody to say at which file.
    if done.returncode and not (told and re.search(r"/\S|a process of the build", told[-1])):
        wrong.append(f"named no file: {done.stderr[-400:]}")
    return wrong
