"""A disagreement as pages show it: its sides, who is on them, and what settles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib.namespace import DCTERMS, SDO

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Property
from kg.store import rows
from web.claims import reading
from web.claims.shown import Shown, show, value
from web.claims.subjects import speaking
from web.site import Site
from web.site.asking import ask
from web.site.dates import date
from web.site.names import Names, Thing
from web.site.standing import ACCEPTED, CONTRADICTED, DISPUTED, Standing
from web.site.values import Words

LIMIT = 20  # disagreements about one entity that its page shows
_CHANGED, _WITHIN, _DENIAL = str(CLM.ChangedPlan), str(CLM.WithinOneSource), str(CLM.Denial)
_NUMBERS = {"integer", "decimal"}  # say little without the name of their property
_Values = Mapping[Iri, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One side: its value, or where `denied` that it is none, who says so, and how that stands.

    `note` names the property where the disagreement is on several, and that of a number;
    `independent` counts the independent sources.
    """

    shown: Thing | Words
    term: Term
    denied: bool
    note: str
    standing: Standing
    claims: tuple[Shown, ...]
    independent: int

    @property
    def losing(self) -> bool:
        return self.standing is CONTRADICTED

    @property
    def label(self) -> str:
        label = self.shown.label if isinstance(self.shown, Thing) else self.shown.text
        return f"not {label}" if self.denied else label


@dataclass(frozen=True, slots=True)
class Settler:
    """What settles a disagreement: a public record, or a person's decision with its reason."""

    thing: Thing
    author: str = ""
    day: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """One disagreement. `name` says on what, `rule` what disagreements of its kind are, `why` how
    it is decided, or that it is not; `reason` is that of the person who declared it, empty where a
    rule found it.
    """

    iri: Iri
    kind: Thing
    about: Thing
    properties: tuple[Iri, ...]
    name: str
    answers: tuple[Answer, ...]
    settlers: tuple[Settler, ...]
    rule: str
    why: str
    reason: str

    @property
    def anchor(self) -> str:
        return self.iri.partition("/id/")[2]

    @property
    def disputed(self) -> bool:
        """Whether its sides speak against one another, as a plan and its outcome do not."""
        return self.kind.iri != _CHANGED


def sides_query(nodes: Iterable[Iri]) -> str:
    """The query for disagreements; its solutions alone have `s`."""
    return _sides(ask("web.claims", "nodes", nodes=nodes))


def about_query(iri: Iri) -> str:
    """The same for the first `LIMIT` of those about `iri`."""
    return _sides(ask("web.claims", "nodes_about", entity=iri, limit=LIMIT))


def _sides(chosen: str) -> str:
    return ask("web.claims", "sides").replace(reading.CHOSEN, chosen)


