"""What a query process cannot do, whatever it is asked: shown past every check of the text."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.embedded.fork_server import Config
from kg.store.embedded.messages import send
from kg.store.embedded.processes import ForkServer
from kg.store.release import Release
from tests.endpoint.conftest import JSON, Open, asked, reply
from tests.endpoint.test_queries import _Listener


@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "disk"])
@pytest.mark.parametrize("filtered", [True, False], ids=["filter", "descriptors"])
def test_no_network(opened: Open, in_memory: bool, filtered: bool) -> None:
    """SERVICE reaches nothing, be it by the filter of Linux or by the cap on descriptors."""
    worker = opened(in_memory=in_memory, filtered=filtered).fork()
    with _Listener() as listener:
        query = f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
        assert reply(worker, query).fields["error"] == "engine-failed"
    assert listener.connections == 0
    answer = reply(worker, "SELECT * { ?s a dip:Visit } LIMIT 1")
    assert answer.fields["media_type"] == JSON
    assert worker.end(kill=False) == (0, "")


def test_an_answer_past_the_cap(opened: Open) -> None:
    """The kernel stops the file of an answer at the cap, and the worker lives on."""
    worker = opened(answer=500_000).fork()
    assert reply(worker, "SELECT * { ?s ?p ?o }").fields["error"] == "result-too-large"
    assert reply(worker, "ASK {}").body == b'{"head":{},"boolean":true}'
    assert worker.end(kill=False) == (0, "")


def test_workers_end_with_the_fork_server(opened: Open) -> None:
    """No worker outlives the process that it was forked from, busy or idle."""
    server = opened()
    idle, busy = server.fork(), server.fork()
    send(busy.channel, asked("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    os.kill(server.pid, 9)
    deadline = time.monotonic() + 5
    while any(running(each.pid) for each in (idle, busy)):
        assert time.monotonic() < deadline, "a query process was left behind"
        time.sleep(0.02)
    for each in (idle, busy):
        each.channel.close()


def running(pid: int) -> bool:
    """Whether the process is there, and not only its entry that waits for the system's init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_store_that_cannot_be_read(release: Release, tmp_path: Path) -> None:
    """A damaged or absent store is one clear error, not a hanging server."""
    config = Config(
        release=tmp_path / "none",
        in_memory=True,
        prefixes={},
        limits=confine.Limits(memory=1 << 28, answer=1 << 28),
        settings=Settings(),
    )
    with pytest.raises(ChanceryError, match="could not be opened"):
        ForkServer(config)
