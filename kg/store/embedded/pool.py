"""The server's side of the query children: a zygote, and the children it forks on demand."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import replace

from kg.model.errors import ChanceryError
from kg.store.embedded.frames import Frame, receive, send
from kg.store.embedded.zygote import Config
from kg.store.errors import EngineBusy, EngineFailed
from kg.store.query import Cancel

SLOW = 1.0  # seconds after which a query yields the processor, and its child is not used again


class Zygote:
    """A release opened by a process of its own. Raises ChanceryError where it cannot be."""

    def __init__(self, config: Config) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            config = replace(config, control=theirs.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kg.store.embedded.zygote", config.dumps()],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
            )
        self.ready = receive(self._control)
        if self.ready is None:
            self.close()
            raise ChanceryError(
                f"the store in {config.store} could not be opened; where it is damaged, delete "
                f"{config.store.parent} and run 'kg build'"
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, *, program: bool = False) -> Child:
        """A child for queries, or for the program that the configuration names."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                reply = self._ask(Frame({"program": program}, descriptor=theirs.fileno()))
        except BaseException:
            ours.close()
            raise
        return Child(self, reply.fields["pid"], ours)

    def end(self, pid: int, *, kill: bool) -> int:
        """Reap a child that ends by itself, or `kill` it; its exit code, negative for a signal."""
        try:
            return int(self._ask(Frame({"end": pid, "kill": kill})).fields["status"])
        except EngineFailed:  # a child ends with its zygote
            return -signal.SIGKILL

    def close(self) -> None:
        """End the zygote; its children end with it."""
        self._control.close()
        self._process.wait()

    def _ask(self, frame: Frame) -> Frame:
        with self._lock:
            try:
                send(self._control, frame)
                reply = receive(self._control)
            except OSError:
                reply = None
        if reply is None:
            raise EngineFailed("The query engine is starting again; try again soon.")
        return reply


class Child:
    """One query process, used by one thread at a time."""

    def __init__(self, zygote: Zygote, pid: int, channel: socket.socket) -> None:
        self._zygote = zygote
        self.pid = pid
        self.channel = channel
        self._lock = threading.Lock()
        self._status: int | None = None
        self.slow = False

    def ask(self, request: Frame, deadline: float) -> Frame | None:
        """Have a query answered.

        None where the child ended, or had not answered by `deadline`, a time of `time.monotonic`.
        """
        with contextlib.suppress(OSError):
            send(self.channel, request)
        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        if not poll.poll(1000 * min(SLOW, max(0.0, deadline - time.monotonic()))):
            self.slow = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, 10)
            if not poll.poll(1000 * max(0.0, deadline - time.monotonic())):
                return None
        return receive(self.channel)

    def gone(self) -> bool:
        """Whether an idle child has ended: its socket is then at its end."""
        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        return bool(poll.poll(0))

    @property
    def ended(self) -> bool:
        return self._status is not None

    def kill(self) -> int:
        """End the process, where it still runs; its exit code, negative for a signal."""
        with self._lock:
            if self._status is None:
                self._status = self._zygote.end(self.pid, kill=True)
            return self._status

    def end(self, *, idle: bool) -> int:
        """As `kill`, for the thread that used it last; an idle child ends by itself."""
        self.channel.close()
        with self._lock:
            if self._status is None:
                self._status = self._zygote.end(self.pid, kill=not idle)
            return self._status


class Pool:
    """At most `size` children of one zygote at work, and at most `queue` threads waiting."""

    def __init__(self, zygote: Zygote, *, size: int, spare: int, queue: int) -> None:
        self._zygote = zygote
        self._size = size
        self._spare = spare
        self._queue = queue
        self._changed = threading.Condition()
        self._idle: deque[Child] = deque()
        self.busy = 0
        self.waiting = 0

    def acquire(self, seconds: float, cancel: Cancel | None) -> Child:
        """A child, after up to `seconds` in the queue.

        Raises:
            EngineBusy: none came free in time, or the queue is full.
        """
        with self._changed:
            if self.busy >= self._size:
                self._wait(seconds, cancel)
            self.busy += 1
            while self._idle:
                child = self._idle.pop()
                if not child.gone():
                    return child
                child.end(idle=False)
        try:
            return self._zygote.fork()
        except BaseException:
            self._leave()
            raise

    def _wait(self, seconds: float, cancel: Cancel | None) -> None:
        if self.waiting >= self._queue:
            raise EngineBusy(f"All {self._size} query processes are at work; try again soon.")
        self.waiting += 1
        try:
            free = self._changed.wait_for(
                lambda: self.busy < self._size or (cancel is not None and cancel.cancelled), seconds
            )
        finally:
            self.waiting -= 1
        if not free or self.busy >= self._size:
            raise EngineBusy(f"No query process came free within {seconds:g} s; try again soon.")

    def release(self, child: Child) -> None:
        """Take back a child that has answered."""
        if child.slow or child.ended or len(self._idle) >= self._spare:
            child.end(idle=True)
        else:
            self._idle.append(child)
        self._leave()

    def discard(self, child: Child) -> int:
        """End a child that has not answered; its exit code."""
        status = child.end(idle=False)
        self._leave()
        return status

    def _leave(self) -> None:
        with self._changed:
            self.busy -= 1
            self._changed.notify()

    def close(self) -> None:
        """End the children that wait for work."""
        while self._idle:
            self._idle.pop().end(idle=True)

    @property
    def idle(self) -> int:
        return len(self._idle)
