"""`import kg`: what docs/python.md, the docstrings and the notebook show is what comes."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

import kg
from kg.api import claims, graph, rows, values
from kg.store.release import Release
from tests.conftest import ROOT
from tests.notebook import outputs

VISIT = "http://localhost:8000/id/visit/kerry-russia-2015-05"
PLACE = "https://w3id.org/chancery/ns#place"
ONE = (
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * { VALUES (?a ?b ?c ?d ?e) { "
    "(1.5 true '2015'^^xsd:gYear '-0044-03-15'^^xsd:date 'x'@en) (<x:y> 2e0 UNDEF 3 'z') } }"
)


@pytest.fixture(scope="module")
def opened(release: Release, project: Path) -> Iterator[kg.Graph]:
    assert release.id
    with kg.open(project) as found:
        yield found


@pytest.mark.parametrize("module", [claims, graph, rows, values], ids=lambda each: each.__name__)
def test_docstrings(module: object, opened: kg.Graph) -> None:
    names = {**vars(module), "graph": opened}  # type: ignore[arg-type]
    assert doctest.testmod(module, extraglobs=names).failed == 0  # type: ignore[arg-type]


def test_docs(opened: kg.Graph, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block of docs/python.md prints what stands below it."""
    monkeypatch.chdir(project)
    names: dict[str, object] = {}
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    for code, printed in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(code, names)  # noqa: S102 - the docs' own
        assert said.getvalue() == printed


def test_notebook(opened: kg.Graph, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells show what they are kept with."""
    monkeypatch.chdir(project)
    found = list(outputs(ROOT / "docs" / "examples" / "claims.ipynb"))
    assert len(found) > 3
    for kept, shown in found:
        assert shown == kept


def test_project_release_and_endpoint_answer_alike(
    opened: kg.Graph, release: Release, server: str
) -> None:
    """A release by its directory, a site and its endpoint say what the project says."""
    told = list(opened.claims(about=VISIT, property=PLACE))
    assert len(told) == 4
    with kg.open(release.directory) as one:
        assert list(one.claims(about=VISIT, property=PLACE)) == told
    for url in (f"{server}/", f"{server}/sparql"):
        remote = kg.open(url)
        assert list(remote.claims(about=VISIT, property=PLACE)) == told
        assert list(remote.rows(ONE)) == list(opened.rows(ONE))
        assert remote.ask(f"ASK {{ <{VISIT}> ?p ?o }}")
        assert remote.tables() == opened.tables()
        assert isinstance(remote.triples(f"DESCRIBE <{VISIT}>"), rdflib.Graph)
        with pytest.raises(kg.Error, match="column 11"):
            remote.rows("SELECT * {")
    with pytest.raises(kg.Error, match="column 11"):
        opened.rows("SELECT * {")
    with pytest.raises(KeyError):
        opened.claim(VISIT)


def test_frames(opened: kg.Graph) -> None:
    """Both kinds of frames have the columns, and the same values."""
    found = opened.rows("SELECT ?x ?y { VALUES (?x ?y) { (1 'one') (2 UNDEF) } }")
    pandas, polars = found.to_pandas(), found.to_polars()
    assert list(pandas.columns) == polars.columns == ["x", "y"]
    assert pandas["x"].tolist() == polars["x"].to_list() == [1, 2]
    assert polars["y"].to_list() == ["one", None]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(kg.Error, match="kg build"):
        kg.open(tmp_path)
    with pytest.raises(kg.Error, match="does not answer"):
        kg.open("http://127.0.0.1:9/").ask("ASK {}")
    with pytest.raises(AttributeError):
        kg.nothing  # noqa: B018
