"""One way in which a graph breaks a shape."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.rdf import Iri


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A validation result (SHACL §3.6.2).

    `constraint` is the parameter that is broken, such as `minCount`; `path` and `value` are
    empty where the result has none.
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
