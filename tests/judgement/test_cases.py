"""Each rule's cases: small claims of a few sources, and exactly what the judge makes of them.

All cases of a vocabulary are built as one project: the slug of each thing begins with the name of
its case, so that none meets another's.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.build import pipeline
from kg.model.settings import Settings
from kg.ontology import Ontology
from kg.ontology.project import project_ontology
from kg.store import Graph, rows
from tests.conftest import graph_of

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("cases/*/*.yaml"))
RULES = {
    "different-values", "denial", "different-lists", "different-dates", "different-accounts",
    "changed-plan", "within-one-source", "declared", "acceptance", "independence", "decisions",
    "statuses", "speakers",
}  # fmt: skip
SEA = HERE / "pairs" / "petrel"
PREFIXES = """PREFIX clm: <https://w3id.org/chancery/claims#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
FOUND = """SELECT ?node ?kind ?about ?property ?value ?polarity ?claim ?by ?reason {
  ?node clm:kind ?kind ; clm:about ?about ; clm:onProperty ?property ; clm:side ?side .
  ?side clm:value ?value ; clm:claim ?claim
  OPTIONAL { ?side clm:polarity ?polarity } OPTIONAL { ?node clm:settledBy ?by }
  OPTIONAL { ?node <http://purl.org/dc/terms/description> ?reason } }"""
AGREED = """SELECT DISTINCT ?s ?p ?o ?n { ?side clm:independentSources ?n ; clm:claim ?claim .
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"""
DISPUTED = "SELECT ?claim { ?claim clm:disputed true }"
ACCEPTED = "SELECT ?s ?p ?o { GRAPH <http://localhost:8000/graph/accepted> { ?s ?p ?o } }"


def read(path: Path) -> dict[str, Any]:
    """A case, with its own name in the slug of each thing."""
    made: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return made


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def sheets(path: Path) -> Iterator[tuple[str, object]]:
    """The files of a case, by name."""
    case, name = read(path), name_of(path)

    def named(found: Any) -> Any:
        if isinstance(found, dict):
            return {named(key): named(value) for key, value in found.items()}
        if isinstance(found, list):
            return [named(each) for each in found]
        kind, slash, slug = str(found).partition("/")
        return (
            f"{kind}/{name}-{slug}"
            if slash and kind.replace("-", "").isalpha() and slug[:1].isalpha()
            else found
        )

    yield f"{name}.yaml", named(case["entities"])
    for document, parts in case.get("documents", {}).items():
        head = {
            "id": f"{name}-{document}",
            "title": document,
            "rights": "Made for a test.",
            "text": {"sha256": "0" * 64, "length": 9},
            **named({key: value for key, value in parts.items() if key != "claims"}),
        }
        claims = [
            {"id": str(number), "span": [0, 9], **named(each)}
            for number, each in enumerate(parts["claims"], 1)
        ]
        yield f"documents/{name}-{document}.yaml", {"document": head, "claims": claims}
    for register, parts in case.get("registers", {}).items():
        rows_of = [
            {"id": str(number), "label": "A row", **named(each)}
            for number, each in enumerate(parts["records"], 1)
        ]
        head = {"dataset": f"{name}-{register}", "title": register, **named(parts)}
        yield f"records/{name}-{register}.yaml", {**head, "records": rows_of}
    yield "decisions", named(case.get("decisions", []))


