"""The server's handles on its fork server, and on the workers that this forks."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading

from kg.model.errors import ChanceryError
from kg.store.embedded.endings import Exit, told
from kg.store.embedded.fork_server import Config
from kg.store.embedded.messages import Message, receive, send
from kg.store.errors import EngineLost

_MODULE = "kg.store.embedded.fork_server"
_OPENING = 900.0  # seconds for a release to be opened; ten million quads take some 60 into memory
_REPLY = 30.0  # seconds for a fork, or for the end of a worker
_CLOSING = 5.0  # seconds for the fork server to end by itself


class ForkServer:
    """A release opened by a process of its own.

    Raises:
        ChanceryError: it cannot be opened, for the reason that is given.
    """

    def __init__(self, config: Config) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _start(theirs.fileno())
        try:
            self._control.settimeout(_OPENING)
            self._open(config)
            self._control.settimeout(_REPLY)
        except BaseException:
            self.close()
            raise

    def _open(self, config: Config) -> None:
        try:
            send(self._control, Message({}, pickle.dumps(config)))
            reply = receive(self._control)
        except TimeoutError:
            raise ChanceryError(f"{config.store} was not open after {_OPENING:g} s") from None
        except OSError:
            reply = None
        if reply is None:
            raise ChanceryError(
                f"the process that opens {config.store} {told(self.close())} before it had done so"
            )
        if "error" in reply.fields:
            raise ChanceryError(reply.fields["error"])

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, *, program: bool = False) -> Process:
        """A worker for queries, or for the program of the configuration.

        Raises:
            EngineLost: the fork server has ended, or does not reply.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                reply = self._ask(Message({"program": program}, descriptor=theirs.fileno()))
        except BaseException:
            ours.close()
            raise
        return Process(self, reply.fields["pid"], ours)

    def end(self, pid: int, *, kill: bool) -> Exit:
        """Reap a worker that ends by itself, or `kill` it."""
        try:
            fields = self._ask(Message({"end": pid, "kill": kill})).fields
        except EngineLost:  # a worker ends with its fork server
            return Exit(None)
        return Exit(fields["status"], fields["words"])

    def close(self) -> int:
        """End the fork server, and with it the workers; its exit code."""
        self._control.close()
        try:
            return self._process.wait(_CLOSING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(_CLOSING)

    def _ask(self, message: Message) -> Message:
        with self._lock:
            try:
                send(self._control, message)
                reply = receive(self._control)
            except OSError:
                reply = None
        if reply is None:
            self._process.kill()  # if it is only late, its next reply would be to another message
            raise EngineLost("The query engine is starting again; try again soon.")
        return reply


def _start(descriptor: int) -> subprocess.Popen[bytes]:
    """Start a fork server. Without -P, a file in the current directory would stand for a library's
    module. Ctrl-C reaches every process of the terminal, and is for the first one, which ends the
    others: what is started while the signal is blocked inherits that.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE, str(descriptor)],
            pass_fds=(descriptor,),
            stdin=subprocess.DEVNULL,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Process:
    """A worker's process."""

    def __init__(self, server: ForkServer, pid: int, channel: socket.socket) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._reaped = False
        self.pid = pid
        self.channel = channel

    def kill(self) -> None:
        """Have it end, from any thread, without waiting for it."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self._reaped:  # until then, its id names no other process
                os.kill(self.pid, signal.SIGKILL)

    def end(self, *, kill: bool) -> Exit:
        """Close the channel, at which it ends by itself, or `kill` it; reap it. Call it once."""
        with self._lock:
            self._reaped = True
        self.channel.close()
        return self._server.end(self.pid, kill=kill)
