"""What a person decided: data that outranks a rule, and can be taken back (DESIGN §2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.facts import Date, Entity, Ref, Statement, Text
from kg.model.iris import slugify


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Who decided, when, and why."""

    reason: Text
    author: str
    date: Date

    @property
    def ref(self) -> Ref:
        """Names it by what it decides, so that there is one on each."""
        raise NotImplementedError

    @property
    def told(self) -> tuple[Statement, ...]:
        """What the graph says of it."""
        return (
            Statement(self.ref, "dcterms:description", self.reason),
            Statement(self.ref, "schema:author", self.author),
            Statement(self.ref, "dcterms:issued", self.date),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Ruling):
    """Of a dispute, that a statement is so, or where not `holds` that it is not.

    `file` and `line` say where its row stands; deleting it takes the decision back.
    """

    statement: Statement
    holds: bool
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def ref(self) -> Ref:
        subject, name, _ = self.statement
        return Ref(f"decision/{subject}/{name.replace(':', '-')}")

    @property
    def slot(self) -> tuple[Ref, str]:
        return self.statement[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Ruling):
    """That several things are one: the first keeps its address, to which the others lead on."""

    things: tuple[Ref, ...]

    @property
    def ref(self) -> Ref:
        return Ref(f"decision/merge/{self.things[0]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming(Ruling):
    """Whom or what words of a record name; nothing, where `names` is None."""

    record: Ref
    words: str
    names: Ref | None

    @property
    def ref(self) -> Ref:
        return Ref(f"decision/mention/{self.record.slug}/{slugify(self.words)}")


def decided(decision: Merge | Naming) -> Entity:
    """The decision as a thing of the graph: who decided, when, and why."""
    return Entity(ref=decision.ref, label=decision.reason, description=decision.told)
