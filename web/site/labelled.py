"""The queries that pages lead to, with names for people beside the IRIs.

A `.rq` says by a line `# named: ?event ?place` which of its variables hold things. The page runs it
as it is, since it knows the names; who opens it gets the very rows, each thing with one label. Such
a variable is bound in every row: an unbound one would take any label.
"""

from __future__ import annotations

import re

_NAMED = re.compile(r"^# named: ([?\w ]+)\n", re.MULTILINE)
_PARTS = re.compile(
    r"(?P<head>.*?)(?P<select>^SELECT (?:DISTINCT )?(?P<columns>.*?) WHERE .*)", re.M | re.S
)
_COLUMN = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)* AS (\?\w+)\)|(\?\w+)")
_ORDER = re.compile(r"^\}.* ORDER BY ((?:(?:DESC\(\?\w+\)|\?\w+) ?)+)", re.MULTILINE)
_RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"


def labelled(query: str) -> str:
    """`query` with a label beside each thing; as it is, where it names none."""
    named, found = _NAMED.search(query), None
    if named:
        query = _NAMED.sub("", query)
        found = _PARTS.fullmatch(query)
    if not named or not found:
        return query
    things = named[1].split()
    columns = [first or second for first, second in _COLUMN.findall(found["columns"])]
    shown = " ".join(f"{each} {each}Label" if each in things else each for each in columns)
    head = found["head"] if _RDFS in found["head"] else found["head"] + _RDFS
    inner = found["select"].rstrip().replace("\n", "\n  ")
    labels = "".join(map(_label, things))
    return f"{head}SELECT {shown} WHERE {{\n  {{ {inner} }}\n{labels}}}{_order(query, columns)}\n"


def _label(thing: str) -> str:
    """One label of `thing`: the English one, else the first."""
    label, other = f"{thing}Label", f"{thing}Other"
    return (
        f"  OPTIONAL {{ {thing} rdfs:label {label} FILTER NOT EXISTS {{\n"
        f"    {thing} rdfs:label {other} FILTER({_rank(other)} < {_rank(label)}) }} }}\n"
    )


def _rank(label: str) -> str:
    return f'CONCAT(STR(LANG({label}) != "en"), LANG({label}), STR({label}))'


def _order(query: str, columns: list[str]) -> str:
    """The same order, as far as it goes by what is shown."""
    found = _ORDER.findall(query)
    terms = found[-1].split() if found else []
    known = all(re.sub(r"DESC\(([^()]*)\)", r"\1", each) in columns for each in terms)
    return f" ORDER BY {' '.join(terms)}" if terms and known else ""
