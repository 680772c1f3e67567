"""Linux system calls that Python's library does not offer, for `kg.store.embedded.confine`.

The filter is a classic BPF program over `struct seccomp_data` (seccomp(2)): it refuses the calls
that reach a network, start a program or trace a process, with EPERM, and allows the rest.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY = 0x00050001  # SECCOMP_RET_ERRNO with EPERM
_X32 = 0x40000000  # a second table of the same calls on x86_64

# machine: (AUDIT_ARCH, numbers of: socket, socketpair, connect, bind, listen, accept, accept4,
# execve, execveat, ptrace, io_uring_setup, process_vm_writev, bpf). Read from linux/audit.h with
# linux/elf-em.h, and from asm/unistd_64.h and asm-generic/unistd.h (arm64), Linux 6.1.
_CALLS = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 49, 50, 43, 288, 59, 322, 101, 425, 311, 321),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 200, 201, 202, 242, 221, 281, 117, 425, 271, 280),
    ),
}


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported() -> bool:
    return platform.system() == "Linux" and platform.machine() in _CALLS


def deny() -> None:
    """Install the filter in this process, for good.

    Raises:
        OSError: the kernel refuses it.
    """
    compiled = program(platform.machine())
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(
        _PR_SET_SECCOMP,
        _SECCOMP_MODE_FILTER,
        ctypes.byref(_Program(len(compiled) // 8, compiled)),
    )


def die_with_parent() -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def rename(name: str) -> None:
    """Name this process for `ps -e` and `top`, in up to 15 bytes."""
    _prctl(_PR_SET_NAME, name.encode())


def unshare_network() -> bool:
    """Move to a network namespace without any interface; false where that is not allowed."""
    library = ctypes.CDLL(None)
    return any(library.unshare(_CLONE_NEWNET | user) == 0 for user in (0, _CLONE_NEWUSER))


def program(machine: str) -> bytes:
    """The filter for `machine`, one of those that are supported."""
    architecture, calls = _CALLS[machine]
    count = len(calls)
    # Jumps count instructions; the last three are deny, allow, kill.
    steps = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 0, count + 4, architecture),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_AT_LEAST, count + 1, 0, _X32),
        *((_EQUAL, count - index, 0, number) for index, number in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
        (_RETURN, 0, 0, _KILL),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _prctl(option: int, argument: int | bytes, pointer: Any = 0) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    first = argument if isinstance(argument, bytes) else ctypes.c_ulong(argument)
    if library.prctl(option, first, pointer, 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
