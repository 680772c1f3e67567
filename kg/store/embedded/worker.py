"""A worker of a pool: one process, which an event loop sends messages and reads replies from."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from typing import NamedTuple

from kg.store.embedded.messages import Inbox, Message, encode
from kg.store.embedded.processes import Process

WATCH = 0.25  # seconds after which somebody should look whether the client is still there
SLOW = 1.0  # seconds after which a query yields the processor, and its process is not used again


class Outcome(NamedTuple):
    """A worker's reply; where there is none, whether its time was up."""

    reply: Message | None
    overdue: bool = False


class Worker:
    """Exchanges one message at a time with `process`, as its socket is ready.

    A socket holds some 200 KB and wakes its reader at the first 36 KB, so a long message takes
    several turns.
    """

    def __init__(self, process: Process, loop: asyncio.AbstractEventLoop) -> None:
        self.process = process
        self.young = True  # what it does has just begun
        self.slow = False
        self.ended = False
        self._loop = loop
        self._outcome: asyncio.Future[Outcome] | None = None
        self._start = self._deadline = 0.0
        self._watch: Callable[[], object] | None = None
        self._inbox = Inbox(process.channel)
        self._unsent = memoryview(b"")
        process.channel.setblocking(False)
        loop.add_reader(process.channel, self._read)

    async def exchange(
        self, message: Message, timeout: float, watch: Callable[[], object]
    ) -> Outcome:
        """The reply to `message` within `timeout` seconds, as far as `look_after` is called."""
        self.young = True
        self._outcome = self._loop.create_future()
        self._start = time.monotonic()
        self._deadline = self._start + timeout
        self._watch = watch
        self._unsent = memoryview(encode(message))
        if not self._sent():
            self._loop.add_writer(self.process.channel, self._write)
        try:
            return await self._outcome
        finally:
            self._outcome = None

    def look_after(self, now: float) -> None:
        """Do what is due for the message that is being answered."""
        age = self.age(now)
        if self._watch and age >= WATCH:
            self._watch()
            self._watch = None
        if not self.slow and age >= SLOW:
            self.slow = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process.pid, 10)
        if now >= self._deadline:
            self._settle(Outcome(None, overdue=True))

    def age(self, now: float) -> float:
        return now - self._start

    def detach(self) -> None:
        """Take the process from the loop, in the loop's thread."""
        self._loop.remove_reader(self.process.channel)
        self._loop.remove_writer(self.process.channel)
        self._inbox.close()

    def close(self) -> None:
        """Have the process end, in the loop's thread."""
        self.detach()
        self.process.channel.close()

    def _settle(self, outcome: Outcome) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)
        elif outcome.reply and outcome.reply.descriptor is not None:  # too late: its time was up
            os.close(outcome.reply.descriptor)

    def _write(self) -> None:
        if self._sent():
            self._loop.remove_writer(self.process.channel)

    def _sent(self) -> bool:
        """Send what there is room for: whether that was all."""
        try:
            self._unsent = self._unsent[self.process.channel.send(self._unsent) :]
        except BlockingIOError:
            return False
        except OSError:
            self._settle(Outcome(None))
            return True
        return not self._unsent

    def _read(self) -> None:
        try:
            message = self._inbox.read()
        except EOFError:
            self.ended = True
            self._loop.remove_reader(self.process.channel)
            self._settle(Outcome(None))
        else:
            if message is not None:
                self._settle(Outcome(message))
