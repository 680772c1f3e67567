"""Partitions mapped by several processes, each of which sorts its own share of the lines."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from kg.errors import ChanceryError
from kg.harvest import Harvest, Harvester
from kg.publish.runs import SortedRuns
from kg.sources import Source

PROCESSES = 2


class Task(NamedTuple):
    """One partition of one source; tasks have a stable order."""

    number: int
    source: Source
    partition: Path


class WorkerDied(ChanceryError):
    """A process that mapped partitions ended without a word: killed, or out of memory."""


def tasks_of(sources: Sequence[Source]) -> list[Task]:
    """Every partition of every source."""
    pairs = [(source, each) for source in sources for each in source.partitions()]
    return [Task(number, source, each) for number, (source, each) in enumerate(pairs)]


def gather_all(
    harvester: Harvester, tasks: Sequence[Task], runs: SortedRuns
) -> Iterator[tuple[int, Harvest]]:
    """Map all tasks; give each one's number and harvest as it is done, its lines left to `runs`.

    Raises:
        WorkerDied: a process ended without a word.
        Exception: what the mapping of a partition raised.
    """
    # Forked, so that what the sources have learnt is there without being pickled. The work is
    # plain Python, which needs no thread that a fork would lack.
    context = get_context("fork")
    workers = []
    for number, share in enumerate(_shares(tasks)):
        receiver, sender = context.Pipe(duplex=False)
        path = runs.folder / f"share-{number}.nq"
        process = context.Process(target=_work, args=(harvester, share, path, sender), daemon=True)
        process.start()
        sender.close()
        workers.append((process, receiver, path))
    try:
        yield from _receive([receiver for _, receiver, _ in workers])
        for process, _, path in workers:
            process.join()
            runs.add_sorted(path)
    finally:
        for process, receiver, _ in workers:
            process.terminate()
            process.join()
            receiver.close()


def die_with_parent() -> None:
    """In a spawned process: end when the process that spawned it has ended, even by SIGKILL."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _shares(tasks: Sequence[Task]) -> list[list[Task]]:
    """The tasks dealt out so that each process has as many bytes to read, the largest first."""
    shares: list[list[Task]] = [[] for _ in range(PROCESSES)]
    sizes = [0] * PROCESSES
    for size, task in sorted(((_size(each.partition), each) for each in tasks), key=_largest):
        lightest = sizes.index(min(sizes))
        shares[lightest].append(task)
        sizes[lightest] += size
    return [share for share in shares if share]


def _largest(sized: tuple[int, Task]) -> tuple[int, int]:
    return -sized[0], sized[1].number


def _size(partition: Path) -> int:
    """Bytes to read; a folder that stands for what its files share is taken for half of them."""
    if partition.is_file():
        return partition.stat().st_size
    return sum(each.stat().st_size for each in partition.glob("*/*.xml")) // 2 or sum(
        each.stat().st_size for each in partition.glob("*.xml")
    )


def _receive(receivers: list[Connection]) -> Iterator[tuple[int, Harvest]]:
    open_ = list(receivers)
    while open_:
        for receiver in wait(open_):
            assert isinstance(receiver, Connection)  # noqa: S101 - wait() may also take sockets
            try:
                message = receiver.recv()
            except EOFError:
                raise WorkerDied("a process of the build was killed; is there memory?") from None
            if isinstance(message, BaseException):
                raise message
            if message is None:
                open_.remove(receiver)
            else:
                yield message


def _work(harvester: Harvester, share: Sequence[Task], path: Path, sender: Connection) -> None:
    """In the process: map the share, send each harvest without its lines, write those sorted."""
    die_with_parent()
    try:
        with SortedRuns(path.parent) as runs:
            for number, source, partition in share:
                harvest = harvester.gather(source.read(partition))
                runs.add(harvest.lines)
                harvest.lines.clear()
                sender.send((number, harvest))
            with path.open("w", encoding="utf-8", newline="\n") as output:
                output.writelines(f"{line}\n" for line in runs.merged())
        sender.send(None)
    except Exception as error:  # sent to the parent, which raises it
        sender.send(error)
    finally:
        sender.close()
