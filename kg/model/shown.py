"""Whether a row shows what it is read to say: a literal word for word, a thing by the words of its
IRI. Whoever reads more than that out of it has to say where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from string import punctuation, whitespace

from kg.model.rdf import Iri, Literal, text_of

_APART = str.maketrans(dict.fromkeys(punctuation + whitespace, " "))


class Words:
    """The values of a row's fields, as N-Quads write them."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(values)

    @cached_property
    def text(self) -> str:
        """All their words, where nothing stands between them but one space."""
        return f" {' · '.join(self.values).lower().translate(_APART)} "

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
