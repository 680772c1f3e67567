"""Surveys and partitions, done by several processes, each of which sorts its share of the lines.

Sources are read here alone, so that whatever their code does (ends, dies, raises what no process
can send to another) is told in a line, and no memory that it took stays taken.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from kg.build.gather.contributed import DiskError, Failure, Reading, calling
from kg.build.gather.harvest import Harvest, Harvester
from kg.build.lines.sort import SortedRuns
from kg.build.processes import PROCESSES, HelperDied, die_with_parent, ended
from kg.build.refused import told
from kg.model.sources import Source, Survey, Surveyed


class Job(NamedTuple):
    """A survey to take, or a partition of a source to map; jobs have a stable order.

    `file` is what a reader calls the partition, `size` how long it takes, roughly.
    """

    number: int
    source: str
    file: str
    size: int = 0
    partition: Any = None
    survey: Survey | None = None


class Done(NamedTuple):
    """What a survey found, or a harvest; and the files that its process has written meanwhile."""

    result: Any
    runs: Sequence[Path]


@dataclass(slots=True)
class _Worker:
    """A process as its parent sees it. `unwritten` are the jobs of which it may hold lines."""

    process: BaseProcess
    connection: Connection
    surveys: int
    job: Job | None = None
    source: str = ""
    unwritten: list[Job] = field(default_factory=list)


def jobs_of(sources: Mapping[str, Source | Surveyed], folder: Path) -> Sequence[Job]:
    """Every survey, then every partition of every source. Paths are told from `folder` on.

    Raises:
        ContributedError: the code of a source failed.
    """
    surveys: dict[Survey, list[str]] = {}
    partitions: list[tuple[str, Any]] = []
    for name, source in sources.items():
        with calling(name, source):
            partitions += [(name, each) for each in source.partitions()]
            if isinstance(source, Surveyed):
                surveys.setdefault(source.survey, []).append(name)
    numbers = count()
    return [
        *(
            Job(next(numbers), ", ".join(names), "the survey", survey=survey)
            for survey, names in surveys.items()
        ),
        *(
            Job(next(numbers), name, _called(each, folder), _size(each), each)
            for name, each in partitions
        ),
    ]


@dataclass(slots=True)
class Pool:
    """Does jobs in other processes; their lines go to `runs`.

    A process knows what its parent knew when it was forked, so one that is older than a survey
    gives way before what rests on it is mapped.
    """

    harvester: Harvester
    sources: Mapping[str, Source | Surveyed]
    runs: SortedRuns
    jobs: Sequence[Job]
    _surveys: dict[str, Survey] = field(default_factory=dict)
    _found: dict[Survey, Any] = field(default_factory=dict)
    _waiting: list[Job] = field(default_factory=list)
    _workers: list[_Worker] = field(default_factory=list)
    _tried: set[int] = field(default_factory=set)
    _names: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        # Asked once: whether an object keeps to a protocol takes 0.1 ms, and jobs are many.
        for name, each in self.sources.items():
            if isinstance(each, Surveyed):
                self._surveys[name] = each.survey
        # Surveys, on which others wait, then the longest, so that no process is left with much.
        self._waiting += sorted(self.jobs, key=lambda job: (job.survey is None, -job.size))

    def start(self) -> None:
        """Begin, to do something else meanwhile."""
        while len(self._workers) < PROCESSES and (job := self._next(None)):
            self._start_worker(job)

    def results(self) -> Iterator[tuple[int, Harvest]]:
        """The number of each partition's job, with its harvest, as it is done.

        Raises:
            HelperDied: the process that had a partition died, and so did that which tried again.
            ContributedError: the code of a source failed.
            ChanceryError: what a source raised of ours.
            OSError: the lines could not be written.
        """
        self.start()
        while self._workers:
            ready = wait([each.connection for each in self._workers])
            for worker in [each for each in self._workers if each.connection in ready]:
                yield from self._receive(worker)

    def close(self) -> None:
        """End what still runs."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.connection.close()
        self._workers.clear()

    def _next(self, worker: _Worker | None) -> Job | None:
        """What can be done next, best of the source that the worker knows, and no other does."""
        own = worker.source if worker else ""
        busy = {each.source for each in self._workers} - {own}
        can = [job for job in self._waiting if self._survey_of(job) in {None, *self._found}]
        return min(can, key=lambda job: (job.source != own, job.source in busy), default=None)

    def _survey_of(self, job: Job) -> Survey | None:
        """The survey on which a job rests."""
        return self._surveys.get(job.source) if job.survey is None else None

    def _start_worker(self, job: Job) -> None:
        # Forked, so that sources and findings are there without being pickled. The work is plain
        # Python, which needs no thread that a fork would lack.
        context = get_context("fork")
        connection, theirs = context.Pipe()
        share = SortedRuns(self.runs.folder, f"share-{next(self._names)}")
        process = context.Process(target=self._work, args=(theirs, share), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, connection, len(self._found))
        self._workers.append(worker)
        self._send(worker, job)

    def _send(self, worker: _Worker, job: Job | None) -> None:
        """Hand a job to the worker; none ends it."""
        worker.job = job
        if job:
            self._waiting.remove(job)
            worker.source = job.source
        with suppress(BrokenPipeError):  # it has died, as the end of its answers will tell
            worker.connection.send(job.number if job else None)

    def _receive(self, worker: _Worker) -> Iterator[tuple[int, Harvest]]:
        try:
            message = worker.connection.recv()
        except (EOFError, ConnectionResetError):
            self._bury(worker)
            return
        if isinstance(message, Failure):
            raise message.error()
        for path in message.runs:
            self.runs.add_sorted(path)
        if message.runs:
            worker.unwritten.clear()
        job = worker.job
        if job is None:
            self._dismiss(worker)
        elif job.survey is not None:
            self._found[job.survey] = message.result
            self._send(worker, None)  # the memory of a survey is given back
        else:
            worker.unwritten.append(job)
            yield job.number, message.result
            job = self._next(worker)
            aged = job and self._survey_of(job) and worker.surveys < len(self._found)
            self._send(worker, None if aged else job)

    def _dismiss(self, worker: _Worker) -> str:
        """Part with a worker that has ended or is about to; tells how it ended."""
        self._workers.remove(worker)
        how = ended(worker.process)
        worker.connection.close()
        self.start()
        return how

    def _bury(self, worker: _Worker) -> None:
        """Have done again what a dead worker was doing, and what it had not written."""
        doing = [worker.job] if worker.job else worker.unwritten
        self._waiting[:0] = [*doing, *(each for each in worker.unwritten if each not in doing)]
        how = self._dismiss(worker)
        for job in doing:
            if job.number in self._tried:
                raise HelperDied(f"sources: {job.source}: {job.file}: its process {how}, twice")
            self._tried.add(job.number)

    def _work(self, connection: Connection, share: SortedRuns) -> None:
        """In the process: do what comes, until nothing does."""
        die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # reaches the parent too, which ends this
        jobs = {job.number: job for job in self.jobs}
        while (number := connection.recv()) is not None:
            if not self._do(jobs[number], share, connection):
                return
        try:
            connection.send(Done(None, share.files()))
        except OSError as error:
            connection.send(Failure("disk", str(error), "the lines", ""))

    def _do(self, job: Job, share: SortedRuns, connection: Connection) -> bool:
        """In the process: send what comes of a job; whether it could be done."""
        source: Any = self.sources.get(job.source)
        survey = self._survey_of(job)
        reading = Reading(job.source, job.file, job.survey or source)
        try:
            if job.survey is not None:
                done = Done(job.survey.take(), ())
            else:
                if survey is not None:
                    reading.found = source.read(job.partition, self._found[survey])
                elif source is not None:
                    reading.found = source.read(job.partition)
                done = Done(self.harvester.gather(reading, _writing(share)), share.handed_over())
            connection.send(done)
        except BaseException as error:  # foreign code may raise anything
            connection.send(Failure.of(error, reading))
            return False
        return True


def _writing(share: SortedRuns) -> Any:
    def write(lines: Iterable[str]) -> None:
        try:
            share.add(lines)
        except OSError as error:
            raise DiskError(told(error, share.folder)) from None

    return write


def _called(partition: object, folder: Path) -> str:
    name = str(partition)
    return name.removeprefix(f"{folder}/")


def _size(partition: object) -> int:
    """Bytes of a file or of a part of one; folders, of which there are few, take longest."""
    if isinstance(partition, Path):
        return partition.stat().st_size if partition.is_file() else 1 << 40
    return int(getattr(partition, "size", 0))
