"""The access log, as processes write it and as its readers move it away."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.errors import ChanceryError
from tests.serving.test_accounts import forked
from web.serving.access import AccessLog, log_writer

PROGRAM = """
import os, sys, time
from web.serving.access import AccessLog
log = AccessLog(sys.argv[1])
log.start()
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "access.jsonl"


@pytest.fixture
def log(target: Path) -> Iterator[AccessLog]:
    opened = AccessLog(str(target))
    opened.start()
    yield opened
    opened.close()


def entries(*files: Path) -> list[dict[str, Any]]:
    """What stands in those files, whose lines are all whole, short and in ASCII."""
    found = []
    for each in files:
        data = each.read_bytes()
        assert data.isascii()
        assert data.endswith(b"\n") or not data  # as it was made
        lines = data.split(b"\n")[:-1]
        assert all(len(line) < 4096 for line in lines)
        found += [json.loads(line) for line in lines]
    return found


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def descriptors() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


def writer_of(front: int) -> int:
    """The id of the process of that name which `front` has started; it takes it after its start."""
    found: list[int] = []

    def named() -> bool:
        for each in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                name, _, fields = each.read_text().rpartition(")")
                if name.endswith("(kg-log") and int(fields.split()[1]) == front:
                    found.append(int(each.parent.name))
        return bool(found)

    wait_until(named)
    assert len(found) == 1
    return found[0]


def is_idle(log: AccessLog, writer: int) -> bool:
    """Whether the pipe is empty, and then who read it waits for more."""
    waiting = array("i", [0])
    fcntl.ioctl(log.descriptors[0], termios.FIONREAD, waiting)
    state = Path(f"/proc/{writer}/stat").read_text().rpartition(")")[2].split()[0]
    return (waiting[0], state) == (0, "S")


def test_a_line_a_request(log: AccessLog, target: Path) -> None:
    """Fields stand as they were given, behind the time."""
    log.entry(client="192.0.2.1", method="GET", path="/sparql", status=200, ms=0.25, cache="hit")
    log.close()
    (entry,) = entries(target)
    assert list(entry) == ["time", "client", "method", "path", "status", "ms", "cache"]
    moment = time.strptime(entry.pop("time"), "%Y-%m-%dT%H:%M:%SZ")
    assert abs(time.mktime(moment) - time.mktime(time.gmtime())) < 60
    assert list(entry.values()) == ["192.0.2.1", "GET", "/sparql", 200, 0.25, "hit"]


def children() -> str:
    """The processes that this one has forked and not reaped."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text()


def test_no_log() -> None:
    """Where none is wanted, nothing is opened and nothing started."""
    before = descriptors(), children()
    log = AccessLog("")
    log.start()
    log.entry(path="/")
    assert (log.kept, log.descriptors) == (False, ())
    log.close()
    assert (descriptors(), children()) == before


def test_nothing_is_left(target: Path) -> None:
    """A log that is closed has neither descriptors nor a process."""
    before = descriptors(), children()
    log = AccessLog(str(target))
    log.start()
    log.entry(path="/")
    log.close()
    log.entry(path="/late")
    assert (descriptors(), children()) == before
    assert [each["path"] for each in entries(target)] == ["/"]


@given(st.text() | st.text(alphabet='\x00\n\r"\\\u2028\x85\ud800\udfff\U0001f600é', min_size=1))
def test_any_path_is_a_line(path: str) -> None:
    """Whatever a path holds, its line is one line of JSON, and says the path where that can be."""
    reading, writing = os.pipe()
    try:
        log = AccessLog("-")
        os.dup2(writing, log.descriptors[0])
        log.entry(path=path)
        line = os.read(reading, 1 << 16)
    finally:
        os.close(reading)
        os.close(writing)
        log.close()
    assert line.isascii()
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert json.loads(line)["path"] == path.encode(errors="replace").decode()


@pytest.mark.parametrize("character", ["a", "\x00", "é", "\U0001f600", '"'])
def test_a_long_path_is_cut(log: AccessLog, target: Path, character: str) -> None:
    """A line is never longer than a pipe takes in one piece, and shows that it was cut."""
    log.entry(client="192.0.2.1", path=character * 65_536, status=414)
    log.entry(path="/next")
    log.close()
    cut, following = entries(target)
    assert (cut["client"], cut["status"], following["path"]) == ("192.0.2.1", 414, "/next")
    assert set(cut["path"]) == {character, "…"}
    assert cut["path"].endswith("…")
    assert len(cut["path"]) > 60


def test_rotated_under_load(log: AccessLog, target: Path) -> None:
    """Moved away again and again while processes write, no line is lost, torn or written twice."""

    def write(number: int) -> None:
        for line in range(2000):
            log.entry(path=f"/{number}/{line}", filler="x" * (line % 300))
            time.sleep(0.0001)

    children = [forked(lambda number=number: write(number)) for number in range(4)]  # type: ignore[misc]
    moved: list[Path] = []
    while children:
        children = [each for each in children if not os.waitpid(each, os.WNOHANG)[0]]
        time.sleep(0.03)
        if target.exists():
            moved.append(target.rename(target.with_suffix(f".{len(moved)}")))
    log.close()
    assert len(moved) > 3
    found = entries(*moved, *([target] if target.exists() else []))
    assert sorted(each["path"] for each in found) == sorted(
        f"/{number}/{line}" for number in range(4) for line in range(2000)
    )
    for number in range(4):  # and each process's in their order
        own = [each["path"] for each in found if each["path"].startswith(f"/{number}/")]
        assert own == [f"/{number}/{line}" for line in range(2000)]


def test_killed_writers_tear_nothing(log: AccessLog, target: Path) -> None:
    """kill -9 amid writing: each line that arrived is whole, and the others go on."""

    def write_for_ever() -> None:
        while True:
            log.entry(path="/killed", filler="x" * 500)

    for _ in range(10):
        child = forked(write_for_ever)
        time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    time.sleep(0.1)
    log.entry(path="/alive")
    log.close()
    assert entries(target)[-1]["path"] == "/alive"


def test_lines_that_find_no_place_are_counted(
    target: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """While nobody takes them lines are lost at once, counted in the log, and told once."""
    log = AccessLog(str(target))
    start = time.monotonic()
    for number in range(20_000):
        log.entry(path=f"/{number}", filler="x" * 200)
    assert time.monotonic() - start < 5
    log.start()
    wait_until(lambda: target.exists() and target.stat().st_size > 1 << 19)
    time.sleep(0.2)
    log.entry(path="/last")
    log.close()
    found = entries(target)
    *_, lost, last = found
    assert last["path"] == "/last"
    assert list(lost) == ["lost"]
    assert lost["lost"] == 20_000 - (len(found) - 2)
    assert capfd.readouterr().err == (
        "kg: access_log: there are more lines than can be written; the log tells how many\n"
    )


def test_a_file_that_cannot_be_written_for_a_while(
    target: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is told once, and the lines that were lost are counted when it can be again."""
    log = AccessLog(str(target))
    log.start()
    target.unlink()
    target.mkdir()
    writer = writer_of(os.getpid())
    for number in range(3):
        log.entry(path=f"/lost/{number}")
        wait_until(lambda: is_idle(log, writer))
    target.rmdir()
    log.entry(path="/kept")
    log.close()
    lost, kept = entries(target)
    assert (lost, kept["path"]) == ({"lost": 3}, "/kept")
    assert capfd.readouterr().err == (
        f"kg: access_log: [Errno 21] Is a directory: '{target}'; lines are lost\n"
    )


