"""A line of years shows what is known of each tenure, and no more."""

from __future__ import annotations

import re
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
    drawn = re.findall(
        r'aria-label="([^"]*)"', text.partition('class="chart"')[2].partition("</svg>")[0]
    )
    assert drawn == ["mayor: from 1992", "envoy: until May 1990"]


HOLDERS = """
post/envoy: {label: envoy}
person/anna: {label: Anna}
person/bert: {label: Bert}
person/cleo: {label: Cleo}
tenure/anna: {label: Anna as envoy}
tenure/bert: {label: Bert as envoy}
tenure/cleo: {label: Cleo as envoy}
"""
HELD = """
  - id: {0}
    label: {0}
    about: tenure/{0}
    statements:
      - {{property: holder, object: person/{0}}}
      - {{property: post, object: post/envoy}}
      - {{property: start, value: {1}}}
      - {{property: end, value: {2}}}
"""


def test_holders_follow_one_another(tmp_path: Path) -> None:
    """How long each held a post is told in words, and when nobody on record did; a day between two
    months that are not told closer is no gap.
    """
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text(HOLDERS)
    (tmp_path / "seeds" / "rows.yaml").write_text(
        "dataset: offices\ntitle: Offices\nrecords:"
        + HELD.format("anna", "2009-01-21", "2013-02-01")
        + HELD.format("bert", "2013-03-04", "2015-05")
        + HELD.format("cleo", "2015-06", "2015-06-20")
    )
    settings = Settings.load(tmp_path)
    release = pipeline.build(settings)
    client = create_app(settings, graph_of(release, settings, PREFIXES)).test_client()
    text = client.get("/page/post/envoy").text
    table = text.partition('class="cards services"')[2].partition("</table>")[0]
    rows = [re.sub(r"<[^>]*>", " ", f"<tr{row}").split() for row in table.split("<tr")[2:]]
    assert [" ".join(row) for row in rows] == [
        "Cleo June – 20 June 2015 about 20 days",
        "Bert 4 March 2013 – May 2015 about 2 years, 2 months",
        "nobody on record 2 February – 3 March 2013 30 days",
        "Anna 21 January 2009 – 1 February 2013 4 years",
    ]
    assert "Bert: nobody on record, 30 days; 4 March 2013 – May 2015" in text
    assert client.get("/page/post/envoy/services.svg").status_code == 200
