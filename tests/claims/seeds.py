"""The sentences of the claims that the seeds' documents make; `python -m tests.claims.seeds` writes
the list that the test compares, from the release of the repository itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient

from kg.ask import open_graph
from kg.model.settings import Settings
from tests.conftest import ROOT
from web.app import create_app

GOLDEN = Path(__file__).parent / "sentences.tsv"
DOCUMENTS = ("another-reset", "csis-kerry-in-russia", "may-2015")
LONGEST = 160  # characters; what is longer says more of a document than we would print


def said(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Each claim and its sentence, as the tables of documents have them."""
    for each in DOCUMENTS:
        text = client.get(f"/page/document/{each}?format=csv").text
        for row in csv.DictReader(text.splitlines()):
            yield row["claim IRI"].partition("/id/claim/")[2], row["claim"]


def main() -> None:
    with open_graph(str(ROOT)) as graph:
        client = create_app(Settings.load(ROOT), graph).test_client()
        lines = [f"{ref}\t{text}\n" for ref, text in said(client) if len(text) <= LONGEST]
    GOLDEN.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
