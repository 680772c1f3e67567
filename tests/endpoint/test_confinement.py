"""What a query process cannot do, whatever it is asked: shown past every check of the text."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.embedded.pool import Zygote
from kg.store.embedded.zygote import Config
from kg.store.release import Release
from tests.endpoint.conftest import JSON, Open, asked
from tests.endpoint.test_queries import _Listener


@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "disk"])
@pytest.mark.parametrize("filtered", [True, False], ids=["filter", "descriptors"])
def test_no_network(opened: Open, in_memory: bool, filtered: bool) -> None:
    """SERVICE reaches nothing, be it by the filter of Linux or by the cap on descriptors."""
    child = opened(in_memory=in_memory, filtered=filtered).fork()
    with _Listener() as listener:
        query = f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
        reply = child.ask(asked(query), time.monotonic() + 20)
        assert reply is not None
        assert reply.fields["error"] == "engine-failed"
    assert listener.connections == 0
    answer = child.ask(asked("SELECT * { ?s a dip:Visit } LIMIT 1"), time.monotonic() + 20)
    assert answer is not None
    assert answer.fields["media_type"] == JSON
    child.end(idle=True)


def test_an_answer_past_the_cap(opened: Open) -> None:
    """The kernel stops the file of an answer at the cap, and the child lives on."""
    child = opened(answer=500_000).fork()
    reply = child.ask(asked("SELECT * { ?s ?p ?o }"), time.monotonic() + 20)
    assert reply is not None
    assert reply.fields["error"] == "result-too-large"
    answer = child.ask(asked("ASK {}"), time.monotonic() + 20)
    assert answer is not None
    assert answer.body == b'{"head":{},"boolean":true}'
    child.end(idle=True)


def test_children_end_with_the_zygote(opened: Open) -> None:
    """No query process outlives the one that it was forked from, busy or idle."""
    zygote = opened()
    idle, busy = zygote.fork(), zygote.fork()
    busy.ask(asked("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), time.monotonic())
    os.kill(zygote.pid, 9)
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
        control=-1,
        in_memory=True,
        prefixes={},
        limits=confine.Limits(memory=1 << 28, answer=1 << 28),
        settings=Settings(),
    )
    with pytest.raises(ChanceryError, match="could not be opened"):
        Zygote(config)
