"""Landlock (landlock(7)): what files this process may open, by rules that it sets itself.

Linux 5.13 began it. Each ABI since knows more rights; one that a rule set handles is refused
wherever no rule grants it, and one that the kernel does not know yet is left as it was.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from kg.store.embedded.linux import system_call

# The same on every machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # a flag of landlock_create_ruleset
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# linux/landlock.h, by the ABI that brought them: to execute, read and change files; to move them
# between directories; to truncate them; ioctl on devices; to bind and to connect TCP; abstract
# sockets and signals that reach processes outside.
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_NETWORK = {4: 0b11}
_SCOPES = {6: 0b11}


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`; a kernel that knows fewer fields takes zeros in the rest."""

    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """What this kernel knows of it; 0 where it has none, or keeps it from this process."""
    if sys.platform != "linux":
        return 0
    try:
        return system_call(_CREATE_RULESET, 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[Path]) -> None:
    """Let this thread, and those that it starts, read what is below `readable`, and reach nothing
    else by a name. What is open stays so. It needs `linux.keep_privileges_from_growing`.

    Raises:
        OSError: a path does not exist, or there is no Landlock.
    """
    known = abi()
    handled = _Ruleset(*(_up_to(known, each) for each in (_FILES, _NETWORK, _SCOPES)))
    rules = system_call(_CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    try:
        for path in readable:
            _allow(rules, path)
        system_call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _up_to(known: int, rights: dict[int, int]) -> int:
    return sum(right for since, right in rights.items() if since <= known)


def _allow(rules: int, path: Path) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
        system_call(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(_Beneath(rights, parent)), 0)
    finally:
        os.close(parent)
