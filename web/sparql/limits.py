"""What one client may use: queries at once, and seconds of computing a minute."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from web.site.problems import ProblemDetails

_FORGET = 4096  # clients known at once, after which the idle ones with full credit are dropped


@dataclass(slots=True)
class _Account:
    credit: float
    seen: float
    running: int = 0


class TooMany(Exception):
    """The client has used up what it may use for now."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Limiter:
    """Keeps account of clients. `seconds` a minute are a credit that refills steadily."""

    def __init__(
        self, at_once: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once = at_once
        self._seconds = seconds
        self._clock = clock
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    def enter(self, client: str) -> None:
        """Start a query for `client`; `leave` must follow.

        Raises:
            TooMany: the client has too many queries running, or no credit left.
        """
        with self._lock:
            account = self._vacancy(client)
            if account.credit <= 0:
                wait = math.ceil((0.1 - account.credit) * 60 / self._seconds)
                raise TooMany(_too_many(f"Your queries have used more than {self._seconds:g} "
                    f"seconds of computing a minute. Try again in {wait} s.", wait))  # fmt: skip
            account.running += 1

    def leave(self, client: str, seconds: float) -> None:
        """End a query of `client`, which took `seconds`."""
        with self._lock:
            account = self._account(client, self._clock())
            account.running -= 1
            account.credit -= seconds

    @contextmanager
    def delivery(self, client: str) -> Iterator[None]:
        """Count a large answer among the queries of `client` while the block delivers it.

        Raises:
            TooMany: the client has too many queries running, or answers on their way.
        """
        with self._lock:
            self._vacancy(client).running += 1
        try:
            yield
        finally:
            self.leave(client, 0.0)

    def _vacancy(self, client: str) -> _Account:
        account = self._account(client, self._clock())
        if account.running >= self._at_once:
            raise TooMany(_too_many(f"You have {account.running} queries running, or answers on "
                f"their way to you; {self._at_once} may be so at once.", 1))  # fmt: skip
        return account

    def __len__(self) -> int:
        """The number of clients that are known."""
        return len(self._accounts)

    def _account(self, client: str, now: float) -> _Account:
        account = self._accounts.get(client)
        if account is None:
            if len(self._accounts) >= _FORGET:
                self._forget(now)
            account = self._accounts[client] = _Account(self._seconds, now)
        self._refill(account, now)
        return account

    def _refill(self, account: _Account, now: float) -> None:
        earned = (now - account.seen) * self._seconds / 60
        account.credit = min(self._seconds, account.credit + earned)
        account.seen = now

    def _forget(self, now: float) -> None:
        for client, account in list(self._accounts.items()):
            self._refill(account, now)
            if not account.running and account.credit >= self._seconds:
                del self._accounts[client]


def _too_many(detail: str, wait: int) -> ProblemDetails:
    return ProblemDetails.of("client-limit", detail, headers={"Retry-After": str(wait)})
