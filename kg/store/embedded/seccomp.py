"""The filter of system calls: what reaches a network, another program or process, or the machine.

It is a classic BPF program over `struct seccomp_data` (seccomp(2)): it refuses the calls below with
EPERM and allows the rest. What Linux added after the tables is not implemented (ENOSYS), as on an
older kernel, and libraries do without. The kernel keeps a map of the calls that are allowed
whatever their arguments, so those cost nothing; the others are looked for first.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.store.embedded.linux import system_call

Table = dict[str, tuple[int | None, int | None]]

# Numbers on x86_64 and aarch64: asm/unistd_64.h and asm-generic/unistd.h, Linux 6.1.
# fmt: off
REFUSED: Table = {
    # a network
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "connect": (42, 203),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    # programs
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "uselib": (134, None),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kcmp": (312, 272),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "setpriority": (141, 140),
    "ioprio_set": (251, 30), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "migrate_pages": (256, 238),
    "move_pages": (279, 239), "perf_event_open": (298, 241),
    # what processes share by a name or number
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186),
    "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190),
    "semop": (65, 193), "semtimedop": (220, 192), "semctl": (66, 191), "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # the tree of files; Landlock leaves modes, owners and times to whoever owns a file
    "creat": (85, None), "truncate": (76, 45), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "unlink": (87, None), "unlinkat": (263, 35), "link": (86, None),
    "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "mknod": (133, None), "mknodat": (259, 33),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "utime": (132, None),
    "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "swapon": (167, 224),
    "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # who it is
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147), "setresgid": (119, 149), "setfsuid": (122, 151),
    "setfsgid": (123, 152), "setgroups": (116, 159), "capset": (126, 91),
    "personality": (135, 92),
    # the kernel and the machine
    "bpf": (321, 280), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "acct": (163, 89), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    "vhangup": (153, 58), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "lookup_dcookie": (212, 18),
}
JUDGED: Table = {
    "clone": (56, 220), "clone3": (435, 435), "kill": (62, 129), "tkill": (200, 130),
    "tgkill": (234, 131), "prlimit64": (302, 261), "fcntl": (72, 25), "ioctl": (16, 29),
    "prctl": (157, 167),
}
# fmt: on
_LAST = 450
_SECCOMP = {"x86_64": 317, "aarch64": 277}
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h, linux/elf-em.h

_CLONE_THREAD = 0x00010000

_LOAD, _EQUAL, _ABOVE, _BITS, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in seccomp_data, whose words are 8 bytes
_SET_MODE_FILTER = 1
_ALL_THREADS, _NO_SPECULATION_COST = 1, 4  # SECCOMP_FILTER_FLAG_TSYNC, _SPEC_ALLOW

_Step = tuple[int, int, int, int]
_ALLOW: _Step = (_RETURN, 0, 0, 0x7FFF0000)
_KILL: _Step = (_RETURN, 0, 0, 0x80000000)
_DENY: _Step = (_RETURN, 0, 0, 0x00050000 | errno.EPERM)
_UNKNOWN: _Step = (_RETURN, 0, 0, 0x00050000 | errno.ENOSYS)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported() -> bool:
    """Whether there is a filter for this machine, and a kernel that takes one."""
    return (
        sys.platform == "linux"
        and sys.maxsize > 1 << 32  # the numbers are those of 64-bit programs
        and platform.machine() in MACHINES
        and Path("/proc/sys/kernel/seccomp").exists()
    )


def deny() -> None:
    """Install the filter in all threads of this process, for good. It needs no_new_privs.

    Raises:
        OSError: the kernel refuses it.
    """
    machine = platform.machine()
    compiled = program(machine, os.getpid())
    given = _Program(len(compiled) // 8, compiled)
    flags = _ALL_THREADS | _NO_SPECULATION_COST
    call = _SECCOMP[machine]
    if thread := system_call(call, _SET_MODE_FILTER, flags, ctypes.byref(given)):
        raise OSError(errno.EBUSY, f"thread {thread} has another filter of system calls")


def program(machine: str, own: int) -> bytes:
    """The filter of the process `own` for `machine`, one of those that are supported."""
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, MACHINES[machine]),
        _KILL,
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 0, 1, _LAST),  # and x32's, which begin at 1 << 30
        _UNKNOWN,
    ]
    judged = _judged(own)
    for name, numbers in JUDGED.items():
        steps += _of(_number(numbers, machine), *judged[name])
    for numbers in REFUSED.values():
        steps += _of(_number(numbers, machine), _DENY)
    return b"".join(struct.pack("=HBBI", *step) for step in (*steps, _ALLOW))


def _number(numbers: tuple[int | None, int | None], machine: str) -> int | None:
    return numbers[tuple(MACHINES).index(machine)]


def _of(number: int | None, *steps: _Step) -> list[_Step]:
    """What to do with one call, ending in a return; nothing where the machine has it not."""
    return [] if number is None else [(_EQUAL, 0, len(steps), number), *steps]


def _judged(own: int) -> dict[str, list[_Step]]:
    """What to do with the calls of `JUDGED`."""
    return {
        "clone": [_argument(0), (_BITS, 0, 1, _CLONE_THREAD), _ALLOW, _DENY],
        "clone3": [_UNKNOWN],  # no filter sees its flags, in memory; libc takes clone then
        "kill": _only(0, own),
        "tkill": _only(0, own),
        "tgkill": _only(0, own),  # abort(3)
        "prlimit64": _only(0, 0, own),
        # F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send a signal for this process.
        "fcntl": _but(1, 8, 10, 15),
        # TIOCSTI and TIOCLINUX type into the terminal; FIOSETOWN and SIOCSPGRP are as F_SETOWN.
        "ioctl": _but(1, 0x5412, 0x541C, 0x8901, 0x8902),
        "prctl": _but(0, 1, 4),  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE
    }


def _only(index: int, *values: int) -> list[_Step]:
    """Allow the call where its argument `index`, counted from 0, is one of `values`."""
    return [_argument(index), *_among(values, _ALLOW), _DENY]


def _but(index: int, *values: int) -> list[_Step]:
    return [_argument(index), *_among(values, _DENY), _ALLOW]


def _among(values: Iterable[int], then: _Step) -> Iterator[_Step]:
    for each in values:
        yield from ((_EQUAL, 0, 1, each), then)


def _argument(index: int) -> _Step:
    """Load an argument that the kernel takes for 32 bits: the first half, in little-endian."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)
