"""Whether a row shows what it is read to say: a literal word for word, a thing by the words of its
IRI. Whoever reads more than that out of it has to say where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import punctuation, whitespace
from typing import NamedTuple

from kg.model.rdf import Iri, Literal, text_of

_APART = str.maketrans(dict.fromkeys(punctuation + whitespace, " "))


class Words(NamedTuple):
    """The values of a row's fields as N-Quads write them, and all their words."""

    values: frozenset[str]
    text: str

    @classmethod
    def of(cls, values: Iterable[str]) -> Words:
        own = frozenset(values)
        return cls(own, f" {' · '.join(sorted(own)).lower().translate(_APART)} ")

    def show(self, term: str) -> bool:
        """Whether a term, as N-Quads write it, stands there."""
        if term[0] == '"':
            return term[1 : term.rindex('"')] in self.values
        return all(
            f" {each.lower().translate(_APART)} " in self.text for each in _names(term[1:-1])
        )


def written(value: str) -> str:
    """What stands between the quotes of a literal."""
    return text_of(Literal(value))[1:-1]


def _names(iri: Iri) -> list[str]:
    """The parts of a slug; of another IRI, what it ends with."""
    _, _, path = iri.rpartition("/id/")
    return path.split("/")[1:] or [re.split("[/#]", iri)[-1]]
