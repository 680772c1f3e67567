"""How long requests take, and what of that a client is charged for."""

from __future__ import annotations

import time

_FRESH = 0.05  # seconds, after which the processor's clock is looked at again
_SHORT = 0.001  # seconds of a request that is charged by the clock on the wall


class Clock:
    """Seconds that requests take, and of these the processor's.

    The processor's clock takes longer to read than many a request to answer. So of short ones the
    time on the wall counts; of long ones what the processor has done since the last look, less what
    counted meanwhile.
    """

    def __init__(self) -> None:
        self._looked = self._used = self._counted = 0.0

    def start(self) -> float:
        """The moment at which a request begins."""
        now = time.monotonic()
        if now - self._looked > _FRESH:
            self._looked, self._used, self._counted = now, time.thread_time(), 0.0
        return now

    def stop(self, start: float) -> tuple[float, float]:
        """How long it took since `start`, and how long the processor worked for it."""
        now = time.monotonic()
        seconds = used = now - start
        if seconds > _SHORT:
            total = time.thread_time()
            used = min(seconds, max(total - self._used - self._counted, 0.0))
            self._looked, self._used, self._counted = now, total, 0.0
        else:
            self._counted += used
        return seconds, used
