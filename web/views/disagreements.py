"""Where sources disagree: each disagreement with its sides, who is on them, and what settles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rdflib.namespace import DCTERMS

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Property
from kg.store import rows
from web.claims import reading
from web.claims.shown import Shown, settling, show, value
from web.site import Site
from web.site.asking import ask
from web.site.names import Names, Thing
from web.site.paging import Paging
from web.site.standing import ACCEPTED, CONTRADICTED, DISPUTED, Standing
from web.site.values import Words
from web.views.narrowing import Narrowing

SIZE = 20
_Values = Mapping[Iri, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One side: its value, or where `denied` that it is none, who says so, and how that stands.

    `note` names the property where the disagreement is on several, and that of a number.
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


@dataclass(frozen=True, slots=True)
class Contest:
    """One disagreement. `why` says how it is decided, or that it is not; `reason` is that of the
    person who declared it, empty where a rule found it.
    """

    iri: Iri
    kind: Thing
    properties: tuple[Iri, ...]
    name: str
    values: tuple[Answer, ...]
    settled: tuple[Iri, ...]
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contested:
    """A thing, and what sources tell differently of it."""

    about: Thing
    slots: tuple[Contest, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """`SIZE` disagreements, in the order of what they are about. `more`: there are others."""

    contested: tuple[Contested, ...]
    count: int
    more: bool
    sparql: str


def disagreements(site: Site, chosen: Narrowing, paging: Paging) -> Disagreements:
    """The disagreements that fit `chosen`."""
    query = contested_query(site, chosen, paging)
    found = {str(row["node"]): str(row["event"]) for row in rows(site.graph, query)}
    shown = dict(list(found.items())[:SIZE])
    described = _described(site, shown)
    claims = [str(each) for node in described.values() for each in node.get(str(CLM.claim), ())]
    read = {
        each.iri: each
        for each in reading.read(rows(site.graph, ask("web.claims", "these", claims=claims)))
    }
    values = (each for node in described.values() for each in node.get(str(CLM.value), ()))
    names = site.names(
        {
            *shown.values(),
            *(iri for claim in read.values() for iri in claim.iris()),
            *(each for each in values if isinstance(each, str)),
        }
    )
    about: dict[Iri, list[Contest]] = defaultdict(list)
    for node, event in shown.items():
        said = {each: show(claim, names) for each, claim in read.items()}
        about[event].append(_contest(node, described, said, names))
    return Disagreements(
        contested=tuple(Contested(names.thing(each), tuple(made)) for each, made in about.items()),
        count=len(shown),
        more=len(found) > SIZE,
        sparql=site.links().sparql(query),
    )


def contested_query(site: Site, chosen: Narrowing, paging: Paging) -> str:
    text = ask(__package__ or "", "contested", limit=SIZE + 1, offset=paging.offset)
    patterns = [*chosen.of_kind(site), *chosen.in_period(site)]
    if chosen.source:  # one that takes a side, not just any that speaks of the thing
        patterns.append(ask(__package__ or "", "states_slot", source=chosen.source))
    return replace(chosen, source="").narrow(site, text, *patterns)


def document(found: Disagreements, following: str) -> dict[str, object]:
    """The disagreements as JSON; `following` is the address of the next ones."""
    return {
        "disagreements": [
            _as_json(each.about, contest) for each in found.contested for contest in each.slots
        ],
        "next": following or None,
    }


def _as_json(about: Thing, contest: Contest) -> dict[str, object]:
    return {
        "iri": contest.iri,
        "kind": contest.kind.iri.removeprefix(str(CLM)),
        "subject": {"iri": about.iri, "label": about.label},
        "property": contest.properties[0],
        "sides": [
            {
                "value": {"iri": each.shown.iri, "label": each.shown.label}
                if isinstance(each.shown, Thing)
                else {"value": getattr(each.term, "value", "")},
                "claims": [claim.claim.iri for claim in each.claims],
                "independentSources": each.independent,
                **({"polarity": False} if each.denied else {}),
            }
            for each in contest.values
        ],
        "settledBy": list(contest.settled),
        **({"reason": contest.reason} if contest.reason else {}),
    }


def _described(site: Site, nodes: Iterable[Iri]) -> Mapping[Iri, _Values]:
    found: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(site.graph, ask(__package__ or "", "sides", nodes=nodes)):
        values = found[str(row["s"])][str(row["p"])]
        if row["o"] not in values:
            values.append(row["o"])
    return found


def _contest(
    iri: Iri, described: Mapping[Iri, _Values], said: Mapping[Iri, Shown], names: Names
) -> Contest:
    node = described[iri]
    settled = tuple(sorted(map(str, node.get(str(CLM.settledBy), ()))))
    properties = tuple(sorted(map(str, node[str(CLM.onProperty)])))
    sides = [described[str(each)] for each in node[str(CLM.side)]]
    terms = [each for iri in properties if isinstance(each := names.ontology.find(iri), Property)]
    noted = len(properties) > 1 or any(each.kind in {"integer", "decimal"} for each in terms)
    answers = [each for side in sides for each in _answer(side, said, names, noted=noted)]
    questions = dict.fromkeys(each.question or each.label for each in terms)
    reason = next(iter(node.get(str(DCTERMS.description), ())), None)
    return Contest(
        iri=iri,
        kind=names.thing(str(node[str(CLM.kind)][0])),
        properties=properties,
        name=", ".join(questions).capitalize(),
        values=tuple(sorted(answers, key=lambda each: each.losing)),
        settled=settled,
        why=_why(answers, settled),
        reason=reason.value if isinstance(reason, Literal) else "",
    )


def _answer(
    side: _Values, said: Mapping[Iri, Shown], names: Names, *, noted: bool
) -> Iterable[Answer]:
    claims = tuple(
        sorted(
            (said[str(each)] for each in side[str(CLM.claim)] if str(each) in said),
            key=lambda each: each.claim.iri,
        )
    )
    if claims:
        term = side[str(CLM.value)][0]
        number = side[str(CLM.independentSources)][0]
        yield Answer(
            shown=value(term, names),
            term=term,
            denied=bool(side.get(str(CLM.polarity))),
            note=claims[0].relation.label if noted else "",
            standing=_standing(claims),
            claims=claims,
            independent=int(getattr(number, "value", "1")),
        )


def _standing(claims: Sequence[Shown]) -> Standing:
    """The best that one of a side's claims has."""
    standings = [each.standing for each in claims]
    best = (each for each in (ACCEPTED, DISPUTED, CONTRADICTED) if each in standings)
    return next(best, standings[0])


def _why(answers: Sequence[Answer], settled: Sequence[Iri]) -> str:
    if any(each.standing is DISPUTED for each in answers):
        return "Sources of equal rank disagree, so each value stays."
    won = [each for each in answers if each.standing is ACCEPTED]
    if not settled or not won:
        return ""
    best = " and ".join(
        each.shown.label if isinstance(each.shown, Thing) else each.shown.text for each in won
    )
    return f"{best} is taken as so: {settling(settled)}."
