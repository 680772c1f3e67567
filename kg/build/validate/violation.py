"""One way in which a graph breaks a shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model.errors import ReleaseRefused
from kg.model.rdf import Iri

_SHOWN = 50


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A validation result (SHACL §3.6.2).

    `constraint` is the parameter that is broken, such as `minCount`; `shape` the shape that has it,
    or the SPARQL constraint itself. `path` and `value` are empty where the result has none.
    """

    focus: Iri
    shape: Iri
    constraint: str
    path: Iri
    value: str
    message: str

    def __str__(self) -> str:
        path = f" <{self.path}>" if self.path else ""
        value = f" = {self.value!r}" if self.value else ""
        shape = self.shape.rpartition("#")[2]
        return f"<{self.focus}>{path}{value}: {self.message} ({shape}, {self.constraint})"


class Violated(ReleaseRefused):
    """A built graph may not be released; carries every violation."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(self.told(self.violations))

    def told(self, lines: Iterable[object]) -> str:
        """The text of the error, with a line for each violation, up to the first fifty."""
        count = len(self.violations)
        shown = [f"  {each}" for each in lines]
        if more := shown[_SHOWN:]:
            shown[_SHOWN:] = [f"  … and {len(more)} more"]
        head = f"{count} violation{'s' if count > 1 else ''} of the shapes; not released."
        return "\n".join([head, *shown])

    def __reduce__(self) -> tuple[type[Violated], tuple[tuple[Violation, ...]]]:
        """Pickled with its violations, as it may be raised in another process."""
        return Violated, (self.violations,)
