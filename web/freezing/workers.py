"""Rendering by a process a core: each has its part of the addresses, and may be lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import NoReturn

from kg.model.errors import ChanceryError
from web.freezing.rendering import Renderer, Told


class NotCopied(ChanceryError):
    """The copy was not made; what was in its place is as it was."""

    exit_code = 1


def rendered(renderer: Renderer, ready: Callable[[], None], addresses: list[str]) -> Iterator[Told]:
    """What comes of each address, by a process a core."""
    workers: dict[Connection, _Worker] = {}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    try:
        for part in filter(None, (addresses[start::cores] for start in range(cores))):
            reader, writer = Pipe(duplex=False)
            pid = os.fork()
            if pid == 0:
                for other in (reader, *workers):  # else none would learn that nobody reads any more
                    other.close()
                _work(renderer, ready, part, writer)
            writer.close()
            workers[reader] = _Worker(pid, part)
        while workers:
            heard = wait(list(workers))
            for reader in [each for each in workers if each in heard]:
                try:
                    told = reader.recv()
                except EOFError:
                    workers.pop(reader).ended()
                    continue
                workers[reader].done += 1
                yield told
    finally:
        for each in workers.values():
            each.stop()


class _Worker:
    """A process, the addresses that are its part, and how many of them are done."""

    def __init__(self, pid: int, part: list[str]) -> None:
        self._pid, self._part, self.done = pid, part, 0

    def ended(self) -> None:
        """Raises NotCopied where it did not do all."""
        status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if self.done < len(self._part):
            how = f"was killed by signal {-status}" if status < 0 else f"ended with {status}"
            raise NotCopied(f"the process that made {self._part[self.done]} {how}")

    def stop(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _work(
    renderer: Renderer, ready: Callable[[], None], part: list[str], channel: Connection
) -> NoReturn:
    """In a process of its own: render, tell, end."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ready()
        renderer.run(part, channel)
        code = 0
    except BrokenPipeError:  # whoever wanted them has ended
        pass
    except OSError as error:
        os.write(2, f"kg: {error}\n".encode())
    finally:
        channel.close()
        os._exit(code)
