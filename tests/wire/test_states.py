"""The states of a connection: each has a limit, and each ends."""

from __future__ import annotations

import re

from kg.model.settings import Settings
from tests.conftest import ROOT
from web.serving.wire.states import HOLDS, NEXT, Event, State
from web.site.problems import kinds


def test_every_state_ends() -> None:
    """From each state time and the client's going lead on, in the end to a closed connection."""
    assert set(NEXT) == set(State)
    assert set(HOLDS) == set(State) - {State.CLOSED}
    ends = {State.CLOSED}
    for state, hold in HOLDS.items():
        assert 0 < hold.seconds(Settings()) <= 60
        assert NEXT[state][Event.GONE] is State.CLOSED
        late = NEXT[state][Event.LATE]
        assert late in (State.CLOSING, State.CLOSED)
        assert bool(hold.late) == (late is State.CLOSING and hold.late in kinds())
        ends.add(late)
    reached = {State.OPENED} | {each for of in NEXT.values() for each in of.values()}
    assert reached == set(State)


def test_the_document_says_the_same() -> None:
    """docs/serving.md prints both tables."""
    rows = re.findall(r"^\| (.+) \|$", (ROOT / "docs" / "serving.md").read_text("utf-8"), re.M)
    for state, hold in HOLDS.items():
        limit = f"`{hold.limit}`" if isinstance(hold.limit, str) else f"{hold.limit:g} s"
        late = f"[{kinds()[hold.late].status}]" if hold.late else "closed"
        since = "" if hold.since == "beginning" else f" since the {hold.since}"
        row = f"{state.name.lower()} | {state.value} | {hold.by} | {limit}{since} | {late}"
        assert any(each.startswith(row) for each in rows), row
    assert " | ".join(["state", *(event.value for event in Event)]) in rows
    for state in HOLDS:
        steps = (NEXT[state].get(event) for event in Event)
        cells = (step.name.lower() if step else "" for step in steps)
        assert " | ".join([state.name.lower(), *cells]) in rows
