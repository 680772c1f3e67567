"""The generated graph: a benchmark that measures nonsense measures nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.generate import HUB_PERSON, HUB_TOPIC, quads
from kg.build.validate import validate
from kg.model.resources import resource
from kg.ontology import Ontology
from kg.store.embedded.load import load_store

LINES = list(quads(6_000))


def test_the_same_size_gives_the_same_bytes() -> None:
    """Two runs agree, and the size asked for is reached by less than one visit more."""
    assert list(quads(6_000)) == LINES
    assert 6_000 <= len(LINES) < 6_100


def test_every_triple_has_one_home() -> None:
    """No triple stands in two graphs, as in a real release."""
    triples = [each.rsplit(" ", 2)[0] for each in LINES]
    assert len(set(triples)) == len(triples)


def test_it_is_sound(tmp_path: Path) -> None:
    """The generated graph satisfies every shape of the ontology."""
    (tmp_path / "graph.nq").write_text("\n".join(LINES) + "\n", "utf-8")
    load_store(tmp_path / "graph.nq", tmp_path / "store")
    validate(tmp_path / "store", Ontology.load(resource("ontology")))


def test_it_has_hubs_and_contradictions() -> None:
    """Hubs are linked from everywhere, and some claims contradict one another."""
    visits = sum("/id/visit/" in each[:40] and "/ns#Visit> " in each for each in LINES)
    topics = sum(
        f"/id/{HUB_TOPIC}> <http://localhost:8000/graph/accepted>" in each for each in LINES
    )
    assert topics == visits > 50
    assert sum("ns#traveller>" in each and f"/{HUB_PERSON}>" in each for each in LINES) > 5
    assert any("/claims#Disagreement> " in each for each in LINES)
    assert any('/claims#independentSources> "2"' in each for each in LINES)
