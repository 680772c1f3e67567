"""A line of years shows what is known of each tenure, and no more."""

from __future__ import annotations

from pathlib import Path

from kg.build import pipeline
from kg.model.namespaces import PREFIXES
from kg.model.settings import Settings
from tests.conftest import graph_of
from web.app import create_app

ENTITIES = """
person/anna: {label: Anna}
post/envoy: {label: envoy}
post/mayor: {label: mayor}
post/judge: {label: judge}
tenure/envoy: {label: Anna as envoy}
tenure/mayor: {label: Anna as mayor}
tenure/judge: {label: Anna as judge}
"""
ROW = """
  - id: {0}
    label: {0}
    about: tenure/{0}
    statements:
      - {{property: holder, object: person/anna}}
      - {{property: post, object: post/{0}}}
"""
ROWS = (
    "dataset: offices\ntitle: Offices\nrecords:"
    + ROW.format("judge")
    + ROW.format("envoy") + "      - {property: end, value: 1990-05}"
    + ROW.format("mayor") + "      - {property: start, value: 1992}"
)  # fmt: skip


def test_a_tenure_with_one_date(tmp_path: Path) -> None:
    """An end alone reads "until" and is drawn at its year; without dates there is no bar."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text(ENTITIES)
    (tmp_path / "seeds" / "rows.yaml").write_text(ROWS)
    settings = Settings.load(tmp_path)
    release = pipeline.build(settings)
    graph = graph_of(release, settings, PREFIXES)
    text = create_app(settings, graph).test_client().get("/page/person/anna").text
    rows = {
        row[: row.index("</bdi>")].rpartition(">")[2]: row[: row.index("</tr>")]
        for row in text.split('<tr><th scope="row">')[1:]
    }
    assert "until May 1990" in rows["envoy"]
    assert "from 1992" in rows["mayor"]
    assert "undated" in rows["judge"]
    assert [post for post in rows if "<rect" in rows[post]] == ["mayor", "envoy"]
    assert "1990 – 1993" in text