class Built:
    """The graph of all cases of a vocabulary."""

    def __init__(self, graph: Graph, ontology: Ontology) -> None:
        self.status = "".join(each.iri for each in ontology.playing("Status"))
        self.found = rows(graph, PREFIXES + FOUND)
        self.agreed = rows(graph, PREFIXES + AGREED)
        self.disputed = rows(graph, PREFIXES + DISPUTED)
        self.accepted = rows(graph, PREFIXES + ACCEPTED)

    def told(self, path: Path) -> dict[str, Any]:
        """What the graph says of one case, in the words of its file."""
        name = name_of(path)

        def short(term: Any) -> str:
            iri = str(getattr(term, "value", term))
            return iri.rpartition("/id/")[2].replace(f"{name}-", "").rpartition("#")[2]

        def own(row: Any, key: str) -> bool:
            return f"/{name}-" in str(row[key])

        found: dict[str, dict[str, Any]] = {}
        for row in (each for each in self.found if own(each, "about")):
            node = found.setdefault(
                short(row["node"]),
                {"kind": short(row["kind"]), "about": short(row["about"]), "on": set(),
                 "sides": {}, "settled": set(), "reason": None},
            )  # fmt: skip
            node["on"].add(short(row["property"]))
            side = ("not " if row.get("polarity") else "") + short(row["value"])
            node["sides"].setdefault(side, set()).add(short(row["claim"]).removeprefix("claim/"))
            if by := row.get("by"):
                node["settled"].add(short(by))
            if reason := row.get("reason"):
                node["reason"] = short(reason)
        accepted = [
            tuple(short(row[key]) for key in ("s", "p", "o"))
            for row in self.accepted
            if own(row, "s")
            and not re.search("/(prov|claims)#(?!quantity)", str(row["p"]))  # derived, or why
        ]
        status = self.status.rpartition("#")[2]
        return {
            "found": sorted(found.values(), key=lambda each: (each["about"], each["kind"])),
            "accepted": {" ".join(each) for each in accepted if each[1] != status},
            "statuses": {each[0]: each[2] for each in accepted if each[1] == status},
            "disputed": {
                short(row["claim"]).removeprefix("claim/")
                for row in self.disputed
                if own(row, "claim")
            },
            "agree": {
                " ".join(short(row[key]) for key in ("s", "p", "o")): int(short(row["n"]))
                for row in self.agreed
                if own(row, "s")
            },
        }


def build(domain: str, directory: Path) -> Built:
    """All cases of a vocabulary as one project, built."""
    if domain == "sea":
        shutil.copytree(SEA / "ontology", directory / "ontology")
        shutil.copy(SEA / "kg.toml", directory)
    else:
        (directory / "kg.toml").write_text('title = "Cases"\n', "utf-8")
    chosen = [path for path in CASES if read(path).get("domain", "diplomacy") == domain]
    decisions: list[object] = []
    for name, sheet in (each for path in chosen for each in sheets(path)):
        if isinstance(sheet, list):
            decisions += sheet
            continue
        file = directory / "seeds" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(sheet, allow_unicode=True), "utf-8")
    (directory / "seeds" / "decisions.yaml").write_text(yaml.safe_dump(decisions), "utf-8")
    settings = Settings.load(directory)
    return Built(graph_of(pipeline.build(settings), settings), project_ontology(settings))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    return lru_cache(lambda domain: build(domain, tmp_path_factory.mktemp(domain)))


def expected(path: Path) -> dict[str, Any]:
    case = read(path)
    found = [
        {
            "kind": each["kind"],
            "about": each["about"],
            "on": set(each["on"].split()),
            "sides": {str(value): set(map(str, who)) for value, who in each["sides"].items()},
            "settled": set(each.get("settled", ())),
            "reason": each.get("reason"),
        }
        for each in case.get("found", ())
    ]
    told = {key: case[key] for key in ("statuses", "agree") if key in case}
    for key in ("accepted", "disputed"):
        if key in case:
            told[key] = set(map(str, case[key]))
    return {"found": sorted(found, key=lambda each: (each["about"], each["kind"])), **told}


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_case(path: Path, built: Callable[[str], Built]) -> None:
    """What is found is exactly what the case says, and so is what else it tells."""
    told = built(read(path).get("domain", "diplomacy")).told(path)
    wanted = expected(path)
    assert {key: told[key] for key in wanted} == wanted


def test_every_rule_has_cases() -> None:
    """Several for each, and some where nothing may be found; not all of one domain."""
    by_rule = {rule: [path for path in CASES if path.parent.name == rule] for rule in RULES}
    assert {path.parent.name for path in CASES} == RULES
    assert all(len(paths) > 1 for paths in by_rule.values()), by_rule
    assert any(read(path).get("domain") for path in CASES)
    assert all(read(path)["why"] for path in CASES)
