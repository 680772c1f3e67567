"""What pages show of what a record's prose says: who is named, in which words, how long in post."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from tests.conftest import ROOT, graph_of
from web.app import create_app


@pytest.fixture
def small_client(small_project: Path) -> FlaskClient:
    (small_project / "ontology").symlink_to(ROOT / "ontology")
    settings = Settings.load(small_project)
    return create_app(settings, graph_of(pipeline.build(settings), settings)).test_client()


def page(client: FlaskClient, path: str) -> str:
    """The content of a page as its reader sees it."""
    main = client.get(path).text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_what_prose_attests_leads_to_its_words(small_client: FlaskClient) -> None:
    """A participant, his time in a post, and the list that has him under his family's name."""
    visit = page(small_client, "/page/visit/travels-1")
    assert re.search(
        r"Andrei Gromyko participant State Department travel register, row 1 : "
        r"Met with Foreign Minister Gromyko and Premier Tikhonov\.",
        visit,
    )
    person = page(small_client, "/page/person/andrei-gromyko")
    assert "attested 1 March – 29 September 1984" in person
    tenure = page(small_client, "/page/tenure/andrei-gromyko/russia-foreign-minister/1984")
    assert "When attested 1 March – 29 September 1984" in tenure
    assert "row 4 : Met with Soviet Foreign Minister Andrey Gromyko." in tenure
    listed = page(small_client, "/page/person/")
    assert listed.index("Fillon, Francois") < listed.index("Gromyko, Andrei")
    assert "Gromyko, Andrei" in page(small_client, "/page/person/?facet=G")
    assert "starts at the" not in visit + person + tenure  # bounds are for queries


def test_what_a_state_was_called_then(small_client: FlaskClient) -> None:
    assert re.search(
        r"Russia host in 1984: U\.S\.S\.R\.", page(small_client, "/page/visit/travels-1")
    )
