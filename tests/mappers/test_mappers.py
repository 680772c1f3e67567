"""Each mapper's cases: a folder of sheets beside the N-Quads that must come of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build.gather.contributed import Reading
from kg.build.gather.known import world
from kg.build.pipeline import harvester_of
from kg.judgement.judge import judge
from kg.judgement.quads import map_judgement
from kg.mappers import Mapper
from kg.model.facts import Claim, Document, Entity, Record
from kg.model.iris import Minter
from kg.model.rdf import line
from kg.model.resources import resource
from kg.ontology import Ontology
from kg.sheets.read import load_sheets

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.nq"))
KINDS = {"entity": Entity, "document": Document, "claim": Claim, "record": Record}


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(resource("ontology"))


def lines_of(case: Path, ontology: Ontology) -> list[str]:
    """What the mapper that the case is filed under makes of the case's sheets."""
    sheets = load_sheets(case, ontology)
    mapper = Mapper.of(ontology, Minter("https://example.org/"))
    harvester = harvester_of(mapper, sheets, ontology)
    facts = list(sheets.facts())
    lines: set[str] = set()
    kind = case.parent.name
    if kind == "judge":
        harvest = harvester.gather(Reading("sheets", case.name, sheets, facts), lines.update)
        known = world(sheets, harvest, ontology)
        quads = map_judgement(
            judge(harvest.claims, known), known.decisions, mapper.terms, mapper.status
        )
        return sorted(set(map(line, quads)))
    chosen = [each for each in facts if isinstance(each, KINDS[kind])]
    harvester.gather(Reading("sheets", case.name, sheets, chosen), lines.update)
    return sorted(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, ontology: Ontology) -> None:
    """The sheets of a case become exactly its N-Quads."""
    expected = (case / "expected.nq").read_text("utf-8").splitlines()
    assert lines_of(case, ontology) == expected


def test_every_mapper_has_cases() -> None:
    """A mapper without a case would go unnoticed."""
    assert {case.parent.name for case in CASES} == {*KINDS, "judge"}
