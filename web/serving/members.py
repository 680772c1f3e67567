"""Nurseries and their children, as the front knows them."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from web.serving import messages
from web.serving.board import BEGUN, EPOCH, SINCE, TICKET, Slot
from web.serving.connections import Connection
from web.serving.messages import Kind


@dataclass(eq=False, slots=True)
class Home:
    """A nursery, and what it has said. `file` identifies the manifest that it was to open."""

    pid: int
    channel: socket.socket
    file: tuple[int, int]
    release: str = ""
    replies: dict[str, bytes] = field(default_factory=dict)
    members: set[Member] = field(default_factory=set)


@dataclass(eq=False, slots=True)
class Member:
    """A child. `held` are its connections by ticket; `seen` is since when it serves what it served
    at the last look, `used` the processor time that it had used before that, `spent` since.
    """

    number: int
    slot: Slot
    channel: socket.socket
    home: Home
    born: int
    pid: int = 0
    held: dict[int, Connection] = field(default_factory=dict)
    seen: float = 0.0
    used: float = 0.0
    spent: float = 0.0
    late: bool = False
    alone: bool = False  # being late, it holds nothing but what it serves
    heavy: bool = False  # it is for addresses that keep children long
    given: int = 0  # the ticket of the last connection that it was given
    begun: float = 0.0  # the last ticket that it had begun with at the last look
    idle: float = 0.0  # since when it leaves alone what it was given
    slow: bool = False
    counted: int = -1  # the account in which its request counts as one that runs
    spare: float = 0.0

    @property
    def serves(self) -> bool:
        return bool(self.slot.note[SINCE])

    @property
    def state(self) -> str:
        """`idle`, `busy` or `late`."""
        return "late" if self.late else "busy" if self.serves else "idle"

    @property
    def served(self) -> Connection | None:
        """The connection whose request it serves."""
        return self.held.get(int(self.slot.note[TICKET])) if self.serves else None

    def yield_to_others(self) -> None:
        """Let the others have the processor first."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)

    def look(self, since: float) -> None:
        """Note what it has used for what it serves `since`."""
        used = self.processor()
        if since != self.seen:
            self.seen, self.used = since, used
        self.spent = used - self.used

    def processor(self) -> float:
        """The processor time that it has used, in seconds: its clock as the kernel numbers it
        (clock_getcpuclockid(3)).
        """
        try:
            return time.clock_gettime((~self.pid << 3) | 2) if self.pid else 0.0
        except OSError:
            return 0.0

    def take_back(self, since: float | None = None) -> list[Connection] | None:
        """The connections but that which it serves, which are not its any more; None where that
        cannot be now, or it does not serve any more what it has served `since`.
        """
        note = self.slot.note
        with self._locked() as locked:
            if not locked or since not in (None, note[SINCE]):
                return None
            note[EPOCH] += 1
            ticket = int(note[TICKET]) if note[SINCE] else 0
        served = self.held.pop(ticket, None)
        taken = list(self.held.values())
        self.spend(taken)
        self.held = {} if served is None else {ticket: served}
        return taken

    def spend(self, connections: Iterable[Connection]) -> None:
        """Let go of what came before on those that it has begun with."""
        for each in connections:
            if each.ticket <= self.slot.note[BEGUN]:
                each.begun()

    def stuck(self, now: float) -> float:
        """For how many seconds it has left alone what it was given, though it serves nothing."""
        begun = self.slot.note[BEGUN]
        if begun >= self.given or begun != self.begun or self.serves or not self.idle:
            self.begun, self.idle = begun, now
        return now - self.idle

    def kill(self) -> bool:
        """Kill it, if it serves what it served at the last look."""
        with self._locked() as locked:
            still = locked and bool(self.pid) and self.slot.note[SINCE] == self.seen
            if still:
                self.end()
        return still

    def end(self) -> None:
        """Kill it, whatever it does."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Whether its lock could be taken at once; if not, the next look finds it free. A child
        that holds it may have lost the processor, and the front waits for nobody.
        """
        taken = self.slot.lock.acquire(block=False)
        try:
            yield taken
        finally:
            if taken:
                self.slot.lock.release()


def forked(home: Home, number: int, slot: Slot, born: int) -> Member | None:
    """A new child of `home`, which may be given connections at once; None where the nursery has
    ended, or is told too much at once.
    """
    ours, theirs = messages.pair()
    with theirs:
        try:
            messages.send(home.channel, Kind.FORK, number, files=(theirs.fileno(),))
        except OSError:
            ours.close()
            return None
    return Member(number, slot, ours, home, born)


def fewest(ready: Iterable[Member], heavy: bool) -> Member | None:
    """The child of that kind that holds the fewest connections."""
    alike = (each for each in ready if each.heavy == heavy)
    return min(alike, key=lambda each: len(each.held), default=None)


Account = Callable[[Connection], int | None]  # whose request waits; None where only its fields tell


def in_turn(
    waiting: Iterable[Connection], late: Iterable[Member], whose: Account
) -> list[Connection]:
    """Those who wait, first whose client has the least at work, or waiting before them."""
    load, before = _working(late), {}
    for each in waiting:
        account = whose(each)
        before[each] = load[account]
        if account is not None:
            load[account] += 1
    return sorted(before, key=before.__getitem__)


def greediest(
    late: Collection[Member], waiting: Iterable[Connection], whose: Account
) -> tuple[Member, Connection] | None:
    """What was begun last for the client that has most at work, so that who waits and has nothing
    need not wait for its end; None where all have, or nobody has more than one.
    """
    load = _working(late)
    account, most = load.most_common(1)[0] if load else (None, 0)
    if most < 2 or all(load[whose(each)] for each in waiting):
        return None
    theirs = [(each, served) for each in late if each.counted == account
              for served in each.held.values()]  # fmt: skip
    return max(theirs, key=lambda each: each[0].seen, default=None)


def _working(late: Iterable[Member]) -> Counter[int | None]:
    """How many of the children that are late serve each client."""
    return Counter(each.counted for each in late if each.counted >= 0)
