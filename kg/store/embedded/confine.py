"""What a child that serves cannot do, held by the kernel and not by our reading of the query.

It opens no file but those it is given, and those to read; reaches no network (`SERVICE` would,
loopback included), no other process and no program; has no capabilities and no environment; and has
caps on memory and on the size of its answer. It dies with its parent. Linux is the home: elsewhere
the check of the query's text and some of the caps stand alone, and `shortfall` says so.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.store.embedded import landlock, linux, seccomp

LINUX = sys.platform == "linux"
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of one child, in bytes. `filtered`: what more Linux can hold is to be used."""

    memory: int
    answer: int
    filtered: bool = LINUX


def shortfall() -> str:
    """What of this the machine cannot give, in a sentence; empty where it gives all."""
    if not LINUX:
        return (
            "this is not Linux, so a query's memory has no cap, and only the check of its text "
            "keeps it from files and the network"
        )
    lacking = []
    if not seccomp.supported():
        lacking.append(f"there is no filter of system calls for {platform.machine()} here")
    if not landlock.abi():
        lacking.append("this kernel has no Landlock, which would keep them from files")
    if os.geteuid() == 0 and not linux.contained():
        lacking.append(
            "they run as root; start it as a user of its own (User= in a systemd unit; "
            "setpriv --reuid=USER --regid=USER --init-groups elsewhere), or in a container"
        )
    return "; ".join(lacking)


def libraries() -> list[Path]:
    """Where Python finds its own modules, the installed ones and ours, to import them late."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    installed = {Path(sysconfig.get_path(name)) for name in names}
    return sorted(path for path in installed | {Path(__file__).parents[2]} if path.is_dir())


def die_with_parent() -> None:
    """Have the kernel end this process as soon as the one that forked it has ended."""
    if LINUX:
        linux.die_with_parent()


def name(process: str) -> None:
    """What `ps -e` calls this process."""
    if LINUX:
        linux.rename(process)


def apply(limits: Limits, words: int | None, readable: Iterable[Path]) -> None:
    """Confine this process, for good. What its engine writes to standard error goes to `words`.

    Args:
        limits: its caps.
        words: a descriptor; None to forget them.
        readable: files and directories that it may open later, to read. Threads that run already,
            as a store on disk has them, are held to the filter of system calls alone.

    Raises:
        OSError: the kernel refuses a part of it, or a path of `readable` is not there.
    """
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_STACK, 64 * _MEGABYTE)  # the parser of the engine is recursive
    _cap(resource.RLIMIT_FSIZE, limits.answer)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)  # Python's own still reaches the server's
    if words is None:
        words = os.open(os.devnull, os.O_WRONLY)
    os.dup2(words, 2)  # an engine out of memory prints pages of backtrace
    die_with_parent()
    if LINUX:
        _volunteer()
        # RLIMIT_AS would count the address space that allocators reserve and never touch.
        _cap(resource.RLIMIT_DATA, _data_bytes() + limits.memory)
    if limits.filtered:
        _shut(readable)


def _shut(readable: Iterable[Path]) -> None:
    """Close what lies behind the caps, as far as this machine can: `shortfall` tells the rest."""
    linux.forget_environment()
    linux.keep_privileges_from_growing()
    if landlock.abi():
        landlock.restrict(readable)
    linux.drop_capabilities()
    linux.hide()
    if seccomp.supported():
        seccomp.deny()


def _cap(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(kind, (amount, amount))


def _volunteer() -> None:
    """Where the machine itself runs out of memory, the kernel is to end a query first."""
    with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - a path object costs more
        file.write("1000")


def _data_bytes() -> int:
    with open("/proc/self/status") as file:  # noqa: PTH123 - as above
        for line in file:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0
