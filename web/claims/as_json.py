"""Claims and disagreements as JSON: what a program needs to cite them."""

from __future__ import annotations

from kg.model.namespaces import CLM
from web.claims.contests import Answer, Contest
from web.claims.page import ClaimPage
from web.claims.shown import Shown
from web.site.names import Thing
from web.site.values import Words


def thing(found: Thing) -> dict[str, str]:
    return {"iri": found.iri, "label": found.label}


def value(shown: Thing | Words) -> dict[str, str]:
    return thing(shown) if isinstance(shown, Thing) else {"value": shown.machine or shown.text}


def told(shown: Shown) -> dict[str, object]:
    """A claim as a sentence, with the passages that make it and how it stands."""
    claim = shown.claim
    return {
        "claim": claim.iri,
        "says": shown.sentence.text,
        "standing": shown.standing.word,
        "source": {"iri": claim.source, "label": shown.cited.label},
        "speakers": [each.label for each in shown.speakers],
        "passages": [{"quote": quote, "where": place} for quote, place in shown.passages],
        "independentSources": claim.independent,
    }


def contest(found: Contest) -> dict[str, object]:
    return {
        "iri": found.iri,
        "kind": found.kind.iri.removeprefix(str(CLM)),
        "subject": thing(found.about),
        "question": found.name,
        "why": found.why,
        "property": found.properties[0],
        "sides": [
            {
                "value": thing(each.shown)
                if isinstance(each.shown, Thing)
                else {"value": getattr(each.term, "value", "")},
                "claims": [claim.claim.iri for claim in each.claims],
                "told": list(map(told, each.claims)),
                "independentSources": each.independent,
                **({"polarity": False} if each.denied else {}),
                **_apart(each, several=len(found.properties) > 1),
            }
            for each in found.answers
        ],
        "settledBy": [each.thing.iri for each in found.settlers],
        **({"reason": found.reason} if found.reason else {}),
    }


def page(found: ClaimPage) -> dict[str, object]:
    """All that the page of a claim tells."""
    shown = found.shown
    return {
        **told(shown),
        "subject": thing(shown.subject),
        "property": thing(shown.relation),
        "value": value(shown.object),
        "meaning": found.meaning,
        "verdict": found.verdict.text,
        "disagreements": list(map(contest, found.contests)),
        "alike": list(map(told, found.alike)),
    }


def _apart(answer: Answer, *, several: bool) -> dict[str, str]:
    """What else tells sides of one value apart: the property, where there are several, and how
    firmly a side is held, where it is not as a plain fact.
    """
    claim = answer.claims[0]
    told = {"property": claim.relation.iri} if several else {}
    firmly = claim.claim.modality.removeprefix(str(CLM))
    return told if claim.family is None else told | {"modality": firmly}
