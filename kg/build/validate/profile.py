"""What a graph looks like, kind by kind of subject: enough to prove most constraints to hold.

A query per constraint looks at every focus node again. One pass over the sorted lines tells what
all subjects of the same classes have in common; a constraint that follows from that needs no
query. A profile never finds a violation, it only rules violations out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from rdflib.namespace import RDF, SH, XSD

from kg.model.facts import Date
from kg.model.rdf import Iri, Parts


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
_PRECISIONS = {str(XSD.gYear): "year", str(XSD.gYearMonth): "month", str(XSD.date): "day"}
_FORMS = {
    str(XSD.boolean): re.compile(r"true|false"),
    str(XSD.integer): re.compile(r"[+-]?\d{1,18}", re.ASCII),
    str(XSD.decimal): re.compile(r"[+-]?\d{1,12}(\.\d{0,6})?", re.ASCII),
}
_NUMERIC, _BOUNDS = {str(XSD.integer), str(XSD.decimal)}, {"minInclusive", "maxInclusive"}
_SUBJECT, _PREDICATE = itemgetter(0), itemgetter(1)
# How many different subjects, and values, are remembered, so that one that is like another is not
# counted in.
_REMEMBERED = 20_000


@dataclass(slots=True)
class Common:
    """What the subjects of one set of classes have in common.

    `always` are the predicates that each has, `most` the most values of a predicate that one has.
    """

    always: set[Iri]
    most: Counter[Iri] = field(default_factory=Counter)


@dataclass(slots=True)
class Profile:
    """What subjects have in common, by the set of their classes, and of what kinds values are.

    A kind is `sh:IRI`, `sh:BlankNode`, or the datatype of a well-formed literal. `numbers` are the
    least and the greatest of a predicate whose values are of a kind that has them.
    """

    by_classes: dict[frozenset[Iri], Common] = field(default_factory=dict)
    kinds: dict[Iri, set[str]] = field(default_factory=lambda: defaultdict(set))
    numbers: dict[Iri, tuple[Decimal, Decimal]] = field(default_factory=dict)
    _seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)
    _tails: set[tuple[str, str]] = field(default_factory=set)

    def take(self, lines: Sequence[Parts]) -> None:
        """Look at all lines of some subjects. Memory does not grow with them."""
        self._look_at_values(lines)
        for _, group in groupby(lines, _SUBJECT):
            own = list(group)
            predicates = tuple(map(_PREDICATE, own))
            types = tuple([rest for _, predicate, rest in own if predicate == _TYPE])
            if (types, predicates) in self._seen:
                continue
            if len(self._seen) == _REMEMBERED:
                self._seen.clear()
            self._seen.add((types, predicates))
            names = Counter(each[1:-1] for each in predicates)
            classes = frozenset(each[1 : each.index(">")] for each in types)
            common = self.by_classes.setdefault(classes, Common(set(names)))
            common.always &= names.keys()
            common.most |= names

    def _look_at_values(self, lines: Sequence[Parts]) -> None:
        tails = [rest[rest.rindex('"') :] if rest[0] == '"' else rest[0] for _, _, rest in lines]
        # A typed value counts as it stands, of all others only the kind.
        pairs = zip(lines, tails, strict=True)
        found = {(line[1], line[2] if tail[1:2] == "^" else tail) for line, tail in pairs}
        for predicate, tail in found - self._tails:
            kind = _kind(tail)
            self.kinds[predicate[1:-1]].add(kind)
            if kind in _NUMERIC:
                number = Decimal(tail[1 : tail.rindex('"')])
                least, most = self.numbers.get(predicate[1:-1], (number, number))
                self.numbers[predicate[1:-1]] = min(least, number), max(most, number)
        if len(self._tails) > _REMEMBERED:
            self._tails.clear()
        self._tails |= found

    def proves(self, check: Check) -> bool:
        """Whether no subject can break the check; False where the profile cannot tell."""
        if not check.focus.classes and not check.focus.predicate:
            return False
        if check.constraint in _BOUNDS:
            return self._within(check)
        return all(
            _holds(check, classes, common, self.kinds.get(check.path, set()))
            for classes, common in self.by_classes.items()
            if classes & check.focus.classes or check.focus.predicate in common.most
        )

    def _within(self, check: Check) -> bool:
        """Whether all values of the path are numbers, none beyond the bound."""
        (bound,) = map(Decimal, check.allowed)
        if not self.kinds.get(check.path, set()) <= _NUMERIC:
            return False
        least, most = self.numbers.get(check.path, (bound, bound))
        return least >= bound if check.constraint == "minInclusive" else most <= bound


def _holds(check: Check, classes: frozenset[Iri], common: Common, kinds: Set[str]) -> bool:
    match check.constraint:
        case "minCount":
            return check.path in common.always
        case "maxCount":
            return common.most[check.path] <= int(*check.allowed)
        case "uniqueLang":
            return common.most[check.path] <= 1
        case "class" | "or" if not check.path:
            return not classes.isdisjoint(check.allowed)
        case "nodeKind" if str(SH.Literal) in check.allowed:
            return kinds.isdisjoint({_IRI, _BLANK})
        case "datatype" | "nodeKind" | "or":
            return kinds <= check.allowed
    return False


def _kind(tail: str) -> str:
    """The kind of a value, by the end of its line, by all of it where it is typed."""
    if not tail.startswith('"'):
        return _IRI if tail.startswith("<") else _BLANK
    end = tail.rindex('"')
    match tail[end + 1]:
        case " ":
            return _STRING
        case "@":
            return _LANGUAGE
    return _well_formed(tail[1:end], tail[end + 4 : tail.index(">", end)])


def _well_formed(text: str, datatype: str) -> str:
    """The datatype where it surely allows the text; what it does is stricter than XML Schema."""
    if datatype in _PRECISIONS:
        try:
            return datatype if Date(text).precision == _PRECISIONS[datatype] else _ILL_FORMED
        except ValueError:
            return _ILL_FORMED
    form = _FORMS.get(datatype)
    return datatype if form is None or form.fullmatch(text) else _ILL_FORMED
