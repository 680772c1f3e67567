"""Shared memory in which children note what they serve, for the front to see.

A child polls, takes its lock, looks whether its epoch is still the one that it knows, notes the
connection and the time, and only then reads. So where the front has raised the epoch, no connection
that it took back has lost a byte; and where it sees a note, the request is that child's.
"""

from __future__ import annotations

import mmap
import multiprocessing
from multiprocessing.synchronize import Lock

SLOTS = 64  # children at most, of all releases together
SINCE, DEADLINE, TICKET, EPOCH, CLIENT, SENDING, PAGE, ENDING, BEGUN = range(9)
_WIDTH = 9  # numbers a slot


class Slot:
    """The notes of one child: `note[SINCE]` and so on, all of them 64-bit floats.

    SINCE: when it began with the request that it serves, 0 where it serves none. DEADLINE: when
    that has to end. TICKET: of the connection. EPOCH: raised by the front alone. CLIENT: the index
    of the sender's account, or -1. SENDING: some of the answer may be sent. PAGE: a person waits
    for it. ENDING: the server is to end, so no connection persists. BEGUN: the last ticket that it
    began with; those go up.
    Times are those of the monotonic clock, in seconds.
    """

    def __init__(self, note: memoryview[float], lock: Lock) -> None:
        self.note = note
        self.lock = lock

    def renew(self) -> None:
        """Make it ready for another child; the last one may have been killed with the lock held."""
        self.lock.acquire(block=False)
        self.lock.release()
        self.note[SINCE] = 0.0
        self.note[EPOCH] += 1


def board() -> list[Slot]:
    """The slots, to be made before the processes that share them."""
    notes = memoryview(mmap.mmap(-1, 8 * _WIDTH * SLOTS)).cast("d")
    forked = multiprocessing.get_context("fork")
    return [Slot(notes[i * _WIDTH : (i + 1) * _WIDTH], forked.Lock()) for i in range(SLOTS)]
