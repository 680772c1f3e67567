"""Linux calls about this process that Python's library does not offer."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITIES_V3 = 0x20080522
_CAPABILITIES = 64  # as many as fit; Linux 6.18 has 41
# linux/nsfs.h: the first namespaces of a machine. A container has others.
_FIRST_NAMESPACES = {"pid": 0xEFFFFFFC, "user": 0xEFFFFFFD}


def die_with_parent() -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def rename(name: str) -> None:
    """Name this process for `ps -e` and `top`, in up to 15 bytes."""
    _prctl(_PR_SET_NAME, name.encode())


def contained() -> bool:
    """Whether this process is in a container: it has a namespace that is not the machine's."""
    return any(
        Path(f"/proc/self/ns/{kind}").stat().st_ino != first
        for kind, first in _FIRST_NAMESPACES.items()
    )


def keep_privileges_from_growing() -> None:
    """Have no program that this thread and those it starts run give them more (no_new_privs)."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability of this thread, of all five sets (capabilities(7)), for good: the
    ambient ones go with those that are permitted.
    """
    for capability in range(_CAPABILITIES):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:  # there are no more, or it had not the right to: then it has none
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    checked(ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()))


def hide() -> None:
    """Let no other process of this user read this one's memory, environment or descriptors, nor
    trace it (PR_SET_DUMPABLE in prctl(2)). It still opens its own `/dev/fd`.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def forget_environment() -> None:
    """Empty the environment, and the kernel's copy of it, which `/proc` shows."""
    os.environ.clear()
    ctypes.CDLL(None).clearenv()
    # proc_pid_stat(5): fields 50 and 51, counted from 1; the second is a name in parentheses.
    with open("/proc/self/stat") as file:  # noqa: PTH123 - a path object costs more
        start, end = map(int, file.read().rpartition(")")[2].split()[47:49])
    ctypes.memset(start, 0, end - start)


def system_call(number: int, *arguments: Any) -> int:
    """Call the kernel, with integers of the machine's width and with pointers.

    Raises:
        OSError: it failed.
    """
    given = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    return checked(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *given))


def _prctl(option: int, argument: int | bytes) -> None:
    first = argument if isinstance(argument, bytes) else ctypes.c_ulong(argument)
    zero = ctypes.c_ulong(0)
    checked(ctypes.CDLL(None, use_errno=True).prctl(option, first, zero, zero, zero))


def checked(result: int) -> int:
    """Raises OSError where the C library reports an error."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
