"""What releases change, and what a release knows of those before it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kg.store.changes import Change, changes
from kg.store.history import History
from kg.store.release import Release
from tests.conftest import ROOT, run_kg, spawn_kg
from tests.evolving import edit, settle

ID = "http://localhost:8000/id/"
TERM = "https://w3id.org/chancery/ns#"
MEETING = f"{ID}meeting/lakeside-2024"


@pytest.fixture
def project(evolved: list[Release], tmp_path: Path) -> Path:
    """A copy of it, of which a test may build more."""
    return Path(shutil.copytree(evolved[0].directory.parents[2], tmp_path / "mykg", symlinks=True))


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
    gone = told(second)["withdrawn", "entity", "state/sylvania"]
    assert (gone.successor, gone.reason) == (f"{ID}state/transylvania", "Its name was cut short.")
    gone = told(second)["withdrawn", "claim", "claim/example/1-freedonia"]
    assert gone.successor == f"{ID}claim/example/1"
    assert gone.reason == "Nobody says who came: “ministers” only."
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


def test_diff_for_people(evolved: list[Release]) -> None:
    """Two releases in words, whichever they are; by default what the current one changed."""
    first, second, third = (each.id for each in evolved)
    project = evolved[0].directory.parents[2]
    done = run_kg("diff", first, second, "-d", project)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{first} (")
    for expected in (
        "  document/example: 1 changed, 1 withdrawn",
        "  withdrawn: claim/example/1-freedonia, now claim/example/1: Nobody says who came: "
        "“ministers” only.",
        "      meeting/lakeside-2024 participant state/freedonia",
        "      - modality Attributed",
        "      + modality Planned",
        "  added: state/transylvania",
        "  no longer accepted: meeting/lakeside-2024 participant state/freedonia",
    ):
        assert expected in lines
    latest = run_kg("diff", "-d", project).stdout
    assert "settled: meeting/lakeside-2024 place, by record/register/7" in latest
    assert latest == run_kg("diff", second[:12], third, "-d", project).stdout
    back = run_kg("diff", third, first, "-d", project).stdout
    assert "added: claim/example/1-freedonia" in back
    assert "contested: meeting/lakeside-2024 place" in back
    unknown = run_kg("diff", "0" * 16, "-d", project)
    assert unknown.returncode == 2
    assert f"there are {', '.join(sorted((first, second, third)))}" in unknown.stderr


def test_diff_as_json(evolved: list[Release]) -> None:
    """One document with the very changes that the release tells; nothing, of one with itself."""
    project, second = evolved[0].directory.parents[2], evolved[1]
    answer = run_kg("diff", evolved[0].id, second.id, "-d", project, "--format", "json").stdout
    found = json.loads(answer)
    assert (found["from"]["id"], found["to"]["id"]) == (evolved[0].id, second.id)
    assert found["to"]["built"] == second.manifest.built
    lines = second.changes.read_text("utf-8").splitlines()
    assert found["changes"] == [json.loads(line) for line in lines]
    asked = ("diff", evolved[2].id, evolved[0].id, "-d", project, "--format", "json")
    orders = {spawn_kg(*asked, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
    assert len(orders) == 1
    same = run_kg("diff", second.id, second.id, "-d", project, "--format", "json").stdout
    assert json.loads(same)["changes"] == []


def test_diff_without_the_graphs(project: Path, evolved: list[Release]) -> None:
    """What pruned releases changed is kept, and tells the same as their graphs did."""
    first, second, third = (each.id for each in evolved)
    asked = ("diff", first, third, "-d", project, "--format", "json")
    expected = json.loads(run_kg(*asked).stdout)
    edit(project, "entities.yaml", ("label: Lakeside", "label: Lakeside on the lake"))
    assert run_kg("build", project, KG_KEEP="1").returncode == 0
    releases = project / "build" / "releases"
    for each in (first, second, third):
        left = {path.name for path in (releases / each).iterdir()}
        assert left == {"manifest.json", "manifest.json.sha256", "changes.jsonl"}
        assert run_kg("verify", each, "-d", project).returncode == 1
    assert json.loads(run_kg(*asked).stdout) == expected
    assert run_kg("diff", third, first, "-d", project).returncode == 2
    with History.open(Release.current(project)) as history:
        (correction,) = history.before(f"{ID}claim/example/2")
        assert "claims#Attributed>" in correction.change.before[0]


def test_a_build_says_what_vanishes(project: Path, evolved: list[Release]) -> None:
    """A claim and a thing that are gone are named; where the settings ask for it, not without a
    reason in the sheets."""
    (project / "seeds" / "documents" / "second.yaml").unlink()
    (project / "seeds" / "records" / "register.yaml").unlink()  # rows go with their register
    refused = run_kg("build", project, KG_WITHDRAWALS="reason")
    assert refused.returncode == 1
    assert "seeds/entities.yaml: found claim/second/1 withdrawn without a reason" in refused.stderr
    assert "document/second, 'deprecated: true' and a 'reason'" in refused.stderr
    assert "place/hilltown withdrawn without a reason" in refused.stderr
    assert "register" not in refused.stderr
    assert Release.current(project).id == evolved[2].id
    words = "label: Another account, deprecated: true, reason: It was taken back."
    hilltown = "label: Hilltown, deprecated: true, reason: Nobody names it."
    entities = project / "seeds" / "entities.yaml"
    added = f"document/second: {{{words}}}\nplace/hilltown: {{{hilltown}}}\n"
    entities.write_text(entities.read_text("utf-8") + added)
    done = run_kg("build", project, KG_WITHDRAWALS="reason")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[1].startswith(f"Since release {evolved[2].id}: ")
    assert "withdrawn: document/second: It was taken back." in lines
    assert "withdrawn: claim/second/1" in lines
    with History.open(Release.current(project)) as history:
        gone = history.withdrawn(f"{ID}claim/second/1")
        assert gone is not None
        assert gone.change.reason == "It was taken back."


def test_the_documented_reader(evolved: list[Release], capsys: pytest.CaptureFixture[str]) -> None:
    """The example of docs/releases.md tells when a claim was corrected, and why one is gone."""
    page = (ROOT / "docs" / "releases.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    told: dict[str, Any] = {}
    exec(code, told)  # noqa: S102 - the page's own
    for claim in ("2", "1-freedonia"):
        told["told"](evolved[0].directory.parents[2], f"{ID}claim/example/{claim}")
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("until ") and "claims#Attributed>" in line for line in lines)
    assert any(line.startswith("withdrawn ") and "Nobody says who came" in line for line in lines)


def test_histories_go_on(project: Path, evolved: list[Release]) -> None:
    """Whatever comes between: the same once more, an earlier graph again, a damaged release,
    another base."""
    first, second, third = (each.id for each in evolved)

    def build() -> tuple[Release, list[str], str]:
        done = run_kg("build", project)
        assert done.returncode == 0
        release = Release.current(project)
        with History.open(release) as history:
            return release, [each.id for each in history.releases], done.stderr

    again, chain, _ = build()
    assert (again.id, again.manifest.built) == (third, evolved[2].manifest.built)
    assert chain == [first, second, third]
    assert told(again) == told(evolved[2])
    shutil.rmtree(project / "seeds" / "records")
    back, chain, _ = build()
    assert (back.id, chain) == (second, [first, second, third, second])
    assert told(back) == told(evolved[1])  # what it says of itself stays
    with History.open(back) as history:
        gone = history.withdrawn(f"{ID}record/register/7")
        assert gone is not None
        assert any("Meeting in Lakeside" in line for line in gone.change.before)
        assert [each.kind for each in history.changes(what="record")] == ["withdrawn"]
    settle(project)
    back.quads.write_bytes(b"")
    edit(project, "entities.yaml", ("label: Lakeside", "label: Lakeside on the lake"))
    healed, chain, said = build()
    assert "what changed is told since" in said
    assert chain == [first, second, third, healed.id]
    assert set(told(healed)) == {("changed", "entity", "place/lakeside")}
    edit(project, "../kg.toml", ("http://localhost:8000/", "https://kg.example.org/x/"))
    moved, chain, _ = build()
    assert chain == [first, second, third, healed.id, moved.id]
    assert told(moved) == {}
    with History.open(moved) as history:
        there = "https://kg.example.org/x/id/"
        since = history.since(f"{there}state/transylvania")
        assert since is not None
        assert since.id == second
        gone = history.withdrawn(f"{there}claim/example/1-freedonia")
        assert gone is not None
        assert gone.change.reason.startswith("Nobody says")


def test_faults_of_what_is_withdrawn(project: Path) -> None:
    """A claim is there or withdrawn, not both; it has a reason, and leads to a claim that is."""
    row = "{id: 1-freedonia, reason: 'Nobody says who came: “ministers” only.', replaced_by: 1}"
    rows = "{id: 1, reason: a}\n  - {id: 3}\n  - {id: 4, reason: b, replaced_by: place/lakeside}"
    edit(project, "documents/example.yaml", (row, rows))
    entities = project / "seeds" / "entities.yaml"
    entities.write_text(entities.read_text("utf-8") + "place/x: {label: X, reason: c}\n")
    said = run_kg("check", project).stderr
    assert "'reason'" in said
    assert "a claim: its id in this sheet, or claim/DOCUMENT/ID" in said
    assert "'deprecated: true' or 'replaced_by' beside it" in said
    edit(project, "documents/example.yaml", ("\n  - {id: 3}\n  - {id: 4", "\n#"))
    edit(project, "entities.yaml", ("reason: c", "alt: [c]"))
    assert "duplicate id 'claim/example/1'" in run_kg("check", project).stderr
