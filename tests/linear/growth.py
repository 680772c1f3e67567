"""How the time of a call grows when its input is doubled."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SLOW = 0.002  # seconds below which a clock tells nothing of growth
LINEAR = 3.2  # times, for a doubling; quadratic time takes four
SIZES = (2048, 8192, 16384)  # characters: the first two for a glance, then by doubling
PATIENCE = 3  # seconds of one call; exponential time never ends


class Endless(Exception):
    """A call did not end."""


@contextmanager
def _patient() -> Iterator[None]:
    def end(_: int, __: FrameType | None) -> None:
        raise Endless

    former = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def seconds(call: Callable[[str], object], text: str, times: int = 1, enough: float = 0) -> float:
    """The least processor time of some calls with `text`, up to one that takes less than `enough`;
    `PATIENCE` where one does not end.
    """
    least = float(PATIENCE)
    for _ in range(times):
        if least < enough:
            break
        start = time.thread_time()
        try:
            with _patient():
                call(text)
        except Endless:
            return PATIENCE
        least = min(least, time.thread_time() - start)
    return least


def is_linear(call: Callable[[str], object], unit: str, lead: str = "", tail: str = "") -> bool:
    """Whether `call` takes linear time over `lead`, ever more of `unit`, and `tail`."""

    def text(size: int) -> str:
        return lead + unit * (size // len(unit)) + tail

    small, middle, large = map(text, SIZES)
    taken = seconds(call, small)
    if taken < PATIENCE and seconds(call, middle) < max(SLOW, 7 * taken):
        return True  # four times the input in less than seven times the time
    # A machine that is busy with others makes one measurement too long, hardly ever all of these.
    return any(
        PATIENCE > seconds(call, large, 2) <= max(SLOW, LINEAR * seconds(call, middle, 3))
        for _ in range(3)
    )
