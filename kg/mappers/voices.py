"""Who speaks: that a claim about somebody's words is attributed to somebody says whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from kg.model.facts import Claim, Concept, Ref, Statement
from kg.ontology import Ontology

# Whose words are only supposed, or only planned, has not spoken.
_SPOKEN = {"Asserted", "Attributed", "Opinion"}


@dataclass(frozen=True, slots=True)
class Voices:
    """What must be known to tell who speaks.

    `name` is the property with the role Voice, empty where the vocabulary has none; `types` are
    those of its subjects; `told` are the utterances whose speaker some claim names, so that nobody
    else who speaks about them is taken for it; `evaluating` are the properties by which others
    judge them.
    """

    name: str
    types: Collection[str]
    told: Collection[Ref]
    evaluating: Collection[str]

    @classmethod
    def of(cls, ontology: Ontology, claims: Iterable[Claim]) -> Voices:
        """What the claims of the sheets leave to tell."""
        voice = next(iter(ontology.playing("Voice")), None)
        if voice is None:
            return cls("", (), (), ())
        kinds = ontology.segments.items()
        types = frozenset(segment for segment, each in kinds if each.lineage & voice.domain)
        stated = (each.statement for each in claims if each.statement.property == voice.name)
        evaluating = (each.name for each in ontology.properties.values() if each.evaluating)
        told = frozenset(each.subject for each in stated)
        return cls(voice.name, types, told, frozenset(evaluating))

    def claims(self, claim: Claim) -> Iterator[Claim]:
        """That each speaker of a claim about an utterance speaks it; with the claim's evidence."""
        subject, name, _ = claim.statement
        if subject.type not in self.types or subject in self.told or name in self.evaluating:
            return
        for number, speaker in enumerate(claim.speakers if claim.modality in _SPOKEN else ()):
            yield replace(
                claim,
                id=f"{claim.id}/{self.name}" + (f"-{number + 1}" if number else ""),
                statement=Statement(subject, self.name, speaker),
                modality=Concept("Asserted"),
                polarity=True,
                speakers=(),
                gloss=None,
                condition=None,
                complete=False,
                about=(),
                differs_from=(),
            )
