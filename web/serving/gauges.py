"""What the front notes of itself and its processes, for `/metrics`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from web.serving import footprint
from web.serving.children import Children
from web.serving.connections import Connections
from web.serving.members import Home
from web.site.metrics import FRONT, Metrics

_PERIOD = 1.0  # seconds


class Gauges:
    """Notes each second what is true then."""

    def __init__(self, metrics: Metrics, connections: Connections, children: Children) -> None:
        self._metrics = metrics
        self._connections = connections
        self._children = children
        self._noted = 0.0

    def note(self, now: float, homes: Iterable[Home]) -> None:
        """Note it, if it is time to."""
        if now - self._noted < _PERIOD:
            return
        self._noted = now
        states = Counter(each.state.name.lower() for each in self._connections)
        for state in FRONT["connections"].values:
            self._metrics.gauge("connections", states[state], state)
        states = Counter(each.state for each in self._children)
        for state in FRONT["children"].values:
            self._metrics.gauge("children", states[state], state)
        self._metrics.gauge("waiting", self._children.waiting)
        self._metrics.gauge("descriptors", footprint.descriptors())
        memory = footprint.memory(os.getpid(), ())
        for home in homes:
            memory += footprint.memory(home.pid, [each.pid for each in home.members])
        self._metrics.gauge("memory_bytes", memory)
