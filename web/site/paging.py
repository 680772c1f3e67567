"""Pages of a list: how their parameters are read, and where the pages before and after are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

MOST = 10_000  # pages of a list, and rows of one page


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: its `number`, counted from 1, and how many rows a page has."""

    number: int
    size: int

    @classmethod
    def read(cls, given: MultiDict[str, str], size: int) -> Self:
        """The page that the parameter `page` asks for, of pages of `size` rows.

        Raises:
            BadRequest: it is no such number.
        """
        return cls(whole("page", given, 1), size)

    @property
    def offset(self) -> int:
        """The number of rows before the first of this page."""
        return (self.number - 1) * self.size

    def around(self, at: Callable[[int], str], *, more: bool) -> tuple[str, str]:
        """The addresses of the page before and of the one after, empty where there is none.

        `at` gives the address of a page by its number; `more` says that rows follow.
        """
        before = at(self.number - 1) if self.number > 1 else ""
        return before, at(self.number + 1) if more else ""


def whole(name: str, given: MultiDict[str, str], default: int, most: int = MOST) -> int:
    """The parameter `name` as a whole number from 1 to `most`.

    Raises:
        BadRequest: it is none.
    """
    text = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise BadRequest(f"{name}: found {text[:80]!r}; allowed: a whole number from 1 to {most:,}")
    return int(text)
