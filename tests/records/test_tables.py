"""Tables: by a mapping beside it, a file of rows is a source."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import ROOT, run_kg

from .conftest import Ask


def block(language: str) -> str:
    """The code block of that language in the section on tables."""
    guide = (ROOT / "docs" / "sources.md").read_text("utf-8")
    section = guide[guide.index("## A table, without Python") :]
    found = re.search(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, f"docs/sources.md has no {language} block there"
    return found[1]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A project that follows the guide."""
    (tmp_path / "posts.csv").write_text(block("text"), "utf-8")
    (tmp_path / "posts.yaml").write_text(block("yaml"), "utf-8")
    (tmp_path / "kg.toml").write_text(block("toml"), "utf-8")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text("place/russia/moscow: {label: Москва@ru}\n")
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def issues(folder: Path) -> list[tuple[Any, ...]]:
    lines = Release.current(folder).issues.read_text("utf-8").splitlines()
    keys = ("file", "line", "field", "found", "reason")
    return [tuple(json.loads(line)[key] for key in keys) for line in lines]


def test_the_guide_works(table: Path, asking: Callable[[Release, Settings], Ask]) -> None:
    """Rows are events with dates, places, people and typed fields; the third is an issue."""
    assert run_kg("check", table).returncode == 0
    done = run_kg("build", table)
    assert done.returncode == 0, done.stderr
    settings = Settings.load(table)
    ask = asking(Release.current(table), settings)
    assert ask(
        "SELECT ?label ?date ?place ?person WHERE { ?event dip:onDate ?date ; rdfs:label ?label ; "
        "dip:place/rdfs:label ?place ; dip:participant/rdfs:label ?person } ORDER BY ?date ?person"
    ) == [
        ("Embassy in Moscow opened", "1933-12-13", "Москва", "Bullitt"),
        ("Embassy in Moscow opened", "1933-12-13", "Москва", "Davies"),
        ("Embassy in Nairobi opened", "1964-03-02", "Nairobi", "Attwood"),
    ]
    staff = f"{settings.base}id/field/posts/staff"
    assert ask(f"SELECT (SUM(?n) AS ?all) WHERE {{ ?row <{staff}> ?n }}") == [("1200",)]
    assert issues(table) == [
        (
            "posts.csv", 4, "opened", "02.13.1964",
            "left out; allowed: a date that exists, as dd.MM.yyyy ('1964-13-02' has no such month)",
        )
    ]  # fmt: skip
    manifest = json.loads((Release.current(table).directory / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == {"posts": 2}
    assert {"sources/posts/posts.csv", "sources/posts/posts.yaml"} <= manifest["inputs"].keys()


def rows() -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(block("text")), delimiter=";")]


def as_lines(path: Path) -> None:
    given = [
        {**row, "Envoys": [each for each in row["Envoys"].split(" / ") if each]} for row in rows()
    ]
    path.write_text("\n".join([*map(json.dumps, given), "", "[1]"]), "utf-8")


def as_tabs(path: Path) -> None:
    path.write_text(block("text").replace(";", "\t"), "utf-16")


def as_parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(rows()), path, row_group_size=1)


@pytest.mark.parametrize(
    ("name", "write", "dialect"),
    [
        ("posts.jsonl", as_lines, ""),
        ("posts.tsv", as_tabs, "dialect: {encoding: utf-16}"),
        ("posts.parquet", as_parquet, ""),
    ],
)
def test_formats_make_one_graph(
    table: Path, name: str, write: Callable[[Path], None], dialect: str
) -> None:
    """The same rows in another format are the same records."""
    found = []
    for _ in range(2):
        done = run_kg("build", table)
        assert done.returncode == 0, done.stderr
        dump = Release.current(table).dumps / "chancery.nt.gz"
        found.append(dump.read_bytes())
        write(table / name)
        edit(table / "posts.yaml", "posts.csv", name) if name not in (
            table / "posts.yaml"
        ).read_text() else None
        (table / "posts.yaml").write_text(
            (table / "posts.yaml").read_text().replace('dialect: {delimiter: ";"}', dialect)
        )
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "propertyUrl: onDate",
            "propertyUrl: palce",
            ":17: tableSchema.columns[3].propertyUrl: found 'palce'; allowed: ",
        ),
        ("valueUrl: person/{envoy}", "valueUrl: persn/{envoy}", "(did you mean 'person'?)"),
        ("{envoy}", "{envoi}", "found the column 'envoi'; allowed: "),
        ("valueUrl: person/{envoy}", "valueUrl: person/{envoy", "allowed: braces in pairs"),
        ("valueUrl: person/{envoy}", "lang: en", "allowed: participant with a valueUrl"),
        ("base: date", "base: dat", "found 'dat'; allowed: "),
        (
            "base: date, format: dd.MM.yyyy",
            "base: integer",
            "allowed: onDate with the datatype ",
        ),
        ("dd.MM.yyyy", "dd.MM.yy", "allowed: a date's format"),
        ("titles: Staff", "titles: Staf", "found no 'Staf' in posts.csv:1; allowed: "),
        ("titles: Staff", "titels: Staff", "(did you mean 'titles'?)"),
        ("primaryKey: id", "primaryKey: no", "found 'no'; allowed: "),
        ("url: posts.csv", "url: post.csv", "found 'post.csv'; allowed: a file below "),
        ("url: posts.csv", "url: posts.ods", "allowed: a file that ends in .csv"),
        ("maxBad: 0.5", "maxBad: 5", "found '5'; allowed: a share of the rows from 0 to 1"),
        ("valueUrl: person/{envoy}", "valueUrl: topic/{envoy}", "as object of participant: "),
    ],
)
def test_a_faulty_mapping_is_refused(table: Path, old: str, new: str, said: str) -> None:
    """By check and build alike, with file, line, what was found and what is allowed."""
    edit(table / "posts.yaml", old, new)
    for command in ("check", "build"):
        done = run_kg(command, table)
        assert done.returncode == 1
        assert any(
            line.startswith("  posts.yaml") and said in line for line in done.stderr.splitlines()
        ), done.stderr