def test_one_that_cannot_be_written_at_all(tmp_path: Path) -> None:
    """That is said at the start."""
    with pytest.raises(ChanceryError) as refused:
        AccessLog(str(tmp_path / "absent" / "access.jsonl"))
    assert str(refused.value) == (
        f"access_log: [Errno 2] No such file or directory: '{tmp_path}/absent/access.jsonl'"
    )


def test_the_writer_is_started_again(log: AccessLog, target: Path) -> None:
    """Where it was killed another takes its place, and nothing that waited is lost."""
    log.entry(path="/first")
    wait_until(lambda: target.exists() and target.stat().st_size > 0)
    writer = writer_of(os.getpid())
    os.kill(writer, signal.SIGKILL)
    os.waitid(os.P_PID, writer, os.WEXITED | os.WNOWAIT)
    log.entry(path="/meanwhile")
    log.start()
    log.start()
    log.entry(path="/then")
    log.close()
    assert [each["path"] for each in entries(target)] == ["/first", "/meanwhile", "/then"]


def test_the_writer_ends_after_all_others(target: Path) -> None:
    """Ctrl-C and SIGTERM do not end it, the end of the last process that writes does."""
    program = f"""{PROGRAM}
child = os.fork()
if not child:
    time.sleep(0.5)
    log.entry(path="/from a child")
    os._exit(0)
log.entry(path="/from the front")
print("ready", flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, target],
        stdout=subprocess.PIPE,
        text=True,
    ) as front:
        assert front.stdout is not None
        assert front.stdout.readline() == "ready\n"
        writer = writer_of(front.pid)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(writer, number)
        os.kill(front.pid, signal.SIGKILL)
    # What it prints to is closed when the last of its processes has ended, and that is the writer.
    wait_until(lambda: not Path(f"/proc/{writer}").exists())
    assert [each["path"] for each in entries(target)] == ["/from the front", "/from a child"]


def test_standard_error() -> None:
    """`-` is standard error, and all of it is there when the program ends."""
    program = f"""{PROGRAM}
for number in range(3):
    log.entry(path=f"/{{number}}")
log.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "-"], capture_output=True, text=True, check=True
    )
    assert [json.loads(line)["path"] for line in done.stderr.splitlines()] == ["/0", "/1", "/2"]


def test_the_last_line_is_whole(target: Path) -> None:
    """What is read in two pieces is written in one; a piece that never ends is no line."""
    reading, writing = os.pipe()
    child = forked(lambda: (os.close(writing), log_writer(reading, str(target)))[1])
    for piece in (b'{"path": "/1"}\n{"pa', b'th": "/2"}\n', b'{"torn'):
        os.write(writing, piece)
        time.sleep(0.05)
    os.close(writing)
    os.close(reading)
    os.waitpid(child, 0)
    assert entries(target) == [{"path": "/1"}, {"path": "/2"}]
