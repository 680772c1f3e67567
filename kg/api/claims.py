"""Claims as objects, with their evidence."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from rdflib.namespace import DCTERMS, RDF

from kg.api.values import Iri, Value
from kg.model.namespaces import CLM, OA
from kg.model.rdf import text_of

if TYPE_CHECKING:
    from kg.api.graph import Graph

_SUBJECT = Iri(str(RDF.subject))
_AT_ONCE = 200  # claims that one query brings
_NARROWED = {"about": RDF.subject, "property": RDF.predicate, "source": CLM.statedIn,
             "value": RDF.object}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """What has an IRI, and what it is called: its IRI where it has no name."""

    iri: Iri
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage: its words, where they begin and end in the text, or in which field of a row.

    What is not given is None. A text that may not be quoted has its place alone.
    """

    iri: Iri
    quote: str | None
    start: int | None
    end: int | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who states what, how firmly, and where it stands.

    `accepted` says that the graph takes the statement as so, `disputed` that other sources speak
    against it; `positive` is False where it is denied. `speakers` are those it is attributed to,
    where that is not the source itself.
    """

    iri: Iri
    subject: Thing
    property: Thing
    value: Thing | Value
    source: Thing
    speakers: tuple[Thing, ...]
    modality: Thing
    positive: bool
    accepted: bool
    disputed: bool
    confidence: Decimal | None
    gloss: str | None
    evidence: tuple[Evidence, ...]

    @builtins.property  # as a field has that name
    def quote(self) -> str | None:
        """The words of its passages."""
        return " … ".join(each.quote for each in self.evidence if each.quote) or None

    def __str__(self) -> str:
        denied = "" if self.positive else "not: "
        return f"{denied}{self.subject} – {self.property} – {self.value} ({self.source})"


_Said = dict[Iri, list[Value]]  # the values of each property


class Claims:
    """Reads claims of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def found(self, **narrowed: str) -> Iterator[Claim]:
        """Those that have what `narrowed` says, some at a time."""
        tests = "".join(
            f" ; <{_NARROWED[name]}> {text_of(iri)}" for name, iri in narrowed.items() if iri
        )
        query = f"SELECT DISTINCT ?claim {{ ?claim a <{CLM.Claim}>{tests} }} ORDER BY ?claim"
        iris = cast("list[Iri]", self._graph.rows(query).column("claim"))
        for start in range(0, len(iris), _AT_ONCE):
            yield from self.read(iris[start : start + _AT_ONCE])

    def read(self, iris: Sequence[Iri]) -> list[Claim]:
        """Those of these IRIs, in their order.

        Raises:
            KeyError: one is no claim of the graph.
        """
        said: dict[Iri, _Said] = defaultdict(lambda: defaultdict(list))
        passages: dict[Iri, dict[Iri, _Said]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for row in self._graph.rows(_query("claims", iris)):
            claim, key, value = cast("tuple[Iri, Iri, Value]", (row["claim"], row["p"], row["o"]))
            if row["evidence"] is None:
                said[claim][key].append(value)
            else:
                passages[claim][cast("Iri", row["evidence"])][key].append(value)
        if missing := [each for each in iris if _SUBJECT not in said[each]]:
            raise KeyError(*missing)
        values = {value for of in said.values() for some in of.values() for value in some}
        labels = self._labels(sorted(each for each in values if isinstance(each, Iri)))
        return [_claim(each, said[each], passages[each], labels) for each in iris]

    def _labels(self, things: Sequence[Iri]) -> dict[Iri, str]:
        found: dict[Iri, str] = {}
        for start in range(0, len(things), _AT_ONCE):
            for row in self._graph.rows(_query("labels", things[start : start + _AT_ONCE])):
                found.setdefault(cast("Iri", row["thing"]), str(row["label"]))
        return found


def _query(name: str, iris: Sequence[Iri]) -> str:
    text = (files("kg.api") / f"{name}.rq").read_text("utf-8")
    return text.replace("{ }", f"{{ {' '.join(map(text_of, iris))} }}")


def _claim(
    iri: Iri, said: _Said, passages: Mapping[Iri, _Said], labels: Mapping[Iri, str]
) -> Claim:
    def things(key: object) -> tuple[Thing, ...]:
        found = said.get(Iri(str(key)), ())
        return tuple(
            Thing(Iri(each), labels.get(Iri(each), str(each))) for each in sorted(map(str, found))
        )

    def one(key: object) -> Value | None:
        return next(iter(said.get(Iri(str(key)), ())), None)

    value = one(RDF.object)
    (subject, *_), (relation, *_), (source, *_) = map(
        things, (RDF.subject, RDF.predicate, CLM.statedIn)
    )
    (modality, *_) = things(CLM.modality) or (Thing(Iri(""), ""),)
    return Claim(
        iri=iri,
        subject=subject,
        property=relation,
        value=things(RDF.object)[0] if isinstance(value, Iri) else cast("Value", value),
        source=source,
        speakers=things(CLM.attributedTo),
        modality=modality,
        positive=one(CLM.polarity) is not False,
        accepted=one(RDF.Statement) is not None,
        disputed=one(CLM.disputed) is True,
        confidence=cast("Decimal | None", one(CLM.confidence)),
        gloss=cast("str | None", one(DCTERMS.abstract)),
        evidence=tuple(
            _evidence(each, passages.get(each, {}))
            for each in sorted(cast("list[Iri]", said.get(Iri(str(CLM.evidence)), [])))
        ),
    )


def _evidence(iri: Iri, said: Mapping[Iri, list[Value]]) -> Evidence:
    quote, start, end, field = (
        next(iter(said.get(Iri(str(key)), ())), None)
        for key in (OA.exact, OA.start, OA.end, RDF.value)
    )
    return Evidence(
        iri,
        cast("str | None", quote),
        cast("int | None", start),
        cast("int | None", end),
        cast("str | None", field),
    )
