"""What releases change, and what a release knows of those before it."""

from __future__ import annotations

from kg.store.changes import Change, changes
from kg.store.history import History
from kg.store.release import Release

ID = "http://localhost:8000/id/"
TERM = "https://w3id.org/chancery/ns#"
MEETING = f"{ID}meeting/lakeside-2024"


def told(release: Release) -> dict[tuple[str, str, str], Change]:
    """What it changed, by kind, what and address."""
    return {(each.kind, each.what, each.iri.removeprefix(ID)): each for each in changes(release)}


def test_what_a_release_changed(evolved: list[Release]) -> None:
    """Claims and entities that came, went and were corrected, and what is taken as so."""
    first, second, third = evolved
    assert told(first) == {}
    assert set(told(second)) == {
        ("withdrawn", "claim", "claim/example/1-freedonia"),
        ("changed", "claim", "claim/example/2"),
        ("changed", "entity", "meeting/lakeside-2024"),
        ("dropped", "fact", "meeting/lakeside-2024"),
        ("withdrawn", "entity", "state/sylvania"),
        ("added", "entity", "state/transylvania"),
    }
    dropped = told(second)["dropped", "fact", "meeting/lakeside-2024"]
    assert (dropped.property, dropped.value) == (f"{TERM}participant", f"<{ID}state/freedonia>")
    assert dropped.source == f"{ID}document/example"
    assert told(second)["withdrawn", "entity", "state/sylvania"].successor == (
        f"{ID}state/transylvania"
    )
    assert set(told(third)) == {
        ("added", "claim", "claim/register/7/place"),
        ("added", "entity", "dataset/register"),
        ("added", "record", "record/register/7"),
        ("settled", "disagreement", "disagreement/meeting/lakeside-2024/place"),
        ("changed", "entity", "meeting/lakeside-2024"),
        ("dropped", "fact", "meeting/lakeside-2024"),
    }
    settled = told(third)["settled", "disagreement", "disagreement/meeting/lakeside-2024/place"]
    assert (settled.about, settled.property) == (MEETING, f"{TERM}place")
    assert settled.by == (f"{ID}record/register/7",)


def test_what_a_release_knows_of_earlier_ones(evolved: list[Release]) -> None:
    """Since when a thing stands, what it said before, and what became of it."""
    first, second, third = (each.id for each in evolved)
    with History.open(evolved[2]) as history:
        assert [each.id for each in history.releases] == [first, second, third]

        def since(ref: str) -> str | None:
            found = history.since(ID + ref)
            return found.id if found else None

        assert since("claim/example/1") == first
        assert since("claim/example/2") == first
        assert since("state/transylvania") == second
        assert since("record/register/7") == third
        (correction,) = history.before(f"{ID}claim/example/2")
        assert (correction.last.id, correction.at.id) == (first, second)
        assert "claims#Attributed>" in correction.change.before[0]
        assert "claims#Planned>" in correction.change.after[0]
        assert history.before(f"{ID}claim/example/1") == ()
        gone = history.withdrawn(f"{ID}claim/example/1-freedonia")
        assert gone is not None
        assert (gone.last.id, gone.at.id) == (first, second)
        assert any('"foreign ministers of' in line for line in gone.change.before)
        assert history.withdrawn(f"{ID}claim/example/1") is None
        found = {(each.kind, each.what): each.times for each in history.counts(second)}
        assert found["withdrawn", "claim"] == 1
        assert history.changes(second) == tuple(changes(evolved[1]))
        assert [each.what for each in history.changes(kind="settled")] == ["disagreement"]
        assert len(history.changes(second, start=1, size=2)) == 2
