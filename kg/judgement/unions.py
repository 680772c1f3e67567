"""Things that hang together, put into groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterable


class Unions:
    """Disjoint sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._leads: dict[Hashable, Hashable] = {}

    def find(self, each: Hashable) -> Hashable:
        """What stands for the group of `each`."""
        path = []
        while (lead := self._leads.get(each, each)) != each:
            path.append(each)
            each = lead
        self._leads.update(dict.fromkeys(path, each))
        return each

    def join(self, members: Iterable[Hashable]) -> None:
        """Make one group of the groups of `members`."""
        first, *others = map(self.find, members)
        self._leads.update(dict.fromkeys(others, first))
        self._leads.pop(first, None)
