"""What claims name and no sheet need describe: an article of an agreement, a part in an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.model.facts import Claim, Entity, Ref, Statement, Text
from kg.model.iris import slugify
from kg.model.nodes import Node
from kg.sheets.entities import DescribedEntity
from kg.sheets.values import Values

ROLE_NAME = "schema:roleName"


def provision(values: Values, whole: Ref, node: Node) -> DescribedEntity | None:
    """`article: 3` of an agreement: the claim is about that article, which is part of it."""
    kind, within = _class(values, "Provision", node), values.ontology.playing("Whole")
    words = values.prose(node)
    if kind is None or words is None or not within:
        return None
    if not (slug := slugify(words.value)):
        values.reader.fault(node, "a number or a name with a letter or digit of ASCII")
        return None
    ref = Ref(f"{kind}/{whole.slug}/{slug}")
    label = words if any(map(str.isalpha, words.value)) else Text(f"Article {words.value}")
    description = (Statement(ref, within[0].name, whole),)
    entity = Entity(ref=ref, label=label, description=description)
    return DescribedEntity(entity, node, values.reader.file, None, ())


def involvement(values: Values, claim: Claim, node: Node) -> tuple[DescribedEntity, ...]:
    """`role: mediator` of somebody in an event: the part that they take in it."""
    kind, words, who = (
        _class(values, "Involvement", node),
        values.prose(node),
        claim.statement.value,
    )
    if not isinstance(who, Ref):
        values.reader.fault(node, "it beside somebody who takes part")
        return ()
    if kind is None or words is None:
        return ()
    ref = Ref(f"{kind}/{claim.statement.subject}/{who}")
    entity = Entity(ref=ref, label=words)
    return (DescribedEntity(entity, node, values.reader.file, None, ()),)


def claims_of(values: Values, claim: Claim, part: DescribedEntity) -> Iterator[Claim]:
    """What the source says of a part: in what, whose, which. As firmly as of the whole."""
    ref, (event, _, who) = part.entity.ref, claim.statement
    within, partner = (values.ontology.playing(role)[0].name for role in ("Whole", "Partner"))
    for name, statement in (
        ("role", Statement(ref, ROLE_NAME, part.entity.label)),
        ("role-in", Statement(ref, within, event)),
        ("role-of", Statement(ref, partner, who)),
    ):
        yield replace(
            claim, id=f"{claim.id}-{name}", statement=statement, complete=False, differs_from=()
        )


def _class(values: Values, role: str, node: Node) -> str | None:
    """The TYPE of the instances of the class that plays a role in the vocabulary."""
    found = [each.segment for each in values.ontology.kinds(role) if each.segment]
    if not found:
        values.reader.fault(node, f"it where a class of the vocabulary is clm:{role}")
    return found[0] if found else None
