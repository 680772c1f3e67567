"""What several things of a kind are called."""

from __future__ import annotations

import re

from kg.ontology.terms import Class


def several(kind: Class, count: int = 2) -> str:
    """What `count` things of a class are called."""
    return kind.label if count == 1 else kind.plural or plural(kind.label)


def plural(noun: str) -> str:
    """Several of what the English `noun` names: `votes`, `parties`, `churches`."""
    if re.search(r"[^aeiou]y\Z", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(?:s|x|z|ch|sh)\Z", noun) else f"{noun}s"


def many(count: int, noun: str) -> str:
    """`1 vote`, `1,200 votes`."""
    return f"{count:,} {noun if count == 1 else plural(noun)}"
