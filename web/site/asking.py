"""The queries of pages: `.rq` files in which `$name` stands for a term to be filled in.

`$Begins`, with a capital, stands for the properties that play that role in the project's ontology,
and `$prefixes` for the prefixes that their names need. A page runs the text that it shows under
"Open in SPARQL", so terms are written into the query instead of being sent beside it. Each is
checked against the grammar first, so that none can end its own brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from itertools import zip_longest

from rdflib.namespace import OWL

from kg.model.iris import is_iri
from kg.model.namespaces import CLM
from kg.model.rdf import Literal, Term, text_of
from kg.ontology import Ontology, Property

Value = Term | Property | int

_SLOT = re.compile(r"\$(\w+)")
_PREFIX = re.compile(r"^PREFIX .*\n", re.MULTILINE)
# OWL 2 §5.4: it relates nothing, as a role does that no property plays.
_NOTHING = text_of(str(OWL.bottomObjectProperty))


def ask(
    package: str, name: str, ontology: Ontology | None = None, /, **terms: Value | Iterable[Value]
) -> str:
    """The query in `name`.rq beside the module `package`, with its slots filled in.

    `ontology` is needed by a query with roles.

    Raises:
        ValueError: an IRI has a character that SPARQL does not admit in one.
    """
    texts, slots = _read(package, name)
    written = (
        _write(terms[slot], ontology) if slot in terms or not ontology else _named(slot, ontology)
        for slot in slots
    )
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


@lru_cache(256)  # roles are dozens, and the queries of a page name them anew each time
def _named(slot: str, ontology: Ontology) -> str:
    """What a slot stands for by its name alone."""
    if slot == "prefixes":
        own = ontology.names.own.items()
        return "\n".join(f"PREFIX {each}: <{space}>" for each, space in own if space != str(CLM))
    played = [_write(each, ontology) for each in ontology.playing(slot)]
    return f"({'|'.join(played)})" if len(played) > 1 else "".join(played) or _NOTHING


def _write(value: Value | Iterable[Value], ontology: Ontology | None) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Property):
        own = ontology and ontology.names.owns(value.iri)
        return value.curie if own else text_of(value.iri)
    if isinstance(value, str):
        if not is_iri(value):
            raise ValueError(f"{value!r} is not an absolute IRI")
        return text_of(value)
    if isinstance(value, Literal):
        return text_of(value)
    return " ".join(_write(each, ontology) for each in value)
