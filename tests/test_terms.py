"""Properties of the small parts that everything rests on: dates, references, N-Quads, runs."""

from __future__ import annotations

import tempfile
from datetime import date
from itertools import chain
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.build.lines.sort import SortedRuns
from kg.model.facts import Date, Ref
from kg.model.iris import parse_ref, slugify
from kg.model.rdf import Literal, Quad, line

XSD = "http://www.w3.org/2001/XMLSchema#"
iris = st.from_regex(r"https?://[a-z]{1,9}\.example/[a-zA-Z0-9._~/-]{0,20}", fullmatch=True)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
literals = st.one_of(
    words.map(Literal),
    st.tuples(words, st.sampled_from(["en", "de", "zh-Hant"])).map(
        lambda each: Literal(each[0], language=each[1])
    ),
    st.integers().map(lambda number: Literal(str(number), f"{XSD}integer")),
)
quads = st.builds(Quad, iris, iris, st.one_of(iris, literals), iris)


@given(quads)
def test_a_line_of_n_quads_reads_back(quad: Quad) -> None:
    """Any quad, whatever its words, is read by a real parser as what was written."""
    (read,) = pyoxigraph.parse(line(quad) + "\n", pyoxigraph.RdfFormat.N_QUADS)
    assert read.subject.value == quad.subject
    assert read.predicate.value == quad.predicate
    assert read.graph_name.value == quad.graph
    if isinstance(quad.object, Literal):
        assert read.object.value == quad.object.value
        # Language tags are compared without case (RDF 1.1 Concepts §3.3).
        assert (read.object.language or "").lower() == quad.object.language.lower()
    else:
        assert read.object.value == quad.object


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_real_day_is_a_date(day: date) -> None:
    """A day of the calendar is accepted, and so are its month and its year."""
    iso = day.isoformat()
    assert [Date(iso[:size]).precision for size in (4, 7, 10)] == ["year", "month", "day"]


@pytest.mark.parametrize(
    "wrong",
    [
        "1815-02-30",
        "1815-13",
        "-0000",
        "1815-21",
        "15-02-03",
        "2015-5-1",
        "2015-05-12T00:00",
        "",
        "٢٠١٥",
    ],
)
def test_what_is_no_date(wrong: str) -> None:
    """A day that never was is refused."""
    with pytest.raises(ValueError, match=r"is not YYYY|has no such"):
        Date(wrong)


@given(st.text())
def test_a_slug_is_fit_for_an_iri(name: str) -> None:
    """Whatever the name, its slug needs no escaping, and slugging it again changes nothing."""
    slug = slugify(name)
    assert slugify(slug) == slug
    if slug:
        assert parse_ref(f"place/{slug}") == Ref(f"place/{slug}")


@pytest.mark.parametrize(
    "wrong",
    [
        "place",
        "place/",
        "/sochi",
        "Place/sochi",
        "place/so chi",
        "place/../x",
        "place//x",
        "pläce/x",
    ],
)
def test_what_is_no_reference(wrong: str) -> None:
    """A reference is TYPE/SLUG and nothing that could climb or need escaping."""
    with pytest.raises(ValueError, match="is not TYPE/SLUG"):
        parse_ref(wrong)


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=5), max_size=8), st.integers(1, 6))
def test_runs_sort_and_merge(batches: list[list[str]], limit: int) -> None:
    """Spilled or not, the lines come back sorted, each once."""
    with tempfile.TemporaryDirectory() as folder:
        runs = SortedRuns(Path(folder), limit=limit)
        for batch in batches:
            runs.add(batch)
        assert "".join(chain(*runs.merged())).split() == sorted({*chain(*batches)})


def test_many_runs_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lines there are, few files are open at once."""
    monkeypatch.setattr("kg.build.lines.sort.MOST_RUNS", 3)
    runs = SortedRuns(tmp_path, limit=1)
    numbers = [f"{number:02}" for number in range(40, 0, -1)]
    for number in numbers:
        runs.add([number, "00"])
        assert len(list(tmp_path.iterdir())) <= 2 * 4  # two in each of four tiers
    assert len(runs.files()) <= 3
    assert "".join(chain(*runs.merged())).split() == ["00", *reversed(numbers)]
