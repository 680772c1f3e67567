"""The queries of pages: `.rq` files in which `$name` stands for a term to be filled in.

A page runs the text that it shows under "Open in SPARQL", so terms are written into the query
instead of being sent beside it. Each is checked against the grammar first, so that none can end
its own brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from kg.model.iris import is_iri
from kg.model.rdf import Literal, Term, text_of

_SLOT = re.compile(r"\$(\w+)")
_PREFIX = re.compile(r"^PREFIX .*\n", re.MULTILINE)


def ask(package: str, name: str, **terms: Term | int | Iterable[Term]) -> str:
    """The query in `name`.rq beside the module `package`, with its slots filled in.

    Raises:
        ValueError: an IRI has a character that SPARQL does not admit in one.
    """
    texts, slots = _read(package, name)
    written = (_write(terms[slot]) for slot in slots)
    return "".join(each for pair in zip_longest(texts, written, fillvalue="") for each in pair)


def together(*queries: str) -> str:
    """One query for one trip to the store, with the solutions of all `queries`.

    Each solution binds the variables of its own query, so a variable that only one of them has
    tells whose it is.
    """
    prologue = "".join(sorted({line for query in queries for line in _PREFIX.findall(query)}))
    parts = "\nUNION\n".join(f"{{ {_PREFIX.sub('', query)} }}" for query in queries)
    return f"{prologue}SELECT * WHERE {{\n{parts}\n}}"


@cache
def _read(package: str, name: str) -> tuple[list[str], list[str]]:
    """The texts around the slots of a query, and the names of those."""
    parts = _SLOT.split(files(package).joinpath(f"{name}.rq").read_text("utf-8"))
    return parts[::2], parts[1::2]


def _write(term: Term | int | Iterable[Term]) -> str:
    if isinstance(term, int):
        return str(term)
    if isinstance(term, str):
        if not is_iri(term):
            raise ValueError(f"{term!r} is not an absolute IRI")
        return text_of(term)
    if isinstance(term, Literal):
        return text_of(term)
    return " ".join(_write(each) for each in term)
