"""Every fact of the two documents' inventory stands in the sheets, said as the text says it."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kg.model.facts import Claim
from kg.ontology import Ontology
from kg.sheets.read import load_sheets

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "seeds"
TEXTS = {
    "another-reset": "000_d890dd2b1e12015b.txt",
    "csis-kerry-in-russia": "003_09369625edd0c38c.txt",
}
SLUGS = {"D1": "another-reset", "D2": "csis-kerry-in-russia"}

# The inventory's modalities where the scheme has another word for them.
MODALITIES = {
    "hedged": "Reported",
    "claimed": "Attributed",
    "inferred": "Opinion",
    "counterfactual": "Hypothetical",
    "potential": "Hypothetical",
    "presupposed": "Asserted",
    "negated": "Asserted",
}
# Where the scheme says it more exactly than the inventory does: a hope is no statement, "willing to
# meet" is no meeting, and what is said for one case only is conditional.
FINER = {25: "Hoped", 26: "Hoped", 101: "Intended"}
# Facts that the inventory does not have are numbered from here.
FURTHER = 117
# Who speaks, by the inventory's words; `doc` is the document itself, which needs no speaker.
SPEAKERS = {
    "doc": {None},
    "anonymous State Department official": {"unnamed-source/state-department-official"},
    "American officials": {"unnamed-source/american-officials"},
    "Florian Sohnke": {"person/florian-sohnke"},
    "Barack Obama": {"person/barack-obama"},
    "John Kerry": {"person/john-kerry"},
    "unspecified": {
        "unnamed-source/accusers-over-chlorine",
        "unnamed-source/observers-of-eastern-ukraine",
    },
}
# Facts of the two documents that say the same thing (each pair: one of D1, one of D2).
AGREEMENTS = [
    (13, 67), (11, 68), (12, 68), (18, 84), (28, 86), (36, 70), (41, 89), (27, 80), (42, 73),
    (16, 102),
]  # fmt: skip

# The end of a sentence or of a line; "U.S." ends neither.
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!U\.S\.)[”’)]?\s+|\n+")

needs_inventory = pytest.mark.skipif(
    not (SHARED / "inventory.tsv").is_file(), reason=f"no inventory of facts in {SHARED}"
)


@dataclass(frozen=True)
class Fact:
    number: int
    document: str
    start: int
    end: int
    modality: str
    speaker: str


def inventory() -> list[Fact]:
    """The facts of the inventory that have a passage."""
    if not (SHARED / "inventory.tsv").is_file():
        return []
    with (SHARED / "inventory.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Fact(
            number=int(row["n"]),
            document=SLUGS[row["doc"]],
            start=int(row["start"]),
            end=int(row["end"]),
            modality=row["modality"],
            speaker=row["speaker"],
        )
        for row in rows
        if row["start"]
    ]


@pytest.fixture(scope="module")
def claims() -> Mapping[str, tuple[Claim, ...]]:
    """The claims of each sheet, by the document's slug."""
    sheets = load_sheets(ROOT / "seeds", Ontology.load(ROOT / "ontology"))
    return {
        sheet.document.ref.slug: tuple(each.claim for each in sheet.claims)
        for sheet in sheets.documents
    }


@pytest.fixture(scope="module")
def by_fact(claims: Mapping[str, tuple[Claim, ...]]) -> Mapping[int, list[Claim]]:
    """The claims of each fact: those whose id starts with its number."""
    found = defaultdict(list)
    for slug in TEXTS:
        for claim in claims[slug]:
            found[int(claim.id.partition("-")[0])].append(claim)
    return found


def left_out() -> Mapping[int, str]:
    return yaml.safe_load((ROOT / "seeds/left-out.yaml").read_text(encoding="utf-8"))


