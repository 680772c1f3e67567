"""Check and build are of one mind: what the one passes the other accepts, what it refuses has a
place.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model.settings import Settings
from kg.ontology import Property
from kg.ontology.project import project_ontology
from tests.conftest import ROOT, run_kg

PLACED = re.compile(r"  seeds/[^ :]+:[1-9][0-9]*: .*found .*; allowed: .+")
ONTOLOGY = project_ontology(Settings.load(ROOT))
CLAIMABLE = sorted(each.name for each in ONTOLOGY.properties.values() if each.claimable)
# One thing of each type that has an address of its own, two of some, so that they can disagree.
TYPES = sorted({*ONTOLOGY.segments} - {"claim", "evidence", "record", "dataset", "document"})
ENTITIES = [f"{kind}/{name}" for kind in TYPES for name in ("a", "b")]
REFS = [*ENTITIES, "document/d", "claim/d/0", "dataset/rows", "record/rows/1"]
QUANTITY = "schema:QuantitativeValue"
QUANTITIES = [
    84, {"number": 84, "unit": "votes", "of": "for", "approximate": True}, {"number": -1.5},
    {"number": "1e30"}, {"unit": "votes"}, {"number": 3, "unit": "голоса"}, "many",
]  # fmt: skip
DATES = [
    "2015-05-12",
    "2015-05",
    "2015",
    "2014-12-31",
    "0001",
    "9999-12-31",
    "2015-02-30",
    "x",
    "2015~",
    "../2015",
    "-0043",
    "201X",
    "2015-05-12T10:00:00",
]
TEXTS = st.one_of(
    st.sampled_from(
        ["Moscow", "Сочи@ru", " ", "\u200b", "a\u202eb", "a\x0cb", "a: b", "", "x" * 1001]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)  # fmt: skip


def base() -> dict[str, Any]:
    """A sheet without a fault."""
    return {
        "document": {
            "id": "d",
            "title": "A document",
            "rights": "Restricted",
            "text": {"sha256": "0" * 64, "length": 100},
        },
        "entities": {ref: {"label": ref} for ref in ENTITIES},
        "claims": [claim(0, "place", "place/a")],
    }


def rows() -> dict[str, Any]:
    """A sheet of records without a fault."""
    row = {"id": 1, "label": "Row", "about": "visit/a", "fields": {"a": "b"}}
    return {"dataset": "rows", "title": "Rows", "records": [{**row, "statements": []}]}


def fitting(names: frozenset[str]) -> list[str]:
    """The references of a class among `names`; all where any is allowed."""
    found = [
        each for each in REFS
        if not names or names & ONTOLOGY.segments[each.partition("/")[0]].lineage
    ]  # fmt: skip
    return found or REFS


def value(declared: Property) -> st.SearchStrategy[Any]:
    match declared.kind:
        case "entity" if QUANTITY in declared.range:
            return st.sampled_from(QUANTITIES)
        case "entity":
            return st.sampled_from(fitting(declared.range))
        case "concept":
            return st.sampled_from([*ONTOLOGY.concepts(declared.scheme), "Nonsense"])
        case "date":
            return st.sampled_from(DATES)
        case "url":
            return st.sampled_from(["https://a.org/", "http://[::1/", "http://a.org/%zz", "x"])
        case "boolean":
            return st.booleans()
        case "integer" | "decimal":
            return st.sampled_from([0, -1, 3, 10**17, 10**30, 0.5, "1e400", "NaN"])
        case _:
            return TEXTS


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement that nearly keeps to the ontology."""
    declared = ONTOLOGY.properties[draw(st.sampled_from(CLAIMABLE))]
    named = declared.kind in ("entity", "concept", "url") and QUANTITY not in declared.range
    key = "object" if named else "value"
    return {
        "subject": draw(st.sampled_from(fitting(declared.domain))),
        "property": declared.name,
        key: draw(value(declared)),
    }


