"""Names in the language that a reader prefers, of those that the graph has; languages marked."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from kg.build import pipeline
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store import Graph
from tests.conftest import graph_of
from tests.test_another_domain import ONTOLOGY, SETTINGS
from web.app import create_app
from web.site.languages import preferred

ENTITIES = """
match/final: {label: The final, alt: ["Das Endspiel@de", "النهائي@ar"]}
ground/north: {label: North Park, alt: ["Nordpark@de", "حديقة الشمال@ar"]}
club/reds: {label: Reds, alt: ["Die Roten@de"]}
club/blues: {label: "Die Blauen@de", alt: ["Blues@en"]}
"""
TEXT = "فاز الأحمر في حديقة الشمال"
SHEET = """document:
  id: jarida
  title: نهائي الكأس
  language: ar
  rights: CC0
  licence: https://creativecommons.org/publicdomain/zero/1.0/
  text: {{sha256: {0}, length: {1}, file: jarida.txt}}
claims:
  - {{id: 1, subject: match/final, property: home, object: club/reds, quote: فاز الأحمر}}
  - {{id: 2, subject: match/final, property: venue, object: ground/north, quote: في حديقة الشمال}}
"""


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Graph]:
    """A project whose things have names in three languages, and whose document is in Arabic."""
    root = tmp_path_factory.mktemp("languages")
    for folder in ("ontology", "seeds/documents"):
        (root / folder).mkdir(parents=True)
    (root / "kg.toml").write_text(SETTINGS, "utf-8")
    (root / "ontology/ball.ttl").write_text(ONTOLOGY, "utf-8")
    (root / "seeds/entities.yaml").write_text(ENTITIES, "utf-8")
    (root / "seeds/jarida.txt").write_text(TEXT, "utf-8")
    sheet = SHEET.format(hashlib.sha256(TEXT.encode()).hexdigest(), len(TEXT))
    (root / "seeds/documents/jarida.yaml").write_text(sheet, "utf-8")
    settings = Settings.load(root)
    prefixes = project_ontology(settings).prefixes
    return settings, graph_of(pipeline.build(settings), settings, prefixes)


@pytest.fixture
def reader(bilingual: tuple[Settings, Graph]) -> FlaskClient:
    return create_app(*bilingual).test_client()


def heading(client: Client, path: str, accept: str) -> str:
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": accept}).text
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("de", '<bdi lang="de">Das Endspiel</bdi>'),
        ("de-AT, en;q=0.8", '<bdi lang="de">Das Endspiel</bdi>'),
        ("ar", '<bdi lang="ar">النهائي</bdi>'),
        ("en", '<bdi lang="en">The final</bdi>'),
        ("fr", '<bdi lang="en">The final</bdi>'),
        ("", '<bdi lang="en">The final</bdi>'),
    ],
)
def test_names_in_the_readers_language(reader: FlaskClient, accept: str, expected: str) -> None:
    """A thing goes by its name in that language, which is marked; in the project's own else."""
    assert heading(reader, "/page/match/final", accept) == expected


def test_whatever_was_read_before(reader: FlaskClient) -> None:
    """What one reader is told says nothing of what the next one is; references are named so too."""
    for accept in ("en", "de", "ar", "de", "en"):
        page = reader.get("/page/match/final", headers={"Accept-Language": accept}).text
        ground = {"en": "North Park", "de": "Nordpark", "ar": "حديقة الشمال"}[accept]
        assert f'<bdi lang="{accept}">{ground}</bdi>' in page
    german = reader.get("/page/match/final", headers={"Accept-Language": "ar"}).text
    assert '<bdi lang="en">Reds</bdi>' in german  # has no name in Arabic


def test_the_projects_own_language(bilingual: tuple[Settings, Graph]) -> None:
    """`language` says what is told where a reader prefers nothing that the graph has."""
    settings, graph = bilingual
    client = create_app(replace(settings, language="de"), graph).test_client()
    assert heading(client, "/page/club/blues", "fr") == '<bdi lang="de">Die Blauen</bdi>'
    assert heading(client, "/page/club/blues", "en") == '<bdi lang="en">Blues</bdi>'


def test_lists_and_tables_too(reader: FlaskClient) -> None:
    """Lists and their CSV have the same names as pages."""
    headers = {"Accept-Language": "de"}
    assert "Nordpark" in reader.get("/page/ground/", headers=headers).text
    assert "Nordpark" in reader.get("/page/ground/?format=csv", headers=headers).text
    assert "North Park" in reader.get("/page/ground/?format=csv").text


def test_words_from_right_to_left(reader: FlaskClient) -> None:
    """A title, a quote and a text in Arabic are marked as such, and keep to their own direction."""
    page = reader.get("/page/document/jarida").text
    assert '<h1><bdi lang="ar">نهائي الكأس</bdi></h1>' in page
    assert '<q lang="ar" dir="auto">في حديقة الشمال</q>' in page
    assert '<div class="text" lang="ar" dir="auto">' in page
    claim = reader.get("/page/claim/jarida/2").text
    assert '<q lang="ar" dir="auto">في حديقة الشمال</q>' in claim
    cited = reader.get("/cite/claim/jarida/2.txt").text
    assert "“نهائي الكأس,”" in cited
    assert "“في حديقة الشمال”" in cited


@pytest.mark.parametrize("path", ["/page/visit/kerry-russia-2015-05", "/page/place/", "/timeline"])
def test_caches_know(client: Client, path: str) -> None:
    """Each language is another representation: Vary says so, and each has a tag of its own."""
    answers = {
        accept: client.get(path, headers={"Accept": "text/html", "Accept-Language": accept})
        for accept in ("ru", "en", "ru;q=0.9, en;q=0.1", "fr-CH")
    }
    assert all("Accept-Language" in each.vary for each in answers.values())
    tags = {accept: each.headers["ETag"] for accept, each in answers.items()}
    assert tags["ru"] == tags["ru;q=0.9, en;q=0.1"]
    assert len({tags["ru"], tags["en"], tags["fr-CH"]}) == 3
    held = {"Accept": "text/html", "If-None-Match": tags["ru"]}
    again = client.get(path, headers={**held, "Accept-Language": "ru"})
    assert (again.status_code, "Accept-Language" in again.vary) == (304, True)
    assert client.get(path, headers={**held, "Accept-Language": "en"}).status_code == 200


def test_russian_names(client: Client) -> None:
    """On the seeds: people and places by their Russian names, on a live server as in the app."""
    for accept, name in (("ru", "Сочи"), ("en", "Sochi"), ("ru", "Сочи"), ("fr", "Sotchi")):
        assert name in heading(client, "/page/place/sochi", accept)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-CN-x-private", "zh-Hant"),
        ("ZH-hant", "zh-Hant"),
        ("zh", "en"),  # a lookup finds nothing longer than what was asked for
        ("de-DE-1996;q=0.3, fr;q=0.5", "fr"),
        ("fr;q=0, fr-CA", "en"),
        ("fr;q=0.5, de;q=0.5", "fr"),
        ("*", "en"),
        ("*;q=0.5, de", "de"),
        ("fr;q=1.5, de;q=0.1", "de"),
        ("de;q=x", "en"),
        ("<>, de", "de"),
        ("x-private", "en"),
        ("," * 5000, "en"),
        ("a-" * 5000, "en"),
    ],
)
def test_lookup(header: str | None, expected: str) -> None:
    """RFC 4647 §3.4, with the weights of RFC 9110 §12.5.4."""
    assert preferred(header, ["de", "fr", "zh-Hant"], "en") == expected