@needs_inventory
@pytest.mark.parametrize("fact", inventory(), ids=lambda fact: f"fact-{fact.number}")
def test_fact_is_claimed(fact: Fact, by_fact: Mapping[int, list[Claim]]) -> None:
    """A fact has claims in its own document, inside its passage, as firm and by whom it says."""
    assert by_fact[fact.number], f"no claim of fact {fact.number}"
    for claim in by_fact[fact.number]:
        assert claim.source.slug == fact.document
        (start, end), *_ = [each.span for each in claim.passages if each.span]
        assert fact.start <= start < end <= fact.end
        firm = MODALITIES.get(fact.modality, fact.modality.capitalize())
        expected = "Conditional" if claim.condition else FINER.get(fact.number, firm)
        assert claim.modality == expected
        assert {*(claim.speakers or [None])} <= SPEAKERS[fact.speaker]
        # `excludesScope` is itself a negation: what it states is what the text denies.
        denied = fact.modality == "negated" and claim.statement.property != "excludesScope"
        assert claim.polarity is not denied


@needs_inventory
def test_inventory_is_complete(by_fact: Mapping[int, list[Claim]]) -> None:
    """The 116 facts are all claimed but those left out."""
    known = [number for number in by_fact if number < FURTHER]
    assert sorted([*known, *left_out()]) == list(range(1, FURTHER))


def test_left_out_facts_have_reasons() -> None:
    """At most five facts are left out, each with a sentence that says why."""
    assert 0 < len(left_out()) <= 5
    assert all(reason.endswith(".") and len(reason.split()) > 5 for reason in left_out().values())


@pytest.mark.parametrize("slug", [*TEXTS, "may-2015"])
def test_claims_are_structured(slug: str, claims: Mapping[str, tuple[Claim, ...]]) -> None:
    """At most a third of a sheet's claims fall back on `clm:assessment`."""
    loose = [each.id for each in claims[slug] if each.statement.property == "assessment"]
    assert len(loose) * 3 <= len(claims[slug]), loose


@pytest.mark.parametrize(("one", "other"), AGREEMENTS, ids=str)
def test_agreeing_facts_are_one_statement(
    one: int, other: int, by_fact: Mapping[int, list[Claim]]
) -> None:
    """Where both documents say the same, they say it as the same subject, property and value."""
    first = {each.statement for each in by_fact[one] if each.polarity}
    assert first & {each.statement for each in by_fact[other] if each.polarity}


@pytest.mark.parametrize("slug", TEXTS)
def test_quotes_are_short_and_true(slug: str, claims: Mapping[str, tuple[Claim, ...]]) -> None:
    """A restricted text is quoted by at most 12 words, within the passage, never by a sentence."""
    path = SHARED / TEXTS[slug]
    if not path.is_file():
        pytest.skip(f"no text {path}")
    text = path.read_bytes().decode("utf-8")
    sentences = {words(each) for each in SENTENCE_END.split(text) if "." in each}
    for claim in claims[slug]:
        for span, quote, _ in claim.passages:
            assert quote is not None
            assert span is not None
            assert len(quote.split()) <= 12, claim.id
            assert quote in text[slice(*span)], claim.id
            assert words(quote) not in sentences, claim.id


@pytest.mark.parametrize("slug", TEXTS)
def test_own_words_are_not_the_text(slug: str, claims: Mapping[str, tuple[Claim, ...]]) -> None:
    """Glosses and assessments are ours: none repeats five words in a row of a restricted text."""
    path = SHARED / TEXTS[slug]
    if not path.is_file():
        pytest.skip(f"no text {path}")
    theirs = runs(words(path.read_bytes().decode("utf-8")))
    for claim in claims[slug]:
        if claim.statement.property == "assessment":
            assert not runs(words(str(claim.statement.value[0]))) & theirs, claim.id
        if claim.gloss is not None:
            assert not runs(words(claim.gloss.value)) & theirs, claim.id


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def runs(sequence: tuple[str, ...], length: int = 5) -> set[tuple[str, ...]]:
    return {sequence[i : i + length] for i in range(len(sequence) - length + 1)}
