"""Names that terms had before are understood, in sheets and in queries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import run_kg
from tests.sheets.test_expressions import ask, project

COUNTED = {"property": "quantity", "value": {"number": 84, "unit": "voix"}, "quote": "84 voix"}


def test_a_sheet_may_use_a_former_name(tmp_path: Path) -> None:
    """The check says what the property is called now, and has nothing against it."""
    done = run_kg("check", project(tmp_path, COUNTED))
    assert done.returncode == 0, done.stderr
    assert (
        "note: seeds/d.yaml:26: claims[0].property: quantity is dcterms:extent now" in done.stdout
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "?a clm:quantity ?b FILTER(STRENDS(STR(?a), 'vote'))",
        "?a <https://w3id.org/chancery/claims#quantity> ?b FILTER(STRENDS(STR(?a), 'vote'))",
        "?c dip:statedIn/a dip:Document ; dip:polarity true ; rdf:subject ?a ; rdf:object ?b",
    ],
)
def test_a_query_may_use_former_names(tmp_path: Path, pattern: str) -> None:
    """As a whole IRI or by a prefix; those of 0.2 that the base has now, too."""
    found = ask(project(tmp_path, COUNTED), f"SELECT ?a ?b {{ {pattern} }}")
    assert ["event/vote", "quantity/84-voix"] in [row[:2] for row in found]


def test_a_prefix_of_the_query_counts(tmp_path: Path) -> None:
    """What a query calls otherwise is not taken for a term of ours."""
    query = """PREFIX clm: <http://example.org/> PREFIX c: <https://w3id.org/chancery/claims#>
        SELECT (COUNT(?a) AS ?n) { { ?a clm:quantity ?b } UNION { ?c c:quantity ?d } }"""
    built = run_kg("build", project(tmp_path, COUNTED))
    assert built.returncode == 0, built.stderr
    done = run_kg("query", "-", "-d", tmp_path, "--format", "csv", stdin=query)
    assert done.stdout.split() == ["n", "0"], done.stderr
