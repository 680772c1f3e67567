"""What a sheet can say beyond a plain statement: counts, parts, articles, dates, languages."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Done, run_kg

WORDS = "Le traité fut signé par 84 voix contre 31, peut-être en 1812, à l’initiative de Mme Rey."
ENTITIES = {
    "agreement/pact": {"label": "Le pacte"},
    "event/vote": {"label": "Le vote", "alt": ["The vote@en"]},
    "person/rey": {"label": "Anne Rey"},
    "person/guy": {"label": "Paul Guy"},
    "topic/canals": {"label": "Canaux"},
}


def project(directory: Path, *claims: dict[str, Any], **head: Any) -> Path:
    """A French document with these claims, its text at hand."""
    sheet = {
        "document": {
            "id": "d",
            "title": "Le traité",
            "language": "fr",
            "rights": "Libre",
            "text": {
                "sha256": hashlib.sha256(WORDS.encode()).hexdigest(),
                "length": len(WORDS),
            },
            **head,
        },
        "entities": ENTITIES,
        "claims": [
            {"id": str(number), "subject": "event/vote", "quote": "signé", **each}
            for number, each in enumerate(claims, 1)
        ],
    }
    for folder in ("seeds", "texts"):
        (directory / folder).mkdir()
    (directory / "seeds/d.yaml").write_text(yaml.safe_dump(sheet, sort_keys=False), "utf-8")
    (directory / "texts/d.txt").write_text(WORDS, "utf-8")
    (directory / "kg.toml").write_text('texts = "texts"\n')
    return directory


def ask(directory: Path, pattern: str) -> list[list[str]]:
    """The rows of a query on the release of the project."""
    built: Done = run_kg("build", directory)
    assert built.returncode == 0, built.stderr
    query = f"BASE <http://localhost:8000/id/> SELECT * WHERE {{ {pattern} }}"
    done = run_kg("query", "-", "-d", directory, "--format", "csv", stdin=query)
    assert done.returncode == 0, done.stderr
    names, *rows = csv.reader(io.StringIO(done.stdout))
    shown = [[each.removeprefix("http://localhost:8000/id/") for each in row] for row in rows]
    return [[value for _, value in sorted(zip(names, row, strict=True))] for row in shown]


def test_a_quantity(tmp_path: Path) -> None:
    """A number with its unit is a node that says both, and of what, and whether it is estimated."""
    counted = {"number": 84, "unit": "voix", "of": "pour", "approximate": True}
    project(tmp_path, {"property": "quantity", "value": counted, "quote": "84 voix"})
    assert ask(
        tmp_path,
        """<event/vote> dcterms:extent ?a . ?a a schema:QuantitativeValue ; rdfs:label ?b ;
           schema:value ?c ; schema:unitText ?d ; schema:valueReference ?e ;
           schema:measurementTechnique ?f
           BIND(LANG(?b) AS ?g)""",
    ) == [
        ["quantity/84-about-voix-pour", "≈ 84 voix (pour)", "84", "voix", "pour", "estimate", "fr"]
    ]


def test_a_number_alone_is_a_quantity(tmp_path: Path) -> None:
    project(tmp_path, {"property": "quantity", "value": 1.5})
    assert ask(tmp_path, "<event/vote> dcterms:extent ?a . ?a rdfs:label ?b") == [
        ["quantity/1.5", "1.5"]
    ]


def test_a_role(tmp_path: Path) -> None:
    """As what somebody took part is a participation, as firm as the claim, with its evidence."""
    part = {"property": "participant", "object": "person/rey", "role": "initiatrice"}
    project(tmp_path, part, part | {"subject": "event/vote", "id": "x", "modality": "Opinion"})
    assert ask(
        tmp_path,
        """?a a dip:Participation ; dip:partOf <event/vote> ; dip:participant <person/rey> ;
           schema:roleName ?b . ?c rdf:subject ?a ; rdf:predicate schema:roleName ; clm:modality ?d
           BIND(LANG(?b) AS ?e)""",
    ) == [
        [
            "participation/event/vote/person/rey",
            "initiatrice",
            f"claim/d/{claim}",
            f"https://w3id.org/chancery/claims#{modality}",
            "fr",
        ]
        for claim, modality in (("1-role", "Asserted"), ("x-role", "Opinion"))
    ]


def test_an_article(tmp_path: Path) -> None:
    """What an article of an agreement says is said of the article, which is part of it."""
    project(
        tmp_path,
        {"subject": "agreement/pact", "article": 3, "property": "topic", "object": "topic/canals"},
    )
    assert ask(
        tmp_path, "?a dip:topic ?b ; a schema:Legislation ; dip:partOf ?c ; rdfs:label ?d"
    ) == [["article/pact/3", "topic/canals", "agreement/pact", "Article 3"]]


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ({"value": "1812"}, "gYear"),
        ({"value": "-0043-03"}, "gYearMonth"),
        ({"value": "1812~"}, "EDTF"),
        ({"value": "../1812-06"}, "EDTF"),
        ({"value": "181X"}, "EDTF"),
        ({"value": "1812-06-24T15:30:00"}, "dateTime"),
        ({"value": "1812-06-12", "julian": True}, "julianDate"),
    ],
    ids=str,
)
def test_a_date(tmp_path: Path, value: dict[str, Any], datatype: str) -> None:
    """Before, about, unknown digits, centuries before Christ, the time of day, the old calendar."""
    project(tmp_path, {"property": "onDate", **value})
    ((found, kind),) = ask(
        tmp_path, "<claim/d/1> rdf:object ?a BIND(REPLACE(STR(DATATYPE(?a)), '.*[#/]', '') AS ?b)"
    )
    assert (found, kind) == (value["value"], datatype)


def test_its_words_are_in_its_language(tmp_path: Path) -> None:
    """Nothing of a French sheet is English but what says so."""
    project(
        tmp_path,
        {
            "property": "assessment",
            "value": "Il est court.",
            "gloss": "En bref.",
            "if": "S’il vaut.",
        },
        {"property": "assessment", "value": "It is short.@en", "gloss": "In short.@en"},
        {"property": "assessment", "value": "Il est bon.", "gloss": "Écrire à rey@example.org."},
    )
    found = ask(
        tmp_path,
        """GRAPH ?a { ?b ?c ?d FILTER(LANG(?d) = "en") }
           FILTER(STRENDS(STR(?a), "document/d") || CONTAINS(STR(?b), "event/vote"))""",
    )
    assert {row[3] for row in found} == {"The vote", "It is short.", "In short."}
    assert [
        row[1] for row in ask(tmp_path, "?b dcterms:abstract ?c FILTER(CONTAINS(?c, '@'))")
    ] == ["Écrire à rey@example.org."]


def test_who_is_who_has_evidence(tmp_path: Path) -> None:
    """That somebody is who another data set has can rest on a passage."""
    iri = "https://www.wikidata.org/entity/Q42"
    project(
        tmp_path,
        {
            "subject": "person/rey",
            "property": "skos:exactMatch",
            "object": iri,
            "quote": "à l'initiative de Mme Rey",
        },
    )
    assert ask(
        tmp_path,
        """<person/rey> skos:exactMatch ?a . ?b rdf:subject <person/rey> ; rdf:object ?a ;
           clm:evidence/oa:hasSelector/oa:exact ?c""",
    ) == [[iri, "claim/d/1", "à l’initiative de Mme Rey"]]


def test_a_long_quote(tmp_path: Path) -> None:
    """Of an open text more than twelve words may be quoted; of another not."""
    claim = {"property": "assessment", "value": "Court.", "quote": WORDS}
    licence = "https://creativecommons.org/licenses/by/4.0/"
    for name, head, code in (("open", {"licence": licence}, 0), ("closed", {}, 1)):
        (tmp_path / name).mkdir()
        assert run_kg("check", project(tmp_path / name, claim, **head)).returncode == code
        if code == 0:
            assert run_kg("build", tmp_path / name).returncode == 0


def test_several_speakers(tmp_path: Path) -> None:
    """Each of those who say so is named."""
    project(
        tmp_path,
        {
            "property": "topic",
            "object": "topic/canals",
            "modality": "Attributed",
            "speakers": ["person/rey", "person/guy"],
        },
    )
    assert ask(tmp_path, "<claim/d/1> clm:attributedTo ?a } ORDER BY ?a #") == [
        ["person/guy"],
        ["person/rey"],
    ]
