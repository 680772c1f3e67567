"""What the front notes of itself and its processes, for `/metrics`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from web.serving.children import Children
from web.serving.connections import Connections
from web.site.metrics import FRONT, Metrics

_PERIOD = 1.0  # seconds


class Gauges:
    """Notes each second what is true then."""

    def __init__(self, metrics: Metrics, connections: Connections, children: Children) -> None:
        self._metrics = metrics
        self._connections = connections
        self._children = children
        self._noted = 0.0
        self._memory: dict[int, int] = {}

    def note(self, now: float, nurseries: Iterable[int]) -> None:
        """Note it, if it is time to; `nurseries` are their processes."""
        if now - self._noted < _PERIOD:
            return
        self._noted = now
        states = Counter(each.state.name.lower() for each in self._connections)
        for state in FRONT["connections"].values:
            self._metrics.gauge("connections", states[state], state)
        for state, number in self._children.states().items():
            self._metrics.gauge("children", number, state)
        self._metrics.gauge("waiting", self._children.waiting)
        self._metrics.gauge("descriptors", len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - a path each costs more
        self._metrics.gauge("memory_bytes", self._weigh({os.getpid(), *nurseries, *self._children}))

    def _weigh(self, processes: set[int]) -> int:
        """The memory of those processes, what they share counted once. One is weighed at a time,
        as the kernel walks through all of its pages.
        """
        known = {pid: size for pid, size in self._memory.items() if pid in processes}
        pid = next((each for each in processes if each not in known), None)
        pid = pid or next(iter(known))
        known.pop(pid, None)  # to the end, so that each has its turn
        known[pid] = _proportional(pid)
        self._memory = known
        return sum(known.values())


def _proportional(pid: int) -> int:
    """The proportional set size of a process, in bytes (proc_pid_smaps(5)); of another's, whose
    memory it hides, its resident set less what it shares.
    """
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:  # it has ended
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
