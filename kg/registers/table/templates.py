"""Templates: `visit/{id}` with what stands in the columns (RFC 6570, level 1)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model.facts import Ref, Value, as_written
from kg.model.iris import is_slug, slugify

_VARIABLE = re.compile(r"\{([^{}]*)\}")

Values = Mapping[str, Sequence[Value]]  # of each column; none where its cell is empty
Choice = Mapping[str, Value]  # one of each column


@dataclass(frozen=True, slots=True)
class Template:
    """Words with columns in braces."""

    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(_VARIABLE.findall(self.text))

    @property
    def broken(self) -> bool:
        """Whether a brace has no partner."""
        return bool(re.search(r"[{}]", _VARIABLE.sub("", self.text)))

    def words(self, chosen: Choice) -> str:
        return _VARIABLE.sub(lambda match: as_written(chosen[match[1]]), self.text)

    def ref(self, chosen: Choice, identifiers: Container[str]) -> Ref | None:
        """A reference, in which names become slugs; None where nothing is left of a value."""
        found = _VARIABLE.sub(
            lambda match: slug(chosen[match[1]], match[1] in identifiers), self.text
        )
        return Ref(found) if is_slug(found) else None


def slug(value: Value, identifier: bool) -> str:
    """A value as a segment of an IRI; an identifier as it is, where an IRI can hold it."""
    text = as_written(value)
    return text if identifier and is_slug(text) else slugify(text)


def choices(values: Values, columns: Iterable[str]) -> Iterator[Choice]:
    """Each way to take one value of each column: none where a cell is empty."""
    names = [*dict.fromkeys(columns)]
    if not names:
        yield {}
        return
    first, *others = names
    for value in values[first]:
        for rest in choices(values, others):
            yield {first: value, **rest}
