"""Where sources disagree: each disagreement with its sides, who is on them, and what settles it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from kg.model.namespaces import CLM
from kg.store import rows
from web.claims.contests import Answer, Contest, contests
from web.site import Site
from web.site.asking import ask
from web.site.names import Thing
from web.site.paging import Paging
from web.views.narrowing import Narrowing

SIZE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A thing, and what sources tell differently of it."""

    about: Thing
    contests: tuple[Contest, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """`SIZE` disagreements, in the order of what they are about. `more`: there are others."""

    groups: tuple[Group, ...]
    more: bool
    sparql: str


def disagreements(site: Site, chosen: Narrowing, paging: Paging) -> Disagreements:
    """The disagreements that fit `chosen`."""
    query = contested_query(site, chosen, paging)
    nodes = list(dict.fromkeys(str(row["node"]) for row in rows(site.graph, query)))
    found = contests(site, nodes[:SIZE])
    groups = groupby(found, key=lambda each: each.about)
    return Disagreements(
        groups=tuple(Group(about, tuple(each)) for about, each in groups),
        more=len(nodes) > SIZE,
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
    every = (contest for group in found.groups for contest in group.contests)
    return {"disagreements": list(map(as_json, every)), "next": following or None}


def as_json(contest: Contest) -> dict[str, object]:
    return {
        "iri": contest.iri,
        "kind": contest.kind.iri.removeprefix(str(CLM)),
        "subject": {"iri": contest.about.iri, "label": contest.about.label},
        "property": contest.properties[0],
        "sides": [
            {
                "value": {"iri": each.shown.iri, "label": each.shown.label}
                if isinstance(each.shown, Thing)
                else {"value": getattr(each.term, "value", "")},
                "claims": [claim.claim.iri for claim in each.claims],
                "independentSources": each.independent,
                **({"polarity": False} if each.denied else {}),
                **_apart(each, several=len(contest.properties) > 1),
            }
            for each in contest.answers
        ],
        "settledBy": [each.thing.iri for each in contest.settlers],
        **({"reason": contest.reason} if contest.reason else {}),
    }


def _apart(answer: Answer, *, several: bool) -> dict[str, str]:
    """What else tells sides of one value apart: the property, where there are several, and how
    firmly a side is held, where it is not as a plain fact.
    """
    claim = answer.claims[0]
    told = {"property": claim.relation.iri} if several else {}
    firmly = claim.claim.modality.removeprefix(str(CLM))
    return told if claim.family is None else told | {"modality": firmly}
