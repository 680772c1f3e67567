"""`InProcess`: a graph whose queries run in this very process, a worker that may be lost."""

from __future__ import annotations

from collections.abc import Callable

from kg.model.settings import Settings
from kg.store import preflight
from kg.store.embedded import wire_format
from kg.store.embedded.messages import Message
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.release import Release


class InProcess:
    """The graph of a program that runs in workers.

    The program is made before the store is opened: once, in the process that forks the workers.
    """

    def __init__(self, release: Release, settings: Settings) -> None:
        self.release = release
        self._settings = settings
        self._evaluate: Callable[[Message], Message] | None = None

    def open(self, evaluate: Callable[[Message], Message]) -> None:
        """Have queries answered by `evaluate` from now on."""
        self._evaluate = evaluate

    def status(self) -> Status:
        return Status(ready=self._evaluate is not None, in_memory=True, busy=1, idle=0, waiting=0)

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:  # noqa: ARG002 - below
        """See `Graph.answer`; but who wants to cancel it ends this process."""
        if self._evaluate is None:
            raise RuntimeError("the store is not open yet")
        # The program wrote it, and no reader: only whether it names its dataset must be known.
        own = "from" in query.text.lower() and preflight.check(query.text, self._settings)
        reply = self._evaluate(wire_format.encode_trusted(query, self._settings, own))
        return wire_format.decode(reply, self.release.id, self._settings)
