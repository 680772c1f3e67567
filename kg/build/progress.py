"""How long work tells what it is doing: to a person at a terminal, to a log, to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Progress(Protocol):
    """Watches the stages of a run."""

    def stage(self, title: str) -> None:
        """A new stage begins."""
        ...

    def track(self, items: Iterable[Item], total: int | None, unit: str) -> Iterator[Item]:
        """Hand on the items of the stage, counting them."""
        ...

    def warn(self, text: str) -> None:
        """What went wrong and does not end the run, with what to do."""
        ...


class Silent:
    """Tells nobody."""

    def stage(self, title: str) -> None:
        pass

    def track(self, items: Iterable[Item], total: int | None, unit: str) -> Iterator[Item]:  # noqa: ARG002 - the protocol's
        return iter(items)

    def warn(self, text: str) -> None:
        pass
