"""The system call filter, run by a small interpreter for each processor that it knows."""

from __future__ import annotations

import errno
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kg.store.embedded import seccomp
from kg.store.release import Release
from tests.endpoint.test_server import asked, fetch

ALLOW, KILL, DENY = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
# linux/audit.h and the tables of system calls, Linux 6.1: the filter's numbers are compared to it.
AUDIT = {"x86_64": 62 | 0xC0000000, "aarch64": 183 | 0xC0000000}
REFUSED = {
    "x86_64": {"socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50,
               "socketpair": 53, "execve": 59, "ptrace": 101, "accept4": 288,
               "process_vm_writev": 311, "bpf": 321, "execveat": 322, "io_uring_setup": 425},
    "aarch64": {"ptrace": 117, "socket": 198, "socketpair": 199, "bind": 200, "listen": 201,
                "accept": 202, "connect": 203, "execve": 221, "accept4": 242,
                "process_vm_writev": 271, "bpf": 280, "execveat": 281, "io_uring_setup": 425},
}  # fmt: skip
HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


def run(program: bytes, number: int, architecture: int) -> int:
    """What a classic BPF program returns for one system call (bpf(4), seccomp(2))."""
    data = struct.pack("=iI", number - (1 << 32 if number >> 31 else 0), architecture)
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    value, at = 0, 0
    while True:
        code, true, false, operand = steps[at]
        at += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            value = int(struct.unpack_from("=I", data, operand)[0])
        elif code == 0x15:  # BPF_JMP | BPF_JEQ
            at += true if value == operand else false
        elif code == 0x35:  # BPF_JMP | BPF_JGE
            at += true if value >= operand else false
        elif code == 0x06:  # BPF_RET
            return operand
        else:
            raise AssertionError(f"unknown instruction {code:#x}")


@pytest.mark.parametrize("machine", AUDIT)
def test_filter(machine: str) -> None:
    """It refuses the calls of its list and no other, and ends a process of another processor."""
    program, here = seccomp.program(machine), AUDIT[machine]
    refused = {number for number in range(1000) if run(program, number, here) == DENY}
    assert refused == set(REFUSED[machine].values())
    assert {run(program, number, here) for number in set(range(1000)) - refused} == {ALLOW}
    elsewhere = {other for name, other in AUDIT.items() if name != machine} | {0x40000003}
    assert {run(program, 0, other) for other in elsewhere} == {KILL}
    assert run(program, 0x40000000 | 41, here) == DENY, "the x32 table has the same calls again"


def test_numbers_are_the_kernels() -> None:
    """The numbers above are those of this machine's own headers, where it has them."""
    if not HEADER.exists():
        pytest.skip("linux-libc-dev for x86_64 is not installed")
    numbers = dict(re.findall(r"#define __NR_(\w+)\s+(\d+)", HEADER.read_text()))
    assert {name: int(numbers[name]) for name in REFUSED["x86_64"]} == REFUSED["x86_64"]


def test_the_start_says_what_is_missing(release: Release, project: Path) -> None:
    """Where there is no filter for the processor, `kg serve` says so in a line, and works."""
    if shutil.which("linux32") is None:
        pytest.skip("linux32 (util-linux) makes the machine look like another one")
    command = ["linux32", sys.executable, "-m", "kg", "serve", str(project), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        server = started.stdout.readline().split()[1].rstrip("/")
        answer = fetch(asked(server, "ASK { ?s a dip:Visit }"))
        started.terminate()
        _, said = started.communicate(timeout=20)
    assert answer[0] == 200
    assert answer[2] == b'{"head":{},"boolean":true}'
    assert said == (
        "kg: queries are less confined than they could be: there is no system call filter for "
        "i686 here, so a cap on file descriptors stands in for it\n"
    )


def test_a_full_start_says_nothing(release: Release, project: Path) -> None:
    """Where nothing is missing, nothing is said."""
    command = [sys.executable, "-m", "kg", "serve", str(project), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        started.terminate()
        assert started.communicate(timeout=20)[1] == ""
