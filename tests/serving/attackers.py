"""Clients that mean harm, as a process of their own, so that who measures is not slowed by them:

python -m tests.serving.attackers http://127.0.0.1:8000 KIND [CONNECTIONS]

It says `ready` once all connections are there, goes on until it is ended, and prints how often it
was answered with which status each second.
"""

from __future__ import annotations

import itertools
import json
import resource
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from tests.conftest import ROOT
from tests.endpoint.killers import KILLERS
from tests.serving.caller import Caller, asking

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
FIELDS = ("Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Match", "Range",
          "Cookie", "Content-Type", "Forwarded", "X-Forwarded-For", "If-Modified-Since",
          "Connection", "Expect", "X-Any")  # fmt: skip
PIECES = (" ", '"', '\\"', ",", ";q=", "a/b,", "\t", "1", "=", "*/*;q=0.", '"a",', 'W/"', "-")
NAMES = {str(n): {"query": f"Sergei Kerry Lavrov of the {n}th Sochi", "limit": 10}
         for n in range(100)}  # fmt: skip
Send = Callable[[Caller], int]
statuses: Counter[int | str] = Counter()
CHANCE = Random(15)  # noqa: S311 - what is sent is to vary, not to be secret


def killers(number: int) -> Send:
    """The worst queries in turn."""
    queries = itertools.islice(itertools.cycle(KILLERS), number, None)
    return lambda each: _posted(each, "/sparql", f"{next(queries)} # {time.monotonic()}")


def _posted(caller: Caller, path: str, query: str) -> int:
    body = urlencode({"query": query}).encode()
    return caller.ask(path, body, Content_Type=FORM).status


def _repeated(text: str) -> Callable[[int], Send]:
    """200 KB of the same within a query."""
    body = f"SELECT ({text * (200_000 // len(text))}".encode()
    return lambda _: lambda each: each.ask("/sparql", body, Content_Type=QUERY).status


def fields(_: int) -> Send:
    """16 KB of a field, which one and of what by chance."""

    def send(caller: Caller) -> int:
        name, piece = CHANCE.choice(FIELDS), CHANCE.choice(PIECES)
        value = piece * (16_000 // len(piece))
        path = CHANCE.choice(("/page/place/sochi", "/sparql?query=ASK%7B%7D", "/search?q=a"))
        return caller.ask(path, **{name: f"a{value}b"}).status

    return send


def reconcile(_: int) -> Send:
    """Batches of 100 names, each time others."""

    def send(caller: Caller) -> int:
        batch = {key: {**each, "query": f"{each['query']} {CHANCE.random()}"}
                 for key, each in NAMES.items()}  # fmt: skip
        body = urlencode({"queries": json.dumps(batch)}).encode()
        return caller.ask("/reconcile", body, Content_Type=FORM).status

    return send


def timeline(_: int) -> Send:
    """Pages that nobody has asked for before."""
    return lambda each: each.ask(f"/timeline?x={CHANCE.random()}", Accept="text/html").status


REPEATED = {"digits": "9", "dots": ".", "quotes": '"', "minus": "1-", "words": "a ", "open": "{",
            "backslashes": "\\", "spaces": " ", "colons": "a.b:"}  # fmt: skip
SENDERS: dict[str, Callable[[int], Send]] = {
    "killers": killers, "fields": fields, "reconcile": reconcile, "timeline": timeline,
    **{name: _repeated(text) for name, text in REPEATED.items()},
}  # fmt: skip
# What a connection is opened with, after which nothing is sent or read any more.
HELD = {
    "silent": b"",
    "half": b"GET /page/place/sochi HT",
    "heads": b"GET /page/place/sochi HTTP/1.1\r\nHost: a\r\nX-",
    "bodies": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nASK",
    "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "idle": b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
    "readers": f"GET {asking(LARGE)} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
}  # fmt: skip


def attack(server: str, kind: str, number: int, source: str) -> None:
    send = SENDERS[kind](number)
    while True:
        try:
            with Caller(server, source) as caller:
                while True:
                    statuses[send(caller)] += 1
        except OSError as error:
            statuses[type(error).__name__] += 1
            time.sleep(0.01)


def hold(server: str, kind: str, connections: int) -> list[socket.socket]:
    """Connections of `kind`, ten addresses in turn."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held = []
    for number in range(connections):
        each = Caller(server, f"127.0.2.{number % 10 + 1}").socket
        if kind == "readers":
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.sendall(HELD[kind])
        held.append(each)
    return held


@dataclass
class Attack:
    """An attack under way, and what it was answered with until it was ended."""

    process: subprocess.Popen[str]
    statuses: dict[str, int] = field(default_factory=dict)


@contextmanager
def attacked(server: str, kind: str, connections: int = 8) -> Iterator[Attack]:
    """Have `server` be under attack while the block runs."""
    command = [sys.executable, "-m", "tests.serving.attackers", server, kind, str(connections)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        made = Attack(process)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield made
        finally:
            process.terminate()
            said, _ = process.communicate()
            made.statuses = json.loads(([*said.splitlines()] or ["{}"])[-1])


def main(server: str, kind: str, connections: int) -> None:
    held = hold(server, kind, connections) if kind in HELD else []
    for number in range(connections if kind in SENDERS else 0):
        # Eight killers are eight clients; all else comes from one.
        source = f"127.0.1.{number % 200 + 1}" if kind == "killers" else "127.0.1.1"
        threading.Thread(target=attack, args=(server, kind, number, source), daemon=True).start()
    print("ready", flush=True)  # noqa: T201 - run as a program, it answers by this
    while True:
        time.sleep(0.3)
        print(json.dumps({**statuses, "held": len(held)}), flush=True)  # noqa: T201 - likewise


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if sys.argv[3:] else 8)
