"""What a person decided: data that outranks a rule, and can be taken back (DESIGN §2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.facts import Date, Ref, Statement, Text


@dataclass(frozen=True, slots=True)
class Decision:
    """Of a dispute, that a statement is so, or where not `holds` that it is not.

    `file` and `line` say where its row stands; deleting it takes the decision back.
    """

    statement: Statement
    holds: bool
    reason: Text
    author: str
    date: Date
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def ref(self) -> Ref:
        subject, name, _ = self.statement
        return Ref(f"decision/{subject}/{name.replace(':', '-')}")

    @property
    def slot(self) -> tuple[Ref, str]:
        return self.statement[:2]
