"""Where in the sheets it stands what a graph may not hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.build.validate.violation import Violated, Violation
from kg.model.errors import ChanceryError, DataError, Problem, ReleaseRefused
from kg.model.facts import Claim, Fact, Record, Ref, Statement
from kg.model.rdf import Iri, Literal, Term
from kg.model.terms import Terms
from kg.sheets.checks import Sheets


class Place(NamedTuple):
    """A line of a sheet, and the path of the node that begins there."""

    file: str
    line: int
    field: str


class Said(NamedTuple):
    """A statement as seen from its subject or its value: the property, the other end, its place."""

    property: Iri
    other: str
    place: Place


@dataclass(frozen=True, slots=True)
class Places:
    """What the sheets describe, and what they state of it, by IRI."""

    own: Mapping[Iri, Place]
    said: Mapping[Iri, Sequence[Said]]

    @classmethod
    def of(cls, sheets: Sheets, terms: Terms) -> Places:
        """Look up every fact of the sheets; `terms` gives the IRIs."""
        own: dict[Iri, Place] = {}
        said: dict[Iri, list[Said]] = defaultdict(list)
        for fact, file, node in sheets.placed():
            place = Place(file, node.line, node.path)
            for ref in _named(fact):
                own.setdefault(terms.minter.entity(ref), place)
            for subject, name, value in _statements(fact):
                one, other = terms.minter.entity(subject), terms.term(value)
                said[one].append(Said(terms.iris[name], _text(other), place))
                if not isinstance(other, Literal):
                    said[other].append(Said(terms.iris[name], one, place))
        return cls(own, said)

    def refusal(self, error: Violated) -> ChanceryError:
        """The error with the lines that are at fault: of the sheets alone, where all of it is."""
        placed = [(each, self._problem(each)) for each in error.violations]
        problems = [problem for _, problem in placed if problem]
        if len(problems) == len(placed):
            return DataError(problems)
        return ReleaseRefused(error.told(problem or violation for violation, problem in placed))

    def _problem(self, violation: Violation) -> Problem | None:
        place = self.find(violation)
        found = repr(violation.value) if violation.value else f"<{violation.focus}>"
        return Problem(*place, found, violation.message) if place else None

    def find(self, violation: Violation) -> Place | None:
        """The statement that breaks a shape, else what describes its subject; None: no sheet."""
        told = self.said.get(violation.focus, ())
        best = max(told, key=lambda each: _fits(each, violation), default=None)
        if best and _fits(best, violation):
            return best.place
        iri = violation.focus
        while iri and iri not in self.own:  # what belongs to a claim or a row lies below it
            iri = iri.rpartition("/")[0]
        return self.own.get(iri) or (best.place if best else None)


def _fits(said: Said, violation: Violation) -> int:
    """How much speaks for a statement: the path, or the property that a shape is derived from."""
    derived = violation.shape.partition("-domain")[0].partition("-range")[0]
    by_property = said.property in {violation.path, derived}
    return by_property + (said.other == violation.value != "")


def _named(fact: Fact) -> list[Ref]:
    """The references that a fact gives a meaning to: its evidence, the claims of a row."""
    below = [f"{fact.source.slug}/{fact.id}"] if isinstance(fact, Claim) else []
    if isinstance(fact, Record):
        below = [fact.ref.slug]
    return [fact.ref, *(Ref(f"{kind}/{each}") for each in below for kind in ("evidence", "claim"))]


def _statements(fact: Fact) -> tuple[Statement, ...]:
    if isinstance(fact, Record):
        return fact.statements
    return (fact.statement,) if isinstance(fact, Claim) else fact.description


def _text(value: Term) -> str:
    return value.value if isinstance(value, Literal) else value
