"""What a graph holds, counted; and that its terms are well-formed, and each triple has one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass, field, replace
from operator import eq, itemgetter

from rdflib.namespace import RDF

from kg.build.validate.violation import Violated, Violation
from kg.model.errors import ReleaseRefused
from kg.model.iris import is_iri
from kg.model.rdf import Parts
from kg.store.embedded.terms import is_language_tag

_TYPE = f"<{RDF.type}>"
_SUBJECT, _PREDICATE, _GRAPH = itemgetter(0), itemgetter(1), itemgetter(2)


@dataclass(slots=True)
class Census:
    """Counts by named graph, class, property, and property of a class; IRIs without brackets.

    `reserved` are beginnings of subjects that nothing but the release itself may describe.
    """

    reserved: tuple[str, ...] = ()
    subjects: int = 0
    _graphs: Counter[str] = field(default_factory=Counter)
    _classes: Counter[str] = field(default_factory=Counter)
    _properties: Counter[str] = field(default_factory=Counter)
    _within: dict[str, Counter[str]] = field(default_factory=dict)
    _tags: set[str] = field(default_factory=set)

    def take(self, lines: Sequence[Parts]) -> None:
        """Count the lines of some subjects.

        Raises:
            ReleaseRefused: a triple stands in two graphs. Oxigraph's union default graph and its
                lists of FROM would count it twice, against the RDF merge of SPARQL 1.1 §13.1.
                Or a source describes what is `reserved`; or an IRI or a language tag is none;
                or a node is blank, which nobody could cite.
        """
        # Counted as they are written: brackets fall once a name, not once a line.
        pairs = [rest.rpartition(" <") for _, _, rest in lines]
        values = [value for value, _, _ in pairs]
        self._graphs.update(map(_GRAPH, pairs))
        self._properties.update(map(_PREDICATE, lines))
        self._classes.update(
            value
            for (_, predicate, _), value in zip(lines, values, strict=True)
            if predicate == _TYPE
        )
        subjects, predicates = Counter(map(_SUBJECT, lines)), [*map(_PREDICATE, lines)]
        self.subjects += len(subjects)
        self._look_within(subjects.values(), predicates, values)
        self._look_at_terms(subjects.keys(), {*predicates}, values)
        for at, same in enumerate(map(eq, values, values[1:])):
            if same and lines[at][:2] == lines[at + 1][:2]:
                subject, predicate, rest = lines[at + 1]
                second = rest[len(values[at]) + 2 : -4]
                told = f"{second} is the second: {subject} {predicate} {values[at]}"
                raise _violated(lines[at + 1], "one-home", f"a triple has two homes, {told}")

    def joined(self, lines: Iterable[str]) -> Census:
        """The census of these sorted lines as well, whatever they describe."""
        whole = replace(deepcopy(self), reserved=())
        whole.take([each.split(" ", 2) for each in lines])
        return whole

    def _look_within(
        self, sizes: Iterable[int], predicates: Sequence[str], values: Sequence[str]
    ) -> None:
        """Count the properties of each class; `sizes` are how many lines each subject has."""
        start = 0
        for size in sizes:
            own = predicates[start : start + size]
            if types := own.count(_TYPE):  # they stand together, as lines are sorted
                first = start + own.index(_TYPE)
                for each in values[first : first + types]:
                    self._within.setdefault(each, Counter()).update(own)
            start += size

    def _look_at_terms(
        self, subjects: Set[str], predicates: Set[str], values: Sequence[str]
    ) -> None:
        for subject in subjects:
            if subject.startswith(self.reserved):
                told = f"{subject} is the release's own; no sheet and no source may describe it"
                raise _violated([subject, "<>", "<>"], "reserved", told)
        # The object, or the datatype of a literal that has one.
        named = {
            value[value.rfind("^^") + 2 :] if value[0] == '"' else value
            for value in values
            if value[0] != '"' or value[-1] == ">"
        }
        for terms in (subjects, predicates, named):
            if wrong := [each for each in terms if each[-1] != ">" or not is_iri(each[1:-1])]:
                raise ReleaseRefused(f"{min(wrong)} is no IRI (RFC 3987); no source may mint such")
        # A literal ends with its quotation mark, or its datatype, or else its language.
        tags = {value[value.rindex("@") + 1 :] for value in values if value[-1] not in '">'}
        for each in tags - self._tags:
            if not is_language_tag(each):
                raise ReleaseRefused(
                    f"{each!r} is no language tag (RFC 5646); see which sheet has it"
                )
        self._tags |= tags

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of its literals, sorted."""
        return tuple(sorted(self._tags))

    @property
    def triples(self) -> int:
        return self._graphs.total()

    @property
    def graphs(self) -> dict[str, int]:
        """Triples by named graph, in the order of their names."""
        return _ranked(self._graphs, 0, -4)

    @property
    def classes(self) -> dict[str, int]:
        """Instances by class, in the order of their names."""
        return _ranked(self._classes, 1, -1)

    @property
    def properties(self) -> dict[str, int]:
        """Triples by property, in the order of their names."""
        return _ranked(self._properties, 1, -1)

    @property
    def within(self) -> dict[str, dict[str, int]]:
        """The same of the instances of each class."""
        return {name[1:-1]: _ranked(self._within[name], 1, -1) for name in sorted(self._within)}


def _violated(parts: Parts, rule: str, message: str) -> Violated:
    subject, predicate, rest = parts
    value = rest.rpartition(" <")[0].rpartition("@")[0].strip('<">')
    return Violated([Violation(subject[1:-1], rule, rule, predicate[1:-1], value, message)])


def _ranked(counts: Counter[str], start: int, end: int) -> dict[str, int]:
    """Counts by name, in the same order from run to run."""
    return dict(sorted((name[start:end], count) for name, count in counts.items()))
