"""Values of several types are ordered, whatever stands among them, by a server's child."""

from __future__ import annotations

import random

import pytest
from werkzeug.test import Client

from tests.http_client import http_client

PREFIX = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
FORMS = (
    "{0}", "{0}.5", '"19{0:02}"^^xsd:gYear', '"20{0:02}-05-12"^^xsd:date', '"{0}"', '"{0}"@en',
    '"20{0:02}-05"^^xsd:gYearMonth', '"-00{0:02}"^^xsd:gYear', "<http://example.org/{0}>",
)  # fmt: skip


@pytest.fixture(scope="module")
def live(server: str) -> Client:
    return http_client(server)


def rows(live: Client, query: str) -> list[str]:
    answer = live.post("/sparql", data={"query": PREFIX + query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True).split("\r\n")[1:-1]


@pytest.mark.parametrize("order", ["?o", "DESC(?o)", "ASC ( ?o ) ?s"])
def test_all_values_of_a_graph(live: Client, order: str) -> None:
    """Numbers, dates of all types, words and things together end no process."""
    assert len(rows(live, f"SELECT ?o ?s {{ ?s ?p ?o }} ORDER BY {order}")) > 10_000


def test_values_of_all_types(live: Client) -> None:
    """However they are shuffled; those that can be compared are in order."""
    values = [form.format(number) for number in range(11, 99) for form in FORMS]
    random.Random(4).shuffle(values)  # noqa: S311 - to shuffle, not to hide
    found = rows(live, f"SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} ORDER BY ?o")
    numbers = [each for each in found if each.replace(".", "").isdecimal() and "." in each]
    dates = [each for each in found if each.startswith("20") and "-05" in each]
    assert len(found) == len(values)
    assert numbers == sorted(numbers, key=float)
    assert dates == sorted(dates)


def test_what_is_ordered_as_before(live: Client) -> None:
    """Dates of one event after another, and counts."""
    dates = "'2015-05-12'^^xsd:date '2015'^^xsd:gYear '2014-02'^^xsd:gYearMonth"
    assert rows(live, f"SELECT ?d {{ VALUES ?d {{ {dates} }} }} ORDER BY ?d") == [
        "2014-02",
        "2015",
        "2015-05-12",
    ]
    counted = rows(live, "SELECT (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c")
    assert [int(each) for each in counted] == sorted(map(int, counted), reverse=True)
