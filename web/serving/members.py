"""Nurseries and their children, as the front knows them."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from web.serving.board import SINCE, Slot
from web.serving.connections import Connection


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
    slow: bool = False
    counted: int = -1  # the account in which its request counts as one that runs
    spare: float = 0.0

    @property
    def serves(self) -> bool:
        return bool(self.slot.note[SINCE])
