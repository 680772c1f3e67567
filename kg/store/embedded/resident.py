"""A release held in memory, laid out so that the processes forked from this one go on sharing it.

A fork copies the page table; later, whoever writes to a page gets a copy of that.
"""

from __future__ import annotations

import ctypes
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyoxigraph import RdfFormat, Store

_MADV_COLLAPSE = 25  # asm-generic/mman-common.h, Linux 6.1


def load(directory: Path) -> Store:
    """Copy the store in `directory` into memory.

    A process of its own reads it: RocksDB would leave threads. A thread of its own writes it, and
    ends: so the release has an arena of the heap to itself (malloc(3), "Notes"). Otherwise what a
    child allocates goes into the holes that loading left there, a page to copy for each.

    Raises:
        SystemExit: it cannot be read, for the reason that standard error is told.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with os.fdopen(writer, "wb") as sink:
                Store.read_only(str(directory)).dump(sink, RdfFormat.N_QUADS)
        except (OSError, RuntimeError) as error:
            print(f"kg: {error}", file=sys.stderr, flush=True)  # noqa: T201 - standard error is the server's
            os._exit(1)
        os._exit(0)
    os.close(writer)
    store = Store()
    with os.fdopen(reader, "rb") as source, ThreadPoolExecutor(1) as executor:
        executor.submit(store.bulk_load, source, RdfFormat.N_QUADS).result()
    if os.waitpid(pid, 0)[1]:
        raise SystemExit(1)
    return store


def settle() -> None:
    """Have this process's memory moved to huge pages, as far as the kernel can and will: there is
    less of a page table to copy then, and less to walk (madvise(2), MADV_COLLAPSE).
    """
    if sys.platform != "linux":
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, mode, _, _, inode, *name = line.split()
        if mode == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
            start, end = (int(each, 16) for each in span.split("-"))
            madvise(start, end - start, _MADV_COLLAPSE)
