"""What two documents say of the same things, and of different ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg.model.rdf import Iri, Term
from kg.store import rows
from web.claims import as_json, reading
from web.claims.contests import Contest, contests
from web.claims.reading import StatedClaim
from web.claims.shown import Shown, show
from web.claims.subjects import speaking
from web.site import Site
from web.site.asking import ask
from web.site.names import Names, Thing
from web.site.sources import Source

LIMIT = 1_000  # claims of a document, as many as its page reads
_SHOWN = 40  # statements of a section that are shown at once
_Statement = tuple[Iri, Iri, Term, bool]
Pair = tuple[tuple[Shown, ...], tuple[Shown, ...]]  # what the one and the other says


@dataclass(frozen=True, slots=True)
class Difference:
    """A disagreement, with what each document says on its sides."""

    contest: Contest
    said: Pair


@dataclass(frozen=True, slots=True)
class Group:
    """A thing, and what only one of the documents says of it: for each document its claims."""

    about: Thing
    said: Pair


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two `documents`, in the order of their names, say.

    They `agree` where both state the same, `differ` where they stand on sides of a disagreement,
    and `elsewhere` one of them disagrees with some other source. Of what both speak of, `alone` is
    what only one says; of `silent` the other says nothing at all.
    """

    documents: tuple[Source, Source]
    agree: tuple[Pair, ...]
    differ: tuple[Difference, ...]
    elsewhere: tuple[Contest, ...]
    alone: tuple[Group, ...]
    silent: tuple[Group, ...]
    sparql: str

    shown = _SHOWN


def compare(site: Site, one: Iri, other: Iri) -> Comparison:
    """The comparison of two documents."""
    claims = [_claims(site, each) for each in (one, other)]
    names = speaking(site, [*claims[0], *claims[1]], (one, other))
    shown = [[show(each, names) for each in some] for some in claims]
    query = ask("web.compare", "differing", documents=(one, other))
    sides: dict[Iri, set[Iri]] = defaultdict(set)
    for row in rows(site.graph, query):
        sides[str(row["node"])].add(str(row["document"]))
    told = contests(site, sorted(sides))
    both = tuple(_difference(each, one, other) for each in told if len(sides[each.iri]) == 2)
    counted = {each.claim.iri for one in both for said in one.said for each in said}
    agree = _both(shown, _statement)
    counted |= {each.claim.iri for pair in agree for said in pair for each in said}
    rest = [[each for each in some if each.claim.iri not in counted] for some in shown]
    subjects = [{each.subject for each in some} for some in claims]
    common = subjects[0] & subjects[1]
    return Comparison(
        documents=(names.source(one), names.source(other)),
        agree=agree,
        differ=both,
        elsewhere=tuple(each for each in told if len(sides[each.iri]) == 1),
        alone=_groups(rest, names, lambda each: each.claim.subject in common),
        silent=_groups(rest, names, lambda each: each.claim.subject not in common),
        sparql=names.links.sparql(query),
    )


def document(found: Comparison) -> dict[str, object]:
    """The comparison as JSON."""
    iris = [each.iri for each in found.documents]

    def claims(said: Pair) -> dict[Iri, list[Iri]]:
        return {
            iri: [each.claim.iri for each in some] for iri, some in zip(iris, said, strict=True)
        }

    def groups(some: Iterable[Group]) -> list[dict[str, object]]:
        return [
            {
                "subject": {"iri": each.about.iri, "label": each.about.label},
                "claims": claims(each.said),
            }
            for each in some
        ]

    return {
        "documents": [{"iri": each.iri, "label": each.label} for each in found.documents],
        "agree": [
            {"statement": pair[0][0].sentence.text, "claims": claims(pair)} for pair in found.agree
        ],
        "differ": [
            as_json.contest(each.contest) | {"claims": claims(each.said)} for each in found.differ
        ],
        "elsewhere": list(map(as_json.contest, found.elsewhere)),
        "onlyOne": groups(found.alone),
        "silent": groups(found.silent),
    }


def documents(site: Site, most: int) -> tuple[Source, ...]:
    """The documents of the graph, by what they are called."""
    query = ask("web.compare", "documents", limit=most)
    iris = [str(row["document"]) for row in rows(site.graph, query)]
    names = site.names(iris)
    return tuple(sorted(map(names.source, iris), key=lambda each: (each.label, each.iri)))


def _claims(site: Site, document: Iri) -> list[StatedClaim]:
    query = reading.query(ask("web.compare", "stated", document=document, limit=LIMIT))
    return reading.read(rows(site.graph, query))


def _statement(each: Shown) -> _Statement:
    claim = each.claim
    return claim.subject, claim.predicate, claim.object, claim.positive


def _both(shown: Sequence[Sequence[Shown]], by: Callable[[Shown], _Statement]) -> tuple[Pair, ...]:
    """What stands in both, in the order of the first document's text."""
    found: dict[_Statement, tuple[list[Shown], list[Shown]]] = {}
    for place, some in enumerate(shown):
        for each in some:
            found.setdefault(by(each), ([], []))[place].append(each)
    return tuple((tuple(one), tuple(other)) for one, other in found.values() if one and other)


def _difference(contest: Contest, one: Iri, other: Iri) -> Difference:
    claims = [each for answer in contest.answers for each in answer.claims]
    first, second = (
        tuple(each for each in claims if each.claim.source == document) for document in (one, other)
    )
    return Difference(contest, (first, second))


def _groups(
    rest: Sequence[Sequence[Shown]], names: Names, wanted: Callable[[Shown], bool]
) -> tuple[Group, ...]:
    """What is left, by what it is about; of what most is said first."""
    found: dict[Iri, tuple[list[Shown], list[Shown]]] = {}
    for place, some in enumerate(rest):
        for each in filter(wanted, some):
            found.setdefault(each.claim.subject, ([], []))[place].append(each)
    ordered = sorted(found.items(), key=lambda each: (-sum(map(len, each[1])), each[0]))
    return tuple(
        Group(names.thing(about), (tuple(one), tuple(other))) for about, (one, other) in ordered
    )
