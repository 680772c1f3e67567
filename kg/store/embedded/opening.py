"""Opening a release; in memory, it is laid out so that the processes forked from this one go on
sharing it.

A fork copies the page table; later, whoever writes to a page gets a copy of that.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.embedded.endings import told
from kg.store.release import Release

_MADV_COLLAPSE = 25  # asm-generic/mman-common.h, Linux 6.1


_DAMAGE = ("Corruption", "No such file", "does not exist")  # as RocksDB says it


def open_store(release: Release, settings: Settings) -> Store | None:
    """The store of `release` in memory, where the settings hold it there; None where each process
    is to read it for itself.

    Raises:
        ChanceryError: it cannot be read.
    """
    with _named(release):
        if settings.holds(release.manifest.counts.triples):
            return load(release.store)
        probe(release.store)
    return None


def read_store(release: Release) -> Store:
    """The store of `release`, read from its directory by this process.

    Raises:
        ChanceryError: it cannot be read.
    """
    with _named(release):
        return Store.read_only(str(release.store))


@contextmanager
def _named(release: Release) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = ""
        if any(each in str(error) for each in _DAMAGE):
            hint = f"; it is damaged: delete {release.directory} and run 'kg build'"
        raise ChanceryError(
            f"the store in {release.store} could not be opened: {error}{hint}"
        ) from error


def load(directory: Path) -> Store:
    """Copy the store in `directory` into memory.

    A process of its own reads it: RocksDB would leave threads. A thread of its own writes it, and
    ends: so the release has an arena of the heap to itself (malloc(3), "Notes"). Otherwise what a
    worker allocates goes into the holes that loading left there, a page to copy for each.

    Raises:
        OSError: it cannot be read.
    """
    reader, writer = os.pipe()

    def dump() -> None:
        with os.fdopen(writer, "wb") as sink:
            Store.read_only(str(directory)).dump(sink, RdfFormat.N_QUADS)

    finish = _elsewhere(dump)
    os.close(writer)
    store = Store()
    with os.fdopen(reader, "rb") as source, ThreadPoolExecutor(1) as executor:
        loading = executor.submit(store.bulk_load, source, RdfFormat.N_QUADS)
    finish()  # what it could not read is why what came of it could not be loaded
    loading.result()
    return store


def probe(directory: Path) -> None:
    """Raises OSError where the store in `directory` cannot be read."""
    _elsewhere(partial(Store.read_only, str(directory)))()


def _elsewhere(work: Callable[[], object]) -> Callable[[], None]:
    """Do `work` in a process of its own; gives what waits for its end, and raises OSError where
    the work did.
    """
    complaints, complaint = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            confine.die_with_parent()
            work()
        except Exception as error:  # told to the parent, which raises it
            os.write(complaint, str(error).encode()[:4096])
            os._exit(1)
        os._exit(0)
    os.close(complaint)

    def finish() -> None:
        with os.fdopen(complaints) as said:
            why = said.read()
        if status := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            raise OSError(why or f"the process that reads it {told(status)}")

    return finish


def compact() -> None:
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
