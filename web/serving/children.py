"""The children as the front sees them: who is free, who is late, who is lost.

A child that is late loses its other connections to another one. Past the deadline it is killed, and
what the nursery writes answers for it.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from kg.model.settings import Settings
from web.serving import messages
from web.serving.accounts import Accounts
from web.serving.board import CLIENT, DEADLINE, EPOCH, PAGE, SENDING, SINCE, TICKET, Slot
from web.serving.burden import Burden
from web.serving.clients import Clients
from web.serving.connections import GONE, Connection, Connections
from web.serving.members import Home, Member, fewest, forked, greediest, in_turn
from web.serving.messages import Kind, Message
from web.serving.wire.states import State
from web.site.metrics import Metrics

ROUND = 0.01  # seconds between two looks at children that serve
_LATE = 0.01  # seconds of processor time, after which those of other addresses go to another child
_LONG = 0.25  # seconds of the clock, after which those of the same address go, too
_SLOW = 0.1  # seconds, after which a child yields the processor, and is not used again
_STUCK = 1.0  # seconds, after which a child that leaves alone what it was given is killed
_SHORT = 0.1  # seconds in which a child that is late may be free again, before another is forked
_SPARE = 0.5  # seconds that a child stays that is not needed any more


class Children:
    """Serves connections by children of `home`, the nursery of the release that is served.

    `connections` holds them while they wait.
    """

    connections: Connections

    def __init__(
        self,
        poll: select.epoll,
        settings: Settings,
        slots: list[Slot],
        accounts: Accounts,
        metrics: Metrics,
    ) -> None:
        cores = os.cpu_count() or 1
        self._poll = poll
        self._settings = settings
        self._slots = slots
        self._accounts = accounts
        self._clients = Clients(settings)
        self._metrics = metrics
        self._burden = Burden(self._clients)
        self._wanted = cores
        # Besides those that are late, some answer.
        self._most = min(cores + (settings.query_processes or 8 * cores), len(slots) // 2)
        self._free = list(range(len(slots)))[::-1]
        self._reaped: dict[int, Home] = {}  # who is to reap the last child of a slot
        self._members: dict[int, Member] = {}  # by their channels
        self._awaiting: dict[int, Connection] = {}  # by the slot of the child that they have lost
        self._parked: dict[Connection, float] = {}
        self._tickets = self._forks = 0
        self._short = 0.0  # since when fewer are free than are wanted
        self.home: Home | None = None
        self.replies: Mapping[str, bytes] = {}  # of the release that was served last

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members.values())

    @property
    def waiting(self) -> int:
        return len(self._parked)

    def needs(self, home: Home) -> bool:
        """Whether children of that nursery serve, or are not reaped yet."""
        return home in self._reaped.values()

    def recall(self, since: float) -> None:
        """Take all that is not being served from the children; it counts as idle since then."""
        for member in list(self._members.values()):
            self._pass_on(member.take_back() or (), since)

    def serve(self, connection: Connection) -> None:
        """Give the connection to a child, or let it wait for one, behind those that do."""
        if self._parked or not self._place(connection):
            connection.state = State.SERVING
            self._parked.setdefault(connection, time.monotonic())

    def _place(self, connection: Connection) -> bool:
        """Give the connection to a child, if there is any."""
        heavy = self._burden.heavy(connection.peer, time.monotonic())
        ready = self._ready()
        while member := fewest(ready, heavy) or self._fork(heavy=heavy) or fewest(ready, not heavy):
            ready = [each for each in ready if each is not member]
            try:
                self._give(member, connection)
            except BlockingIOError:
                continue
            except OSError:
                self._lose(member)
            else:
                return True
        return False

    def _pass_on(self, connections: Iterable[Connection], since: float = 0.0) -> None:
        """Another child serves what comes, or has come, on those that one had."""
        since = since or time.monotonic()
        for each in connections:
            if each.spool is None:
                self.connections.wait(each, State.IDLE, since)
            else:
                self.serve(each)

    def hears(self, descriptor: int, now: float) -> bool:
        """Read what a child says, if it is the channel of one."""
        member = self._members.get(descriptor)
        if member is None:
            return False
        try:
            while True:
                self._obey(member, messages.receive(member.channel), now)
        except BlockingIOError:
            pass
        except EOFError:
            self._lose(member)
        return True

    def told(self, home: Home, message: Message, now: float) -> None:
        """Do what the nursery says of a child."""
        number = message.numbers[0]
        if message.kind is Kind.FORKED:
            member = next((each for each in home.members if each.number == number), None)
            if member is None:  # it has ended meanwhile
                numbers = (number, message.numbers[1], messages.AWAITED)
                with suppress(OSError):  # then it is gone, too
                    messages.send(home.channel, Kind.REAP, *numbers)
            else:
                member.pid = message.numbers[1]
                if member.heavy:
                    member.yield_to_others()
        elif message.kind is Kind.ANSWER:
            connection = self._awaiting.pop(number, None)
            if connection is not None:
                self.connections.answer(connection, message.body, now)
        elif message.kind is Kind.FREE:
            self._release(number)
            if reason := messages.REASONS.get(message.numbers[1]):
                self._metrics.add("kills", reason)

    def replace(self, home: Home) -> None:
        """Serve by children of `home` from now on; those of the last one finish what they serve."""
        last, self.home, self.replies = self.home, home, home.replies
        for _ in range(self._wanted):
            self._fork()
        for member in list(last.members) if last else ():
            self._retire(member)

    def abandoned(self, home: Home, now: float) -> None:
        """A nursery has ended, and its children with it."""
        if self.home is home:
            self.home = None
        for member in list(home.members):
            self._lose(member)
        for number in [each for each, whose in self._reaped.items() if whose is home]:
            connection = self._awaiting.pop(number, None)
            if connection is not None:
                self.connections.answer(connection, home.replies["engine-lost"], now)
            self._release(number)

    def gone(self, connection: Connection) -> None:
        """The client of a request that takes long has gone: nobody waits for its answer."""
        for member in self._members.values():
            if member.late and member.held.get(connection.ticket) is connection:
                self._end(member, connection, b"", 0.0)
                return

    def end(self, now: float) -> None:
        """Those whose requests are served still are told to try again."""
        for member in list(self._members.values()):
            for served in list(member.held.values()):
                self._end(member, served, self.replies["engine-lost"], now)

    def look_after(self, now: float) -> None:
        """Look at what each child does; let in who waits, and end children that are spare."""
        for member in list(self._members.values()):
            if member.stuck(now) > _STUCK:  # stopped, as it might be by a debugger
                member.end()
                self._lose(member)
            elif member.slot.note[SINCE]:
                self._watch(member, now)
            else:
                self._rest(member)
        self._staff(now)
        if self._parked:
            self._admit(now)

    def _staff(self, now: float) -> None:
        """Have as many children ready as are wanted."""
        ready = sorted(self._ready(), key=lambda each: (each.heavy, each.born))
        for number, member in enumerate(ready):
            needed = bool(member.held) if member.heavy else number < self._wanted
            member.spare = 0.0 if needed else member.spare or now
            if member.spare and now - member.spare > _SPARE:
                self._retire(member)
        if sum(not each.heavy for each in ready) >= self._wanted:
            self._short = now
        elif now - self._short > _SHORT:
            self._fork()

    def _admit(self, now: float) -> None:
        """Let in who waits, in turn; who waits for too long, or behind too many, is told so."""
        late = [each for each in self._members.values() if each.late]
        full = self.home and not self._ready() and not self._can_fork()
        if full and (most := greediest(late, self._parked, self._whose)):
            self._end(*most, self.replies["busy"], now)
        room = len(self._ready()) + self._can_fork()
        for place, connection in enumerate(in_turn(self._parked, late, self._whose)):
            if connection.state is State.CLOSED or (room > 0 and self._place(connection)):
                del self._parked[connection]
                room -= 1
            elif now - self._parked[connection] > self._settings.queue_timeout or (
                self.home and place >= self._settings.query_queue
            ):
                del self._parked[connection]
                reply = self.replies["busy" if self.home else "engine-lost"]
                self.connections.answer(connection, reply, now)

    def _whose(self, connection: Connection) -> int | None:
        """The account of who waits; unknown where a proxy names its clients."""
        named = self._clients.names(connection.peer)
        return None if named else self._accounts.find(connection.peer)

    def _end(self, member: Member, served: Connection, reply: bytes, now: float) -> None:
        """Kill a child for what it serves; its client gets `reply`, if it has got nothing yet."""
        if member.kill():
            del member.held[served.ticket]  # nothing is written to its descriptor now
            if member.slot.note[SENDING]:
                reply = b""
            self.connections.answer(served, reply, now)
            self._lose(member, cancelled=True)

    def _ready(self) -> list[Member]:
        """The children that are neither late nor to end."""
        members = self.home.members if self.home else ()
        return [each for each in members if not each.late and not each.slow]

    def _can_fork(self) -> bool:
        return self.home is not None and bool(self._free) and len(self.home.members) < self._most

    def _fork(self, *, heavy: bool = False) -> Member | None:
        """Have the nursery fork a child, which may be given connections at once."""
        home, number = self.home, self._free[-1] if self._free else 0
        if home is None or not self._can_fork():
            return None
        member = forked(home, number, self._slots[number], self._forks)
        if member is None:
            return None
        self._free.pop()
        self._forks += 1
        self._metrics.add("forks")
        self._reaped[number] = home
        self._members[member.channel.fileno()] = member
        home.members.add(member)
        member.heavy = heavy
        self._poll.register(member.channel, select.EPOLLIN)
        return member

    def _give(self, member: Member, connection: Connection) -> None:
        self._tickets += 1
        files = (connection.fd,) if connection.spool is None else (connection.fd, connection.spool)
        messages.send(
            member.channel,
            Kind.GIVE,
            self._tickets,
            int(member.slot.note[EPOCH]),
            connection.flags | messages.ENDED * connection.ended,
            body=connection.peer.encode(),
            files=files,
        )
        connection.ticket = member.given = self._tickets
        connection.given()
        member.held[connection.ticket] = connection

    def _obey(self, member: Member, message: Message, now: float) -> None:
        """Do what a child says of a connection, unless that is not its any more."""
        connection = member.held.pop(message.numbers[0], None)
        if connection is not None:
            if connection.ticket == member.slot.note[TICKET]:  # whose client may ask again now
                self._uncount(member)
            self.connections.returned(connection, message, now)
        else:
            for each in message.descriptors:
                os.close(each)

    def _watch(self, member: Member, now: float) -> None:
        """Look at a child that serves."""
        note = member.slot.note
        since = note[SINCE]
        if since != member.seen:
            self._rest(member)
        member.look(since)
        age = now - since
        member.late = member.late or age > _LONG or (age > _LATE and member.spent > _LATE)
        if member.late and not member.alone:
            self._relieve(member, now, long=age > _LONG)
        if age > _SLOW and not member.slow and member.pid:
            member.slow = not member.heavy
            member.yield_to_others()
        if now > note[DEADLINE] > 0 and note[SINCE] == since and member.kill():
            self._lose(member, limit=note[DEADLINE] - since)

    def _relieve(self, member: Member, now: float, *, long: bool) -> None:
        """Take from a late child all connections but that which it serves: those of others at once,
        those of the same address when it takes `long`.
        """
        served = member.served
        if served is not None and not long:
            self._burden.add(served.peer, ROUND, now)
            if not self._burden.mixed(member, served):
                return
        taken = member.take_back(member.seen)
        if taken is None:
            return
        member.alone = True
        client = member.slot.note[CLIENT]
        if client >= 0 and member.counted < 0 and member.held:  # else its answer is out
            member.counted = int(client)
            self._accounts.running(member.counted, 1)
        for each in member.held.values():
            self._poll.modify(each.fd, GONE)
        if not self._ready():
            self._fork()
        self._pass_on(taken)

    def _uncount(self, member: Member) -> None:
        """What a child served does not count among its client's requests any more."""
        if member.counted >= 0:
            self._accounts.running(member.counted, -1)
            member.counted = -1

    def _rest(self, member: Member) -> None:
        """What a child served has ended."""
        self._uncount(member)
        member.late = member.alone = False
        if member.slow or member.home is not self.home:
            self._retire(member)

    def _retire(self, member: Member) -> None:
        """Take from a child what it does not serve; it ends as soon as it serves nothing."""
        self._pass_on(member.take_back() or ())
        if not member.held:
            self._lose(member)

    def _lose(self, member: Member, limit: float = 0.0, *, cancelled: bool = False) -> None:
        """Part with a child; who was served is answered by the nursery, all others by a child.

        `limit` is the time that it had, in seconds, where that is why it was killed; `cancelled`
        says that its client had gone.
        """
        if self._members.pop(member.channel.fileno(), None) is None:
            return
        note = member.slot.note
        with suppress(BlockingIOError, EOFError):  # what it has said before
            while True:
                self._obey(member, messages.receive(member.channel), time.monotonic())
        self._poll.unregister(member.channel)
        member.channel.close()
        member.home.members.discard(member)
        flags = messages.PERSON * bool(note[PAGE]) | messages.CANCELLED * cancelled
        if note[SINCE]:
            served = member.held.pop(int(note[TICKET]), None)
            if note[CLIENT] >= 0 and member.seen == note[SINCE]:
                self._accounts.charge(int(note[CLIENT]), member.spent, time.monotonic())
            if served is not None and note[SENDING]:  # it has a part of the answer
                self.connections.close(served)
            elif served is not None:
                self._awaiting[member.number] = served
                flags |= messages.AWAITED
        self._uncount(member)
        if member.pid:
            with suppress(OSError):  # a nursery that has ended has no children either
                numbers = (member.number, member.pid, flags, round(1000 * limit))
                messages.send(member.home.channel, Kind.REAP, *numbers)
        held, member.held = member.held, {}
        member.spend(held.values())
        self._pass_on(held.values())

    def _release(self, number: int) -> None:
        self._reaped.pop(number, None)
        self._slots[number].renew()
        self._free.append(number)
