"""What a server asks of a graph: answers for its event loop, and a program beside the store.

A page asks the store a dozen times, and in a process of the store's own a question costs no change
of process. So the server names a program, and the graph runs it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from mmap import mmap
from typing import Protocol

from kg.model.settings import Settings
from kg.store.query import Answer, Cancel, Graph, Query

Handler = Callable[[bytes], bytes]
# A function of a module, as another process imports it by its name: it gets the graph that its
# process holds, and gives what makes a reply of a request.
Program = Callable[[Settings, Graph], Handler]


class ServedGraph(Graph, Protocol):
    """A graph behind a server. `slow` is called where an answer takes long: then it is worth while
    to look whether its client is still there.
    """

    @property
    def runs_program(self) -> bool:
        """Whether `run` can be called; if not, the server runs the program itself."""
        ...

    async def answer_async(
        self, query: Query, cancel: Cancel, slow: Callable[[], object]
    ) -> Answer:
        """As `answer`, for an event loop.

        Raises:
            QueryError: there is no complete answer.
        """
        ...

    async def run(self, request: bytes, cancel: Cancel, slow: Callable[[], object]) -> bytes | mmap:
        """What the program replies to `request`.

        Raises:
            QueryError: there is no reply.
        """
        ...

    def close(self) -> None:
        """End its processes."""
        ...


# Opens the current release of the project that the settings belong to, and follows it. The prefixes
# are predeclared in each query.
OpenGraph = Callable[[Settings, Mapping[str, str], Program], ServedGraph]
