"""What the processes of a server take."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.serving.test_accounts import forked
from web.serving.footprint import descriptors, memory

MEGABYTE = 1 << 20
ROOT = Path(__file__).parents[2]


def standing(work: Callable[[], object]) -> int:
    """A process that has done the work, keeps what it made, and waits."""
    told, tell = os.pipe()

    def run() -> None:
        kept = work()
        os.write(tell, b".")
        time.sleep(60)
        del kept

    child = forked(run)
    os.read(told, 1)
    os.close(told)
    os.close(tell)
    return child


def test_what_is_shared_counts_once() -> None:
    """A child adds what it has beyond the process that it was forked from."""
    # In a process of its own: what a former test freed, a child would take up, and add nothing.
    measure = f"from {__name__} import measure; measure()"
    subprocess.run([sys.executable, "-c", measure], check=True, cwd=ROOT)


def measure() -> None:
    """Fork children and compare; see `test_what_is_shared_counts_once`."""
    ballast = b"x" * (100 * MEGABYTE)
    alone = memory(os.getpid(), [])
    assert alone > len(ballast)
    children = [
        standing(lambda: None),
        standing(lambda: b"x" * (80 * MEGABYTE)),
        standing(lambda: b"x" * (40 * MEGABYTE)),
    ]
    try:
        more = memory(os.getpid(), children) - alone
        assert abs(more - 120 * MEGABYTE) < 12 * MEGABYTE
    finally:
        for each in children:
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)
    assert abs(memory(os.getpid(), children) - alone) < 12 * MEGABYTE
    assert memory(children[0], []) == 0


def test_descriptors() -> None:
    """Each file and each socket counts."""
    before = descriptors()
    ends = os.pipe()
    assert descriptors() == before + 2
    for each in ends:
        os.close(each)
    assert descriptors() == before
