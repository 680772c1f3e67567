"""`Beside`: a graph whose queries run in this very process, which is a child that may be lost."""

from __future__ import annotations

from collections.abc import Callable

from kg.model.settings import Settings
from kg.store import screen
from kg.store.embedded import dialogue
from kg.store.embedded.frames import Frame
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.release import Release


class Beside:
    """The graph of a program that runs in children beside the store.

    The program is made before the store is opened: once, in the process that forks the children.
    """

    def __init__(self, release: Release, settings: Settings) -> None:
        self.release = release
        self._settings = settings
        self._ask: Callable[[Frame], Frame] | None = None

    def open(self, ask: Callable[[Frame], Frame]) -> None:
        """Have queries answered by `ask` from now on."""
        self._ask = ask

    def status(self) -> Status:
        return Status(ready=self._ask is not None, in_memory=True, busy=1, idle=0, waiting=0)

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:  # noqa: ARG002 - below
        """See `Graph.answer`; but who wants to cancel it ends this process."""
        if self._ask is None:
            raise RuntimeError("the store is not open yet")
        # The program wrote it, and no reader: only whether it names its dataset must be known.
        own = "from" in query.text.lower() and screen.check(query.text, self._settings)
        reply = self._ask(dialogue.frame(query, self._settings, own_dataset=own))
        return dialogue.read(reply, self.release.id, self._settings)

    async def answer_async(
        self,
        query: Query,
        cancel: Cancel,
        slow: Callable[[], object],  # noqa: ARG002 - whoever waits is in another process
    ) -> Answer:
        """See `Graph.answer_async`."""
        return self.answer(query, cancel)
