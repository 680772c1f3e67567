"""The process that opens a release, makes the app over it, and forks children that share both.

It is forked from the front, has one thread and serves nobody, so that a fork of it is safe and a
child is there within milliseconds. It ends when its channel closes, and its children with it.
"""

from __future__ import annotations

import gc
import json
import mimetypes
import os
import select
import signal
import socket
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from mmap import mmap
from pathlib import Path
from typing import NoReturn

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store.embedded import confine, endings, opening
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.errors import EngineBusy, EngineLost, QueryError
from kg.store.release import Release
from web.app import create_app
from web.serving import messages
from web.serving.access import AccessLog
from web.serving.accounts import Accounts
from web.serving.board import SINCE, Slot
from web.serving.child import Child
from web.serving.messages import AWAITED, CANCELLED, PERSON, REASONS, Kind, Message
from web.serving.replies import Replies
from web.serving.wire.arriving import Bounds
from web.serving.wire.sending import head
from web.site import errors, problems
from web.site.metrics import Metrics
from web.site.problems import ProblemDetails

_ROUND = 5  # milliseconds between two looks for children that end
_WORDS = 2000  # bytes, of what a child's engine wrote to standard error
_MEGABYTE = 1 << 20
_OPENED = 256  # megabytes for a store that a child opens on disk, besides what a query may use
_GARBAGE = 20_000  # objects between two collections: by default they take a tenth of small queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all processes of a server share, made before any of them is forked.

    `server` is the address that it listens on; `filtered` says whether children get the kernel's
    filters.
    """

    settings: Settings
    slots: list[Slot]
    accounts: Accounts
    counts: mmap
    log: AccessLog
    server: tuple[str, int]
    filtered: bool


class Nursery:
    """The current release of a project, opened."""

    def __init__(self, shared: Shared) -> None:
        settings = shared.settings
        self._shared = shared
        self.release = Release.current(settings.directory)
        self.held = self.release.hold()
        # What is held in memory is read whole in any case; of what is not, a look must do.
        in_memory = settings.holds(self.release.manifest.counts.triples)
        self.release.require(contents=in_memory)
        ontology = project_ontology(settings)
        self.graph = EmbeddedGraph(
            self.release, settings, ontology.prefixes, former=ontology.former
        )
        self.graph.store = opening.open_store(self.release, settings)
        self.app = create_app(settings, self.graph)
        for name in self.app.jinja_env.list_templates():
            self.app.jinja_env.get_template(name)  # compiled now, it is in every child
        mimetypes.init()  # it reads files of the machine, which no child may

    def child(self, slot: int, channel: socket.socket, words: int) -> NoReturn:
        """Be a child, until the channel closes."""
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            shared, settings = self._shared, self._shared.settings
            confine.name("kg-child")
            gc.set_threshold(_GARBAGE)
            opened = 0 if self.graph.store else _OPENED
            limits = confine.Limits(
                memory=(settings.query_memory + settings.cache_size + opened) * _MEGABYTE,
                answer=settings.result_size * _MEGABYTE,
                filtered=shared.filtered,
            )
            metrics: Metrics = self.app.extensions["metrics"]
            metrics.share(shared.counts, slot)
            self.app.config["PROCESSES"] = partial(_processes, metrics, shared.slots, slot)
            replies = Replies(
                self.app,
                settings=settings,
                accounts=shared.accounts,
                metrics=metrics,
                log=shared.log,
                server=shared.server,
            )
            bounds = Bounds(body=4 * settings.query_bytes)  # a form may write a byte as three
            child = Child(shared.slots[slot], channel, replies, bounds, settings.query_timeout)
            confine.apply(limits, words, self._readable())
            self.graph.open()  # from disk, with threads of its own: they are confined as well
            child.run()
            code = 0
        except MemoryError:
            code = endings.OUT_OF_MEMORY
        except BrokenPipeError:  # the front has gone
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _readable(self) -> Iterable[Path]:
        """What a child may read from: the release, what is published of the others and beside it,
        and the modules of Python.
        """
        settings, site = self._shared.settings, self.app.extensions["chancery"]
        yield self.release.directory
        yield from site.releases.readable()
        yield Path(__file__).parent.parent
        yield from confine.libraries()
        if settings.texts:
            yield settings.directory / settings.texts

    def introduction(self) -> bytes:
        """What the front has to know: the release, and what it answers where nobody else can."""
        late = ProblemDetails.of("request-timeout", "The request did not arrive in time.")
        replies = {
            "busy": self.response(EngineBusy("All processes are at work; try again soon.")),
            "engine-lost": self.response(EngineLost("The engine starts again; try again soon.")),
            "request-timeout": self._response(late, page=False),
        }
        texts = {slug: each.decode("latin-1") for slug, each in replies.items()}
        return json.dumps({"release": self.release.id, "replies": texts}).encode()

    def response(self, error: QueryError, *, page: bool = False) -> bytes:
        """What answers a request whose child has ended."""
        return self._response(problems.of_query(error), page=page)

    def _response(self, problem: ProblemDetails, *, page: bool) -> bytes:
        accept = "text/html" if page else ""
        with self.app.test_request_context(headers={"Accept": accept}):
            response = self.app.process_response(errors.respond(problem))
        body = response.get_data()
        fields = response.headers.to_wsgi_list()
        return head(response.status_code, fields, len(body), keep=False) + body


def _processes(metrics: Metrics, slots: list[Slot], own: int) -> tuple[int, int, int]:
    """How many other children are busy; how many are idle; how many requests wait for one."""
    busy = sum(bool(each.note[SINCE]) for number, each in enumerate(slots) if number != own)
    front = metrics.front()
    return busy, round(front["children", "idle"]), round(front["waiting", ""])


def run(shared: Shared, channel: socket.socket) -> NoReturn:
    """Be the nursery, in a process that the front has forked for it."""
    code = 1
    try:
        confine.name("kg-nursery")
        confine.die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the front, which ends this
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        channel.setblocking(True)
        try:
            nursery = Nursery(shared)
            gc.collect()
            gc.freeze()  # the collector must not write to pages that children share
            opening.compact()
        except Exception as error:  # which the front tells who runs it
            if not isinstance(error, (ChanceryError, OSError)):
                traceback.print_exc()
            status = getattr(error, "exit_code", ChanceryError.exit_code)
            messages.send(channel, Kind.FAILED, status, body=str(error).encode()[:4096])
        else:
            messages.send(channel, Kind.READY, body=nursery.introduction())
            _Care(nursery, shared.settings, channel).run()
        code = 0
    except (EOFError, BrokenPipeError):
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@dataclass(slots=True)
class _Ward:
    """A child, from its fork until it is reaped. `words` is the file of its engine's complaints."""

    slot: int
    words: int
    page: bool = False
    awaited: bool = False  # the front has a client that waits for a response
    reason: str = ""  # why it ended amid a request


