"""The allow-list without our server: each failure is the engine's own, for the reason given."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.w3c import comparing
from tests.w3c import suites as manifests
from tests.w3c.allowed import ALLOWED, Reason
from tests.w3c.conftest import SUITES
from tests.w3c.graphs import FORMATS
from tests.w3c.suites import Case, path_of
from tests.w3c.test_queries import MANIFESTS, bag

XSD = {"xsd": "http://www.w3.org/2001/XMLSchema#"}


@pytest.fixture(scope="module")
def cases(suites: Path) -> dict[str, Case]:
    return {each.name: each for path in MANIFESTS for each in manifests.cases(SUITES / path)}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_engine_alone_fails_too(name: str, cases: dict[str, Case]) -> None:
    """Oxigraph, asked directly over the test's own files, does not pass the test either."""
    assert not passes(cases[name]), "the engine passes this: the failure is ours"


@pytest.mark.parametrize("reason", dict.fromkeys(ALLOWED.values()), ids=lambda reason: reason.text)
def test_each_reason_holds(reason: Reason) -> None:
    """What is said of the engine is so: it answers a small question about it as described."""
    store = ox.Store()
    data = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in XSD.items()) + reason.data
    store.load(data, format=ox.RdfFormat.TRIG)
    if reason.refused:
        with pytest.raises(SyntaxError):
            store.query(reason.question, prefixes=XSD)
    else:
        assert bool(store.query(reason.question, prefixes=XSD)) is True


def test_the_engine_alone_passes_others(cases: dict[str, Case]) -> None:
    """The judge can say yes: the first test of each allowed one's suite that is not allowed."""
    folders = {name.partition("/")[0] for name in ALLOWED}
    for folder in folders:
        of_folder = (
            each for name, each in cases.items()
            if name.startswith(f"{folder}/") and name not in ALLOWED
        )  # fmt: skip
        case = next(of_folder)
        assert passes(case), case.name


def passes(case: Case) -> bool:
    """Whether Oxigraph answers as the suite expects, with the test's data as it names it."""
    store = ox.Store()
    for iri in (*case.data, *case.graphs):
        path = path_of(iri)
        graph = ox.NamedNode(iri) if iri in case.graphs else ox.DefaultGraph()
        store.load(path=str(path), format=FORMATS[path.suffix], base_iri=iri, to_graph=graph)
    try:
        results = store.query(path_of(case.query).read_text("utf-8"), base_iri=case.query)
    except SyntaxError:
        return case.kind.startswith("NegativeSyntaxTest")
    if "SyntaxTest" in case.kind:
        return case.kind.startswith("PositiveSyntaxTest")
    assert case.result is not None
    path = path_of(case.result)
    if case.kind == "CSVResultFormatTest":
        content = results.serialize(format=ox.QueryResultsFormat.CSV).decode()
        return bag(content) == bag(path.read_text())
    if isinstance(results, ox.QueryTriples):
        return comparing.same_graph(results, comparing.read_graph(path))
    content = results.serialize(format=ox.QueryResultsFormat.JSON)
    found = comparing.rows_of(content, ox.QueryResultsFormat.JSON)
    expected = comparing.read_results(path)
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    return comparing.same_rows(found, expected, lax=case.lax)
