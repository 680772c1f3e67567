"""Whether a row shows what it is read to say: a literal word for word, a thing by the words of its
IRI. Whoever reads more than that out of it has to say where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.model.rdf import Iri, Literal, Term

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Words:
    """The values of a row's fields: as they stand, and their words in a row."""

    values: frozenset[str]
    text: str

    @classmethod
    def of(cls, values: Iterable[str]) -> Words:
        own = frozenset(values)
        return cls(own, "|".join(map(_folded, own)))

    def show(self, term: Term) -> bool:
        """Whether `term` stands there: `post/france/president` where both words do."""
        if isinstance(term, Literal):
            return term.value in self.values
        return all(_folded(each) in self.text for each in _names(term))


def _folded(text: str) -> str:
    return f" {' '.join(_WORDS.findall(text.lower()))} "


def _names(iri: Iri) -> list[str]:
    """The parts of a slug; of another IRI, what it ends with."""
    _, _, path = iri.rpartition("/id/")
    return path.split("/")[1:] or [re.split("[/#]", iri)[-1]]
