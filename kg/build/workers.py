"""Partitions mapped by several processes, each of which sorts its own share of the lines."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from kg.build.gather import Harvest, Harvester
from kg.build.processes import PROCESSES, HelperDied, die_with_parent
from kg.build.sort import SortedRuns
from kg.model.sources import Source

Result = TypeVar("Result")


class Task(NamedTuple):
    """One partition of one source; tasks have a stable order."""

    number: int
    source: Source
    partition: Path


def tasks_of(sources: Sequence[Source]) -> list[Task]:
    """Every partition of every source."""
    pairs = [(source, each) for source in sources for each in source.partitions()]
    return [Task(number, source, each) for number, (source, each) in enumerate(pairs)]


@dataclass(frozen=True, slots=True)
class Results(Iterator[Result]):
    """What another process gives, as it comes.

    To ask for the next raises:
        HelperDied: the process ended without a word.
        Exception: what its work raised.
    """

    _receiver: Connection

    def waiting(self) -> bool:
        """Whether the next is here already, or the end."""
        return self._receiver.poll()

    def __next__(self) -> Result:
        for _, found in _receive([self._receiver]):
            return cast("Result", found)
        raise StopIteration


@contextmanager
def apart(work: Callable[[], Iterable[Result]]) -> Iterator[Results[Result]]:
    """Do `work` meanwhile, in a process whose memory is given back when it ends."""
    context = get_context("fork")  # for the reasons below
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(work, sender), daemon=True)
    process.start()
    sender.close()
    try:
        yield Results(receiver)
    except BaseException:
        process.kill()
        raise
    finally:
        process.join()
        receiver.close()


def gather_all(
    harvester: Harvester, tasks: Sequence[Task], runs: SortedRuns
) -> Iterator[tuple[int, Harvest]]:
    """Map all tasks; give each one's number and harvest as it is done, its lines left to `runs`.

    Raises:
        HelperDied: a process ended without a word.
        Exception: what the mapping of a partition raised.
    """
    # Forked, so that what the sources have learnt is there without being pickled. The work is
    # plain Python, which needs no thread that a fork would lack.
    context = get_context("fork")
    ordered = sorted(tasks, key=_largest_first)
    taken = context.Value("L", 0)
    workers = []
    for number in range(min(PROCESSES, len(tasks))):
        receiver, sender = context.Pipe(duplex=False)
        share = SortedRuns(runs.folder, f"share-{number}")
        process = context.Process(
            target=_work, args=(harvester, ordered, taken, share, sender), daemon=True
        )
        process.start()
        sender.close()
        workers.append((process, receiver))
    try:
        yield from _receive([receiver for _, receiver in workers])
        for path in sorted(runs.folder.glob("share-*")):
            runs.add_sorted(path)
    except BaseException:
        for process, _ in workers:
            process.kill()
        raise
    finally:
        for process, receiver in workers:
            process.join()
            receiver.close()


def _largest_first(task: Task) -> tuple[bool, int, int]:
    """Folders, then files by size, so that no process is left with much at the end."""
    return task.partition.is_file(), -task.partition.stat().st_size, task.number


def _receive(receivers: list[Connection]) -> Iterator[tuple[int, Any]]:
    """The numbered results that processes send, until each has sent None."""
    open_ = list(receivers)
    while open_:
        for receiver in wait(open_):
            assert isinstance(receiver, Connection)  # noqa: S101 - wait() may also take sockets
            try:
                message = receiver.recv()
            except EOFError:
                raise HelperDied from None
            if isinstance(message, BaseException):
                raise message
            if message is None:
                open_.remove(receiver)
            else:
                yield message


def _obey() -> None:
    """In a forked process: end when its parent does, and not before."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends this


def _tell(work: Callable[[], Iterable[object]], sender: Connection) -> None:
    """In the process: send what comes of the work."""
    _obey()
    try:
        for each in work():
            sender.send((0, each))
        sender.send(None)
    except Exception as error:  # sent to the parent, which raises it
        sender.send(error)
    finally:
        sender.close()


def _work(
    harvester: Harvester,
    tasks: Sequence[Task],
    taken: Synchronized[int],
    share: SortedRuns,
    sender: Connection,
) -> None:
    """In the process: map what nobody has taken yet, send each harvest without its lines, which
    go to `share`.
    """
    _obey()
    try:
        while task := _take(tasks, taken):
            harvest = harvester.gather(task.source.read(task.partition))
            share.add(harvest.lines)
            harvest.lines.clear()
            sender.send((task.number, harvest))
        share.spill()
        sender.send(None)
    except Exception as error:  # sent to the parent, which raises it
        sender.send(error)
    finally:
        sender.close()


def _take(tasks: Sequence[Task], taken: Synchronized[int]) -> Task | None:
    """The next task, if there is one; `taken` counts those that some process has."""
    with taken.get_lock():
        at = taken.value
        taken.value += 1
    return tasks[at] if at < len(tasks) else None
