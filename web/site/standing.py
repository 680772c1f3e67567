"""How a claim stands: the one place where modality, polarity and judgement become a word.

The words and their marks are what readers see; the colours hang on `Standing.style` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from markupsafe import escape

from kg.model.namespaces import CLM
from kg.model.rdf import Iri


@dataclass(frozen=True, slots=True)
class Standing:
    """A chip: its word, the mark before it, the class of its colour."""

    word: str
    mark: str
    style: str

    def __html__(self) -> str:
        """The mark is drawn by the style sheet, so that nobody has it read aloud."""
        return f'<span class="chip {self.style}" data-mark="{escape(self.mark)}">{self.word}</span>'


class Family(Enum):
    """The groups in which a page sets apart what it does not take as fact."""

    PLAN = "Plans and expectations"
    OPINION = "Opinions"
    EVALUATION = "Evaluations"
    ALLEGATION = "Reports and allegations"
    DENIAL = "Denials"


_FAMILY = {
    **dict.fromkeys(
        ("Expected", "Planned", "Intended", "Hoped", "Conditional", "Hypothetical", "Unlikely"),
        Family.PLAN,
    ),
    **dict.fromkeys(("Reported", "Attributed", "Alleged"), Family.ALLEGATION),
    "Opinion": Family.OPINION,
}
_LOOK = {
    Family.PLAN: ("◦", "planned"),
    Family.OPINION: ("“", "opinion"),
    Family.EVALUATION: ("“", "opinion"),
    Family.ALLEGATION: ("?", "alleged"),
    Family.DENIAL: ("¬", "denied"),
}
ACCEPTED = Standing("accepted", "✓", "accepted")
DISPUTED = Standing("disputed", "≠", "disputed")
CONTRADICTED = Standing("contradicted", "✕", "disputed")
# Asserted, reviewed, contradicted by none and still not taken over: a better value says it closer.
STATED = Standing("less exact", "≈", "stated")
DRAFT = Standing("draft", "·", "stated")


def family(modality: Iri, *, positive: bool, evaluating: bool = False) -> Family | None:
    """The group of a claim, None where its source states it as plain fact."""
    if not positive:
        return Family.DENIAL
    own = _FAMILY.get(modality.removeprefix(str(CLM)))
    return own or (Family.EVALUATION if evaluating else None)


def standing(
    modality: Iri,
    group: Family | None = None,
    *,
    accepted: bool = False,
    contradicted: bool = False,
    reviewed: bool = True,
) -> Standing:
    """How a claim of the group `group` stands, from what the graph says of it."""
    if group in (Family.DENIAL, Family.EVALUATION):
        return Standing("denied" if group is Family.DENIAL else "evaluation", *_LOOK[group])
    if group:
        return Standing(modality.removeprefix(str(CLM)).lower(), *_LOOK[group])
    if contradicted:
        return DISPUTED if accepted else CONTRADICTED
    if accepted:
        return ACCEPTED
    return STATED if reviewed else DRAFT
