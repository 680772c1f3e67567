"""Disagreements and claims as JSON."""

from __future__ import annotations

from kg.model.namespaces import CLM
from web.claims.contests import Answer, Contest
from web.site.names import Thing


def contest(found: Contest) -> dict[str, object]:
    return {
        "iri": found.iri,
        "kind": found.kind.iri.removeprefix(str(CLM)),
        "subject": {"iri": found.about.iri, "label": found.about.label},
        "property": found.properties[0],
        "sides": [
            {
                "value": {"iri": each.shown.iri, "label": each.shown.label}
                if isinstance(each.shown, Thing)
                else {"value": getattr(each.term, "value", "")},
                "claims": [claim.claim.iri for claim in each.claims],
                "independentSources": each.independent,
                **({"polarity": False} if each.denied else {}),
                **_apart(each, several=len(found.properties) > 1),
            }
            for each in found.answers
        ],
        "settledBy": [each.thing.iri for each in found.settlers],
        **({"reason": found.reason} if found.reason else {}),
    }


def _apart(answer: Answer, *, several: bool) -> dict[str, str]:
    """What else tells sides of one value apart: the property, where there are several, and how
    firmly a side is held, where it is not as a plain fact.
    """
    claim = answer.claims[0]
    told = {"property": claim.relation.iri} if several else {}
    firmly = claim.claim.modality.removeprefix(str(CLM))
    return told if claim.family is None else told | {"modality": firmly}