class _Care:
    """Forks and reaps children, as the front asks."""

    def __init__(self, nursery: Nursery, settings: Settings, channel: socket.socket) -> None:
        self._nursery = nursery
        self._settings = settings
        self._channel = channel
        self._wards: dict[int, _Ward] = {}
        self._ending: set[int] = set()
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)

    def run(self) -> None:
        """Until the front closes the channel, and every child has been reaped.

        Raises:
            EOFError: it has done so.
        """
        try:
            while True:
                if self._poll.poll(_ROUND if self._ending else None):
                    self._obey(messages.receive(self._channel))
                for pid in list(self._ending):
                    self._reap(pid)
        finally:
            for pid in self._wards:  # nobody else would, where the front is a container's first
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _obey(self, message: Message) -> None:
        if message.kind is Kind.FORK:
            self._fork(message.numbers[0], message.descriptors[0])
        elif message.kind is Kind.REAP:
            _, pid, flags, limit, *_ = message.numbers
            ward = self._wards[pid]
            ward.page = bool(flags & PERSON)
            ward.awaited = bool(flags & AWAITED)
            ward.reason = "cancelled" if flags & CANCELLED else ""
            if limit:
                self._explain(ward, endings.overdue(limit / 1000))
            self._ending.add(pid)

    def _fork(self, slot: int, descriptor: int) -> None:
        words = os.memfd_create("words", os.MFD_CLOEXEC)
        nursery = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._channel.close()
            for each in self._wards.values():
                os.close(each.words)
            confine.die_with_parent()
            if os.getppid() != nursery:  # it ended before its end could be this process's
                os._exit(0)
            channel = socket.socket(fileno=descriptor)
            self._nursery.child(slot, channel, words)
        os.close(descriptor)
        self._wards[pid] = _Ward(slot, words)
        messages.send(self._channel, Kind.FORKED, slot, pid)

    def _explain(self, ward: _Ward, error: QueryError) -> None:
        """Note why a child ended, and tell who waits for its answer."""
        ward.reason = ward.reason or error.slug
        if ward.awaited:
            ward.awaited = False
            response = self._nursery.response(error, page=ward.page)
            messages.send(self._channel, Kind.ANSWER, ward.slot, body=response)

    def _reap(self, pid: int) -> None:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            return
        self._ending.discard(pid)
        ward = self._wards.pop(pid)
        said = os.pread(ward.words, _WORDS, 0).decode(errors="replace")
        os.close(ward.words)
        if status or ward.awaited:
            how = endings.Exit(os.waitstatus_to_exitcode(status), said)
            self._explain(ward, endings.ended(how, self._settings.query_memory))
        reason = next((each for each, name in REASONS.items() if name == ward.reason), 0)
        messages.send(self._channel, Kind.FREE, ward.slot, reason)
