"""What a graph looks like, kind by kind of subject: enough to prove most constraints to hold.

A query per constraint looks at every focus node again. One pass over the sorted lines tells what
all subjects of the same classes have in common; a constraint that follows from that needs no
query. A profile never finds a violation, it only rules violations out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from rdflib.namespace import RDF, SH, XSD

from kg.facts import Date
from kg.rdf import Iri


@dataclass(frozen=True, slots=True)
class Focus:
    """The focus nodes of a shape (SHACL §2.1.3): `pattern` binds ?this to them.

    They are those of `classes`, or the subjects of `predicate`, or others where both are empty.
    """

    pattern: str
    classes: frozenset[Iri] = frozenset()
    predicate: Iri = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint. The solutions of `query` are `?this` and `?value` of its violations.

    `allowed` are the classes, the datatypes, the kind of node or the number that it allows.
    """

    shape: str
    constraint: str
    path: str
    message: str
    query: str
    focus: Focus
    allowed: frozenset[str]


_IRI, _BLANK = str(SH.IRI), str(SH.BlankNode)
_ILL_FORMED = "a literal that its datatype does not allow"
_TYPE = f"<{RDF.type}>"
_LANGUAGE, _STRING = str(RDF.langString), str(XSD.string)
_LENGTHS = {str(XSD.gYear): 4, str(XSD.gYearMonth): 7, str(XSD.date): 10}
_FORMS = {
    str(XSD.boolean): re.compile(r"true|false"),
    str(XSD.integer): re.compile(r"[+-]?\d{1,18}", re.ASCII),
    str(XSD.decimal): re.compile(r"[+-]?\d{1,12}(\.\d{0,6})?", re.ASCII),
}
# How many different subjects are remembered, so that one that is like another is not counted in.
_REMEMBERED = 100_000


@dataclass(slots=True)
class Common:
    """What the subjects of one set of classes have in common.

    `always` are the predicates that each has, `most` the most values of a predicate that one has,
    `kinds` what these are: `sh:IRI`, or the datatype of a well-formed literal.
    """

    always: set[Iri]
    most: Counter[Iri] = field(default_factory=Counter)
    kinds: dict[Iri, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True)
class Profile:
    """What subjects have in common, by the set of their classes."""

    by_classes: dict[frozenset[Iri], Common]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Profile:
        """The profile of sorted N-Quads. Memory does not grow with them."""
        found: dict[frozenset[Iri], Common] = {}
        seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
        for _, group in groupby((line.split(" ", 2) for line in lines), itemgetter(0)):
            types, values = _looks(group)
            if (types, values) in seen:
                continue
            if len(seen) == _REMEMBERED:
                seen.clear()
            seen.add((types, values))
            pairs = [value.split(" ", 1) for value in values]
            names = Counter(name[1:-1] for name, _ in pairs)
            common = found.setdefault(frozenset(types), Common(set(names)))
            common.always &= names.keys()
            common.most |= names
            for name, kind in pairs:
                common.kinds[name[1:-1]].add(kind)
        return cls(found)

    def proves(self, check: Check) -> bool:
        """Whether no subject can break the check; False where the profile cannot tell."""
        if not check.focus.classes and not check.focus.predicate:
            return False
        return all(
            _holds(check, classes, common)
            for classes, common in self.by_classes.items()
            if classes & check.focus.classes or check.focus.predicate in common.most
        )


def _holds(check: Check, classes: frozenset[Iri], common: Common) -> bool:
    match check.constraint:
        case "minCount":
            return check.path in common.always
        case "maxCount":
            return common.most[check.path] <= int(*check.allowed)
        case "class" | "or" if not check.path:
            return not classes.isdisjoint(check.allowed)
        case "nodeKind" if str(SH.Literal) in check.allowed:
            return common.kinds.get(check.path, set()).isdisjoint({_IRI, _BLANK})
        case "datatype" | "nodeKind" | "or":
            return common.kinds.get(check.path, set()) <= check.allowed
    return False


def _looks(group: Iterable[list[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes of a subject, and its predicates, each with the kind of a value."""
    types, values = [], []
    for _, predicate, rest in group:
        if predicate == _TYPE:
            types.append(rest[1 : rest.index(">")])
        values.append(f"{predicate} {_kind(rest)}")
    return tuple(types), tuple(values)


def _kind(rest: str) -> str:
    """The kind of the value at the start of `rest`, a line from its object on."""
    if not rest.startswith('"'):
        return _IRI if rest.startswith("<") else _BLANK
    end = rest.rindex('"')
    match rest[end + 1]:
        case " ":
            return _STRING
        case "@":
            return _LANGUAGE
    return _well_formed(rest[1:end], rest[end + 4 : rest.index(">", end)])


@lru_cache(maxsize=1 << 14)  # the same dates come again and again
def _well_formed(text: str, datatype: str) -> str:
    """The datatype where it surely allows the text; what it does is stricter than XML Schema."""
    if datatype in _LENGTHS:
        try:
            return datatype if len(Date(text).iso) == _LENGTHS[datatype] else _ILL_FORMED
        except ValueError:
            return _ILL_FORMED
    form = _FORMS.get(datatype)
    return datatype if form is None or form.fullmatch(text) else _ILL_FORMED