@dataclass(frozen=True, slots=True)
class Contested:
    """Disagreements as the graph has them: the properties of the nodes, their sides, decisions."""

    nodes: tuple[Iri, ...]
    described: Mapping[Iri, _Values]

    @classmethod
    def read(cls, found: Iterable[Mapping[str, Term]], nodes: Iterable[Iri] = ()) -> Contested:
        """What `found` tells, of `nodes` in their order, or of all."""
        described: dict[Iri, dict[Iri, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
        for row in found:
            described[str(row["s"])][str(row["p"])][row["o"]] = None
        lists = {s: {p: list(o) for p, o in values.items()} for s, values in described.items()}
        known = (each for each in nodes or sorted(lists) if _all(lists.get(each, {}), CLM.kind))
        return cls(tuple(known), lists)

    def claims(self) -> list[Iri]:
        """The claims on all sides."""
        return [str(each) for node in self.described.values() for each in _all(node, CLM.claim)]

    def iris(self) -> Iterator[Iri]:
        """Every IRI that a page needs a name for, but for those of the claims."""
        for node in self.described.values():
            for name in (CLM.about, CLM.value, CLM.settledBy):
                yield from (each for each in _all(node, name) if isinstance(each, str))

    def contests(self, said: Mapping[Iri, Shown], names: Names) -> tuple[Contest, ...]:
        """The disagreements, with `said`, the claims by their IRIs."""
        return tuple(self._contest(each, said, names) for each in self.nodes)

    def _contest(self, iri: Iri, said: Mapping[Iri, Shown], names: Names) -> Contest:
        node = self.described[iri]
        kind = names.thing(str(_all(node, CLM.kind)[0]))
        properties = tuple(sorted(map(str, _all(node, CLM.onProperty))))
        terms = [t for each in properties if isinstance(t := names.ontology.find(each), Property)]
        noted = len(properties) > 1 or any(each.kind in _NUMBERS for each in terms)
        sides = [self.described.get(str(each), {}) for each in _all(node, CLM.side)]
        answers = [each for side in sides for each in _answer(side, said, names, noted=noted)]
        settlers = tuple(
            self._settler(str(each), names) for each in sorted(_all(node, CLM.settledBy), key=str)
        )
        return Contest(
            iri=iri,
            kind=kind,
            about=names.thing(str(_all(node, CLM.about)[0])),
            properties=properties,
            name=(len(terms) == 1 and terms[0].question) or ", ".join(t.label for t in terms),
            answers=tuple(sorted(answers, key=_place)),
            settlers=settlers,
            rule=getattr(names.ontology.find(kind.iri), "definition", ""),
            why=_why(kind.iri, answers, settlers),
            reason=_text(node, DCTERMS.description),
        )

    def _settler(self, iri: Iri, names: Names) -> Settler:
        told, thing = self.described.get(iri, {}), names.thing(iri)
        author, day = _text(told, SDO.author), date(_text(told, DCTERMS.issued))
        return Settler(thing, author, day, _text(told, DCTERMS.description))


def _all(node: _Values, name: object) -> Sequence[Term]:
    return node.get(str(name), ())


def _text(node: _Values, name: object) -> str:
    return next((each.value for each in _all(node, name) if isinstance(each, Literal)), "")


def _answer(
    side: _Values, said: Mapping[Iri, Shown], names: Names, *, noted: bool
) -> Iterator[Answer]:
    found = (said[str(each)] for each in _all(side, CLM.claim) if str(each) in said)
    claims = tuple(sorted(found, key=lambda each: each.claim.iri))
    for term in _all(side, CLM.value)[: len(claims)]:
        yield Answer(
            shown=value(term, names),
            term=term,
            denied=bool(_all(side, CLM.polarity)),
            note=claims[0].relation.label if noted else "",
            standing=_standing(claims),
            claims=claims,
            independent=int(_text(side, CLM.independentSources) or 1),
        )


def _place(answer: Answer) -> tuple[int, str]:
    """What is taken as so first, what is not last."""
    order = {ACCEPTED: 0, DISPUTED: 1, CONTRADICTED: 3}
    return order.get(answer.standing, 2), answer.label


def _standing(claims: Sequence[Shown]) -> Standing:
    """The best that one of a side's claims has."""
    standings = [each.standing for each in claims]
    best = (each for each in (ACCEPTED, DISPUTED, CONTRADICTED) if each in standings)
    return next(best, standings[0])


def ground(settlers: Sequence[Settler]) -> str:
    """Why what settles a disagreement does."""
    decided = any(each.author for each in settlers)
    return "a person decided so" if decided else "an official record outranks a document"


def _why(kind: Iri, answers: Sequence[Answer], settlers: Sequence[Settler]) -> str:
    """How it is decided; who settles it stands beside."""
    if settlers:
        won = " and ".join(each.label for each in answers if each.standing is ACCEPTED)
        by = ground(settlers)
        return f"{won} is taken as so: {by}" if won else f"Settled: {by}"
    if kind == _CHANGED:
        return "Nobody need be wrong"
    if not any(each.standing is DISPUTED for each in answers):
        return "Nothing settles it"
    if kind == _WITHIN:
        return "Nothing settles it, so both stay, disputed"
    if kind == _DENIAL:
        return "Sources of equal rank disagree, so what is denied stays, disputed"
    return "Sources of equal rank disagree, so each value stays, disputed"


def contests(site: Site, nodes: Sequence[Iri]) -> tuple[Contest, ...]:
    """The disagreements `nodes`, in their order; one that the graph does not have left out."""
    found = Contested.read(rows(site.graph, sides_query(nodes)), nodes) if nodes else None
    if not found or not found.nodes:
        return ()
    claims = reading.read(rows(site.graph, reading.these_query(found.claims())))
    names = speaking(site, claims, found.iris())
    return found.contests({each.iri: show(each, names) for each in claims}, names)
