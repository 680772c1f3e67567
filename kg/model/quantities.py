"""How many or how much: a number with its unit, and of what."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """84 votes, about 1.5 million US dollars. `of` says of what, where the unit does not tell.

    Quantities of one unit and matter can be compared; others stand beside one another.
    """

    number: Decimal
    unit: str = ""
    of: str = ""
    approximate: bool = False
    language: str = field(default="en", compare=False)  # of the words

    @property
    def kind(self) -> tuple[str, str]:
        """What is counted: only quantities of one kind can disagree."""
        return self.unit, self.of

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most that it may mean; "about" allows a tenth on either side."""
        slack = abs(self.number) / 10 if self.approximate else Decimal(0)
        return self.number - slack, self.number + slack

    def __str__(self) -> str:
        about, of = "≈ " if self.approximate else "", f" ({self.of})" if self.of else ""
        return f"{about}{self.number:f} {self.unit}".rstrip() + of
