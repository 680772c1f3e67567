"""What the start of a server says that this machine cannot keep a child from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.store.embedded import confine

if not confine.LINUX:
    pytest.skip("elsewhere it is said of Linux itself", allow_module_level=True)


def test_what_is_missing_is_said() -> None:
    """Another processor, a kernel without Landlock, root outside a container: each in words."""
    tell = (
        "from kg.store.embedded import confine, landlock\n"
        "if {old}: landlock.abi = lambda: 0\n"
        "print(confine.shortfall())"
    )

    def said(*command: str, old: bool = False) -> str:
        code = tell.format(old=old)
        done = subprocess.run(
            [*command, sys.executable, "-c", code], check=False, capture_output=True, text=True
        )
        assert done.stderr == ""
        return done.stdout.strip()

    container = ("unshare", "--user", "--map-root-user")
    if subprocess.run([*container, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a container")
    root = (
        "they run as root; start it as a user of its own (User= in a systemd unit; "
        "setpriv --reuid=USER --regid=USER --init-groups elsewhere), or in a container"
    )
    narrow = {"x86_64": "i686", "aarch64": "armv8l"}[os.uname().machine]
    landlock_ = "this kernel has no Landlock, which would keep them from files"
    assert said(*container) == ""
    assert said(*container, old=True) == landlock_
    assert said(*container, "linux32") == (f"there is no filter of system calls for {narrow} here")
    first = Path("/proc/self/ns/pid").stat().st_ino == 0xEFFFFFFC
    assert said(old=True) == (f"{landlock_}; {root}" if os.geteuid() == 0 and first else landlock_)
