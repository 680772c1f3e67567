"""The tables of a release: what they hold, in each format, against the graph and its validators."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet
import pytest
from csvw.metadata import CSVW
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from kg.build import pipeline
from kg.model.namespaces import CLM
from kg.model.settings import Settings
from kg.store import Graph, rows
from kg.store.release import Release
from tests.conftest import ROOT
from tests.notebook import shown

KINDS = ("sql", "python")  # of code in docs/tables.md
_NAMES = {"a": "=1+1", "b": "-2", "c": "＝3", "d": "+3", "e": 'plain, "=4"'}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of topics whose names a spreadsheet would reckon with."""
    directory = tmp_path_factory.mktemp("odd")
    (directory / "seeds").mkdir()
    topics = {f"topic/{slug}": {"label": name} for slug, name in _NAMES.items()}
    (directory / "seeds" / "entities.yaml").write_text(json.dumps(topics))
    return pipeline.build(Settings.load(directory))


def read(release: Release, name: str) -> list[dict[str, str]]:
    with (release.tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def schema(release: Release) -> dict[str, dict[str, object]]:
    """The description of each table, by name."""
    text = (release.tables / "csv-metadata.json").read_text("utf-8")
    return {each["url"].removesuffix(".csv"): each for each in json.loads(text)["tables"]}


def test_a_table_of_each_kind(schema: dict[str, dict[str, object]]) -> None:
    """Names are those of the classes, in the plural that the ontology gives."""
    assert {"claims", "events", "people", "places", "documents", "records-travels"} <= {*schema}
    assert not {"evidences", "sides", "visits"} & {*schema}


def test_claims_are_those_of_the_graph(release: Release, graph: Graph) -> None:
    """Each claim is a row: what it says, in which words, where they stand, whether it is so."""
    found = {each["iri"].rpartition("/id/claim/")[2]: each for each in read(release, "claims")}
    claims = rows(graph, f"SELECT ?c {{ ?c a <{CLM.Claim}> }}")
    assert {str(each["c"]).rpartition("/id/claim/")[2] for each in claims} == {*found}
    moscow = found["another-reset/9"]
    assert (moscow["property"], moscow["value"]) == ("place", "Moscow")
    assert moscow["subject_iri"].endswith("/id/visit/kerry-russia-2015-05")
    assert (moscow["quote"], moscow["start_offset"], moscow["end_offset"]) == (
        "traveled to Moscow", "65", "83",
    )  # fmt: skip
    assert (moscow["accepted"], moscow["disputed"], moscow["polarity"]) == ("false", "true", "true")
    assert moscow["stated_in"] == "Kerry in Russia for another reset"
    assert {each["accepted"] for each in found.values()} == {"true", "false"}


def test_rows_of_a_register_are_as_it_has_them(release: Release) -> None:
    (row,) = (each for each in read(release, "records-travels") if each["identifier"] == "3568")
    assert (row["locale"], row["country"], row["start_date"]) == ("Sochi", "Russia", "2015-05-12")


def test_types_are_those_of_the_data(
    release: Release, schema: dict[str, dict[str, object]]
) -> None:
    """Where all are days, numbers or yes and no, a column has that type."""
    stored = pyarrow.parquet.read_schema(release.tables / "claims.parquet")
    types = {each.name: str(each.type) for each in stored}
    assert types["start_offset"] == "int64"
    assert types["accepted"] == "bool"
    assert types["iri"] == "string"
    events = pyarrow.parquet.read_schema(release.tables / "events.parquet")
    assert str(events.field("starts_at_the_earliest").type) == "date32[day]"
    for name, table in schema.items():
        described = [each["name"] for each in table["tableSchema"]["columns"]]  # type: ignore[index]
        assert pyarrow.parquet.read_schema(release.tables / f"{name}.parquet").names == described
        count = pyarrow.parquet.read_metadata(release.tables / f"{name}.parquet").num_rows
        assert count == table["void:entities"] == len(read(release, name))


@pytest.mark.filterwarnings("always")  # by which the validator hears of faults
def test_the_schema_is_valid(release: Release, tmp_path: Path) -> None:
    """The validator of CSVW passes all tables, and sees a cell that is not what its column says."""
    described = release.tables / "csv-metadata.json"
    assert CSVW(str(described), validate=True).is_valid
    group = json.loads(described.read_text("utf-8"))
    group["tables"] = [each for each in group["tables"] if each["url"] == "claims.csv"]
    (tmp_path / "csv-metadata.json").write_text(json.dumps(group))
    claims = (release.tables / "claims.csv").read_text("utf-8")
    (tmp_path / "claims.csv").write_text(claims.replace(",65,", ",sixty-five,"), "utf-8")
    assert not CSVW(str(tmp_path / "csv-metadata.json"), validate=True).is_valid


def test_duckdb_and_pandas_read_them(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/tables.md shows of each runs in the folder of a release, and finds the visit's."""
    monkeypatch.chdir(release.directory)
    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    (query,), (code,) = (re.findall(rf"```{each}\n(.*?)```", text, re.DOTALL) for each in KINDS)
    assert duckdb.sql(query).fetchall() == [("Moscow", 1), ("Sochi", 2)]
    found = shown(code, {"pandas": pandas})
    assert "traveled to Moscow" in found


def test_pages_and_addresses(client: Client, release: Release) -> None:
    """A table is a page on its columns, CSV or Parquet as a client likes, with its schema."""

    def got(path: str, accept: str = "text/html") -> tuple[int, str, bytes, Headers]:
        with client.get(f"/tables/{path}", headers={"Accept": accept}) as response:
            return response.status_code, response.mimetype, response.data, response.headers

    listed, page = got("")[2].decode(), got("claims")[2].decode()
    assert 'href="/tables/claims"' in listed
    assert "events-spreadsheet.csv" in listed
    assert "<code>accepted</code>" in page
    kinds = {"claims.csv": "text/csv", "claims.parquet": "application/vnd.apache.parquet"}
    for name, accept in kinds.items():
        status, *_, headers = got("claims", accept)
        assert (status, headers["Location"]) == (303, f"/tables/{name}")
        assert got(name)[:3] == (200, accept, (release.tables / name).read_bytes())
    assert 'csv-metadata.json>; rel="describedby"' in got("claims.csv")[3]["Link"]
    assert got("csv-metadata.json")[:2] == (200, "application/csvm+json")
    assert got("", "application/json")[0] == 303
    assert {got(each)[0] for each in ("x", "x.csv", "..%2fx.csv")} == {404}


def test_a_spreadsheet_gets_no_formula(odd: Release) -> None:
    """Its variant has a byte order mark, and no cell that begins as a formula does."""
    plain = {each["iri"][-1]: each["label"] for each in read(odd, "topics")}
    assert plain == _NAMES
    safe = odd.tables / "topics-spreadsheet.csv"
    assert safe.read_bytes().startswith(b"\xef\xbb\xbf")
    with safe.open(encoding="utf-8-sig", newline="") as file:
        shown = {each["iri"][-1]: each["label"] for each in csv.DictReader(file)}
    for slug in "abcd":
        assert shown[slug] == f"'{_NAMES[slug]}"
    assert shown["e"] == _NAMES["e"]
