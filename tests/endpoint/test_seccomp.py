"""The system call filter, run by a small interpreter for each processor that it knows."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from kg.store.embedded import seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
DENY, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
AUDIT = {"x86_64": 62 | 0xC0000000, "aarch64": 183 | 0xC0000000}  # linux/audit.h
INCLUDE = Path("/usr/include")
HEADERS = {
    "x86_64": INCLUDE / "x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": INCLUDE / "asm-generic/unistd.h",
}
REFUSED = """
    socket socketpair bind connect listen accept accept4 execve execveat fork vfork uselib
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open
    pidfd_getfd pidfd_send_signal kcmp rt_sigqueueinfo rt_tgsigqueueinfo setpriority ioprio_set
    sched_setscheduler sched_setparam sched_setattr sched_setaffinity migrate_pages move_pages
    perf_event_open shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semtimedop
    semctl mq_open mq_unlink creat truncate rename renameat renameat2 unlink unlinkat link
    linkat symlink symlinkat mkdir mkdirat rmdir mknod mknodat chmod fchmod fchmodat chown
    fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    utime utimes utimensat futimesat open_by_handle_at name_to_handle_at inotify_init
    inotify_init1 fanotify_init mount umount2 pivot_root chroot open_tree move_mount fsopen
    fsconfig fsmount fspick mount_setattr unshare setns swapon swapoff quotactl quotactl_fd
    setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset
    personality bpf io_uring_setup io_uring_enter io_uring_register userfaultfd add_key
    request_key keyctl init_module finit_module delete_module kexec_load kexec_file_load reboot
    acct syslog settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
    vhangup iopl ioperm modify_ldt lookup_dcookie
"""
OWN, OTHER = 4711, 1
# Of the calls that are judged by an argument: the call, its arguments, what comes of it.
JUDGED = [
    ("clone", (0x003D0F00,), ALLOW),  # as pthread_create(3) has it
    ("clone", (0x01200011,), DENY),  # as fork(3) has it
    ("clone", (0x00004111,), DENY),  # as posix_spawn(3) has it
    ("clone3", (0, 88), UNKNOWN),
    *(
        (name, (pid, *more), DENY if pid != OWN else ALLOW)
        for name, *more in (("kill", 9), ("tkill", 9), ("tgkill", OWN, 9))
        for pid in (OWN, OTHER, 0, 0xFFFFFFFF)
    ),
    ("prlimit64", (0, 7), ALLOW),
    ("prlimit64", (OWN, 7), ALLOW),
    ("prlimit64", (OTHER, 7), DENY),
    *(("fcntl", (3, command), ALLOW) for command in (1, 2, 3, 4, 5, 6, 7, 1030, 1033)),
    *(("fcntl", (3, command), DENY) for command in (8, 10, 15)),
    *(("ioctl", (3, command), ALLOW) for command in (0x5401, 0x5413, 0x541B)),
    *(("ioctl", (3, command), DENY) for command in (0x5412, 0x541C, 0x8901, 0x8902)),
    *(("prctl", (option,), ALLOW) for option in (3, 15, 38)),
    *(("prctl", (option,), DENY) for option in (1, 4)),
]


def run(program: bytes, number: int, architecture: int, *arguments: int) -> int:
    """What a classic BPF program returns for one system call (bpf(4), seccomp(2))."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    value, at = 0, 0
    while True:
        code, true, false, operand = steps[at]
        at += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            value = int(struct.unpack_from("=I", data, operand)[0])
        elif code == 0x15:  # BPF_JMP | BPF_JEQ
            at += true if value == operand else false
        elif code == 0x25:  # BPF_JMP | BPF_JGT
            at += true if value > operand else false
        elif code == 0x45:  # BPF_JMP | BPF_JSET
            at += true if value & operand else false
        elif code == 0x06:  # BPF_RET
            return operand
        else:
            raise AssertionError(f"unknown instruction {code:#x}")


def numbers(machine: str, table: seccomp.Table) -> dict[str, int]:
    column = list(AUDIT).index(machine)
    return {name: found for name, row in table.items() if (found := row[column]) is not None}


def test_names() -> None:
    """The table refuses the calls that it is meant to, and judges the others."""
    assert set(seccomp.REFUSED) == set(REFUSED.split())
    assert set(seccomp.JUDGED) == {name for name, _, _ in JUDGED}


@pytest.mark.parametrize("machine", AUDIT)
def test_filter(machine: str) -> None:
    """It refuses the calls of its table and no other, knows no later ones, and ends a process of
    another processor.
    """
    program, here = seccomp.program(machine, OWN), AUDIT[machine]
    refused = set(numbers(machine, seccomp.REFUSED).values())
    judged = set(numbers(machine, seccomp.JUDGED).values())
    every = set(range(451))
    assert {number for number in every - judged if run(program, number, here) == DENY} == refused
    assert {run(program, number, here) for number in every - refused - judged} == {ALLOW}
    x32 = 0x40000000
    assert {run(program, each, here) for each in (451, x32, x32 | 41, 0xFFFFFFFF)} == {UNKNOWN}
    elsewhere = {other for name, other in AUDIT.items() if name != machine} | {0x40000003}
    assert {run(program, 0, other) for other in elsewhere} == {KILL}


@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize(("name", "arguments", "result"), JUDGED)
def test_judged(machine: str, name: str, arguments: tuple[int, ...], result: int) -> None:
    """What depends on an argument is allowed to this process for itself, and no further."""
    program = seccomp.program(machine, OWN)
    number = numbers(machine, seccomp.JUDGED)[name]
    # The kernel takes these for 32 bits, whatever stands in the rest of the register.
    for rest in (0, 0xFFFFFFFF << 32):
        assert run(program, number, AUDIT[machine], *(rest | each for each in arguments)) == result


@pytest.mark.parametrize("machine", AUDIT)
def test_numbers_are_the_kernels(machine: str) -> None:
    """The numbers are those of the kernel's own headers, where this machine has them."""
    if not HEADERS[machine].exists():
        pytest.skip(f"the kernel's headers for {machine} are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    kernels = {name: int(each) for name, each in found}
    table = {**seccomp.REFUSED, **seccomp.JUDGED}
    assert numbers(machine, table) == {name: kernels[name] for name in table if name in kernels}