@pytest.mark.parametrize(
    ("row", "issue"),
    [
        ("2;mali;Bamako;24.09.1960;3;Dean", ("id", "2, as in line 3", "each id once")),
        ("5;mali;Bamako;24.09.1960;-3;Dean", ("staff", "-3", "a number of at least 0")),
        (
            "5;mali;Bamako;24.09.1960;3.5x;Dean",
            ("staff", "3.5x", "a number of the datatype integer"),
        ),
        (";mali;Bamako;24.09.1960;3;Dean", ("id", "an empty cell", "a value")),
        ("5;mali;Bamako", ("", "3 cells", "6, as the header has")),
        (
            "5;mali;???;24.09.1960;3;",
            ("state, city", "place/mali/???", "letters or digits, for an "),
        ),
        ('5;mali;"Bama"ko;24.09.1960;3;', ("", "';' expected after '\"'", "separated values")),
        ("¿;mali;Bamako;24.09.1960;3;", ("id", "¿", "letters or digits, for an identifier")),
    ],
)
def test_a_bad_row_is_left_out(table: Path, row: str, issue: tuple[str, str, str]) -> None:
    """It is an issue with line, column, what was found and what is allowed; others stay."""
    with (table / "posts.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n6;mali;Bamako;24.09.1960;7;Dean\n")
    done = run_kg("build", table)
    assert done.returncode == 0, done.stderr
    field, found, allowed = issue
    (bad,) = (each for each in issues(table) if each[1] == 5)
    assert bad[:4] == ("posts.csv", 5, field, found)
    assert bad[4].startswith(f"left out; allowed: {allowed}")
    assert Release.current(table).manifest.counts.rows == {"posts": 3}


def test_a_row_has_its_own_words_and_page(
    table: Path, asking: Callable[[Release, Settings], Ask]
) -> None:
    """The mapping says what pages call the table, and which column and address are a row's own."""
    told = (
        "short: embassy register\nwords: city\npage: https://example.org/{state}/{id}\nmaxBad: 0.5"
    )
    edit(table / "posts.yaml", "maxBad: 0.5", told)
    assert run_kg("build", table).returncode == 0
    ask = asking(Release.current(table), Settings.load(table))
    assert ask(
        "SELECT ?short ?words ?page WHERE { ?row foaf:page ?page ; dcterms:description ?words ; "
        "dcterms:isPartOf/skos:altLabel ?short } ORDER BY ?page"
    ) == [
        ("embassy register", "Nairobi", "https://example.org/kenya/2"),
        ("embassy register", "Moscow", "https://example.org/russia/1"),
    ]


def test_a_bad_cell_alone(table: Path) -> None:
    """With `onError: cell`, the row stays without it."""
    edit(table / "posts.yaml", "propertyUrl: onDate", "onError: cell\n      propertyUrl: onDate")
    assert run_kg("build", table).returncode == 0
    (bad,) = issues(table)
    assert bad[4].startswith("left empty; allowed: a date that exists")
    assert Release.current(table).manifest.counts.rows == {"posts": 3}


def test_too_many_bad_rows_refuse_the_build(table: Path) -> None:
    """One of three is more than one of a hundred."""
    edit(table / "posts.yaml", "maxBad: 0.5\n", "")
    done = run_kg("build", table)
    assert done.returncode == 1
    assert "posts.csv: found 1 of 3 rows that cannot be taken; allowed: at most 1" in done.stderr
    assert "posts.csv:4: opened: found 02.13.1964; allowed: a date that exists" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('7;mali;"Bamako;24.09.1960', "posts.csv:5: found a quotation mark that is never closed"),
        ("7;mali;Bam\udcff", "posts.csv:5: found byte 0xff; allowed: utf-8; dialect: encoding"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end(table: Path, text: str, said: str) -> None:
    """Is refused as a whole: what follows would be lost in silence."""
    with (table / "posts.csv").open("ab") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
    done = run_kg("build", table)
    assert done.returncode == 1
    assert said in done.stderr


def test_parts_of_a_large_file_make_one_graph(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However a file is cut, rows with line breaks within cells included."""
    with (table / "posts.csv").open("a", encoding="utf-8") as file:
        for number in range(10, 90):
            file.write(f'{number};mali;"Bama\nko";24.09.1960;{number};Dean\n')
        file.write("12;mali;Bamako;24.09.1960;3;Dean\n")
    found = []
    for size in (4 << 20, 100):
        monkeypatch.setattr("kg.registers.table.rows._BLOCK", size)
        done = run_kg("build", table)
        assert done.returncode == 0, done.stderr
        release = Release.current(table)
        found.append((release.id, issues(table), release.manifest.counts.rows))
    assert found[0] == found[1]
    assert found[0][2] == {"posts": 82}
    assert ("posts.csv", 165, "id", "12, as in line 9", "left out; allowed: each id once") in found[
        0
    ][1]