@st.composite
def sheets(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A sheet of a document and one of records: sound ones, with a few changes."""
    sheet, records = base(), rows()
    for number, statement in enumerate(draw(st.lists(statements(), max_size=5)), 1):
        extra = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "modality": st.sampled_from(ONTOLOGY.concepts("modality")),
                    "polarity": st.booleans(),
                    "speaker": st.sampled_from(fitting(frozenset({"Agent"}))),
                    "gloss": TEXTS,
                    "quote": TEXTS,
                    "confidence": st.sampled_from([0, 0.5, 1, 2, "1e-30"]),
                    "if": TEXTS,
                    "complete": st.booleans(),
                    "about": st.lists(st.sampled_from(REFS), max_size=2),
                    "role": TEXTS,
                    "article": st.sampled_from([1, "II", "§", "x" * 300]),
                    "julian": st.booleans(),
                },
            )
        )
        sheet["claims"].append({"id": str(number), **statement, "span": [0, number], **extra})
    records["records"][0]["statements"] += draw(st.lists(statements(), max_size=3))
    entity = sheet["entities"][draw(st.sampled_from(ENTITIES))]
    entity |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "label": TEXTS,
                "alt": st.lists(TEXTS, max_size=2),
                "note": TEXTS,
                "within": st.sampled_from(REFS),
                "lat": st.sampled_from([0, 90, 91, "1e-20"]),
                "same_as": st.just(["https://a.org/x"]),
                "deprecated": st.booleans(),
            },
        )
    )
    return sheet, records


def write(directory: Path, *parts: dict[str, Any]) -> None:
    (directory / "seeds").mkdir(exist_ok=True)
    for number, part in enumerate(parts):
        # JSON, with a line for each value, is YAML.
        (directory / "seeds" / f"{number}.yaml").write_text(
            json.dumps(part, indent=1, ensure_ascii=False), "utf-8"
        )


@given(sheets())
@settings(max_examples=20, deadline=None)
def test_one_mind(tmp_path_factory: pytest.TempPathFactory, both: tuple[Any, Any]) -> None:
    """Whatever check passes is released; whatever it refuses is named with file and line."""
    directory = tmp_path_factory.mktemp("project")
    write(directory, *both)
    checked = run_kg("check", directory)
    if checked.returncode == 0:
        built = run_kg("build", directory)
        assert built.returncode == 0, built.stderr
    else:
        head, *problems = checked.stderr.splitlines()
        assert head.endswith("found; nothing was released."), checked.stderr
        assert problems
        assert [each for each in problems if not PLACED.fullmatch(each)] == []


def claim(number: int, name: str, value: str, subject: str = "visit/a") -> dict[str, Any]:
    kind = ONTOLOGY.properties[name].kind
    key = "object" if kind in ("entity", "concept", "url") else "value"
    return {"id": str(number), "subject": subject, "property": name, key: value, "span": [0, 1]}


# What only shows in the graph as a whole, by the rule that says so, and where it is found.
WHOLE: dict[str, tuple[list[dict[str, Any]], str]] = {
    "BoundsShape-order": ([claim(1, "start", "9999"), claim(2, "end", "0001")], "claims[2]"),
    "TemporalShape-precision": ([claim(1, "datePrecision", "fortnight")], "claims[1]"),
    "EventShape-status": (
        [claim(1, "status", "Cancelled"), claim(2, "status", "Occurred")], "claims[1]"),
    "PlaceShape-within": (
        [claim(1, "within", "place/b", "place/a"), claim(2, "within", "place/a", "place/b")],
        "claims[1]"),
    "one home": ([claim(1, "dcterms:title", "Another", "document/other")], "claims[1]"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_what_only_the_whole_shows(tmp_path: Path, name: str) -> None:
    """Check and build both name the claim, in the same words."""
    claims, field = WHOLE[name]
    sheet, other = base(), base()
    sheet["claims"] += claims
    other["document"] |= {"id": "other", "title": "Another"}
    write(tmp_path, sheet, {"document": other["document"]})
    told = []
    for command in ("check", "build"):
        done = run_kg(command, tmp_path)
        assert done.returncode == 1, name
        told.append([each for each in done.stderr.splitlines() if ": found " in each])
    assert told[0] == told[1]
    assert [each for each in told[0] if not PLACED.fullmatch(each)] == []
    assert any(f" {field}: " in each for each in told[0]), told[0]


def test_what_the_release_says_of_itself(tmp_path: Path) -> None:
    """A sheet may not describe the data set that the release is."""
    write(
        tmp_path, {**base(), "entities": {**base()["entities"], "dataset/chancery": {"label": "x"}}}
    )
    for command in ("check", "build"):
        done = run_kg(command, tmp_path)
        assert done.returncode == 1
        assert re.search(
            r"seeds/0.yaml:\d+: entities.dataset/chancery: found .* release's own", done.stderr
        )


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('title = "a\\u202e"', "title: found U+202E at character 2; allowed: "),
        ('title = " "', "title: found ' '; allowed: text that can be seen"),
        ('licence = "free"', "licence: found 'free'; allowed: an http(s) IRI"),
        ('[sources]\nvisits = "nowhere"', "nowhere does not exist"),
        ('[sources]\nvisits = "seeds"', "has no data/*.xml"),
        ('[sources]\nvistis = "seeds"', "'vistis'"),
    ],
)
def test_what_the_settings_say(tmp_path: Path, setting: str, told: str) -> None:
    """Settings that a build would refuse are refused by check, in the same words."""
    write(tmp_path, base())
    (tmp_path / "kg.toml").write_text(setting + "\n")
    ends = [run_kg(command, tmp_path) for command in ("check", "build")]
    assert [each.returncode for each in ends] == [2, 2]
    assert ends[0].stderr.splitlines()[-1] == ends[1].stderr.splitlines()[-1]
    assert told in ends[0].stderr


def test_what_went_missing(tmp_path: Path) -> None:
    """A project that lost most of its graph is refused by check as by build."""
    write(tmp_path, {f"topic/x{number}": {"label": "x", "alt": ["y"]} for number in range(2_000)})
    assert run_kg("build", tmp_path).returncode == 0
    write(tmp_path, {"topic/x": {"label": "x"}})
    ends = [run_kg(command, tmp_path) for command in ("check", "build")]
    assert [each.returncode for each in ends] == [1, 1]
    assert all("triples; the last release had" in each.stderr for each in ends)
