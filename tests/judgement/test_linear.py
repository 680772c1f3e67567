"""Twice the claims take twice the work and twice the triples, however many meet in one slot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from kg.judgement.judge import judge
from kg.judgement.quads import map_judgement
from kg.judgement.world import World
from kg.model.facts import Claim, Concept, Date, Ref, Statement, Value
from kg.model.iris import Minter
from kg.model.resources import resource
from kg.model.terms import Terms
from kg.ontology import Ontology

TERMS = Terms(Minter("https://example.org/"), Ontology.load(resource("ontology")).iris)
WORLD = World(
    functional={"place", "onDate"},
    evaluating={"assessment"},
    reasons={"cause"},
    converse={"effect": "cause"},
    incompatible={"topic": ("excludesScope",), "excludesScope": ("topic",)},
    within={Ref(f"place/p{n}"): Ref(f"place/region-{n % 7}") for n in range(5000)},
    derived={Ref("document/d0"): tuple(Ref(f"document/d{n}") for n in range(1, 40))},
)
SUBJECT = Ref("visit/v")


def one(number: int, name: str, value: Value, **more: object) -> Claim:
    """A claim of a document of its own on the one subject."""
    source = Ref(f"document/d{number}")
    claim = Claim(source=source, id="1", statement=Statement(SUBJECT, name, value))
    return replace(claim, **more)  # type: ignore[arg-type]


def place(number: int) -> Ref:
    return Ref(f"place/p{number}")


# How the claims of one slot look, by what makes them many: the number of a claim gives it.
SLOTS: dict[str, Callable[[int], Claim]] = {
    "all differ": lambda n: one(n, "place", place(n)),
    "all agree": lambda n: one(n, "place", place(1)),
    "coarser": lambda n: one(n, "place", place(n) if n % 2 else Ref(f"place/region-{n % 7}")),
    "dates": lambda n: one(n, "onDate", Date(f"{1000 + n % 1000:04}")),
    "denials": lambda n: one(n, "place", place(n // 2), polarity=bool(n % 2)),
    "lists": lambda n: one(n // 4, "imposedBy", Ref(f"state/s{n}"), complete=True),
    "same lists": lambda n: one(n // 4, "imposedBy", Ref(f"state/s{n % 4}"), complete=True),
    "causes": lambda n: one(n, "cause", Ref(f"event/e{n}")),
    "effects": lambda n: one(n, "effect", Ref("event/e")),
    "exclusions": lambda n: one(n, "topic" if n % 2 else "excludesScope", Ref(f"topic/t{n // 2}")),
    "doubts": lambda n: one(
        n, "effect", Ref(f"event/e{n // 2}"), modality=Concept("Hoped" if n % 2 else "Unlikely")
    ),
    "plans": lambda n: one(
        n, "place", place(n), modality=Concept("Planned" if n % 2 else "Asserted")
    ),
    "within one source": lambda n: one(1, "place", place(n)),
}


def spent(claims: Iterable[Claim]) -> tuple[int, int]:
    """How many calls a judgement takes, and how many triples it makes."""
    found = list(claims)
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        verdict = judge(found, WORLD)
    finally:
        sys.setprofile(before)
    return calls, len({*map_judgement(verdict, {}, TERMS, "https://example.org/status")})


@pytest.mark.parametrize("slot", SLOTS)
def test_twice_the_claims(slot: str) -> None:
    """Ids within a source differ, so that no two claims are one."""
    small, large = (
        spent([replace(SLOTS[slot](number), id=str(number)) for number in range(size)])
        for size in (300, 600)
    )
    assert large[0] <= 2.3 * small[0], "calls"
    assert large[1] <= 2.1 * small[1], "triples"
