"""The claims of a document's sheet: who states what, how firmly, and in which words of its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.model.facts import Claim, Concept, Difference, Document, Passage, Ref, Span
from kg.model.nodes import Node
from kg.sheets.entities import DescribedEntity
from kg.sheets.parts import claims_of, involvement, provision
from kg.sheets.quotes import find, surroundings
from kg.sheets.values import ID, Values

PASSAGE = ("span", "quote", "occurrence")
CLAIM = (
    "id", "subject", "article", "property", "object", "value", "julian", "role", "modality",
    "polarity", "speaker", "speakers", *PASSAGE, "passages", "if", "complete", "about", "gloss",
    "review", "confidence", "differs_from",
)  # fmt: skip
QUOTE_WORDS = 12  # of a text whose licence is not open
Members = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class SheetClaim:
    """A claim with its place in a file, so that later checks can name it."""

    claim: Claim
    node: Node


@dataclass(frozen=True, slots=True)
class ClaimReader:
    """Reads the claims of one document, whose `text` is None where it is not at hand.

    `implied` are the articles and parts that they name, which need no description of their own.
    """

    values: Values
    document: Document
    text: str | None
    implied: list[DescribedEntity] = field(default_factory=list)

    def read(self, node: Node) -> Iterator[SheetClaim]:
        """What one item claims, a role by claims of its own; nothing where it is at fault."""
        reader, values = self.values.reader, self.values
        members = reader.members(node, CLAIM, required=("id", "subject", "property"))
        name = reader.text(members.get("id"))
        if name is not None and not ID.match(name):
            reader.fault(members["id"], "a slug: lower case letters, digits and hyphens")
        subject = self._subject(members)
        statement = None if subject is None else values.statement(node, dict(members), subject)
        condition = values.prose(members.get("if"))
        passages = tuple(self._passages(node, members))
        differences = tuple(self._differences(members.get("differs_from")))
        modality = self._modality(members, conditional=condition is not None)
        review = values.concept(members.get("review"), "reviewStatus")
        confidence = values.decimal(members.get("confidence"), 0, 1)
        speakers, about = self._speakers(members), values.refs(members.get("about"))
        if name is None or statement is None:
            return
        claim = Claim(
            source=self.document.ref,
            id=name,
            statement=statement,
            modality=modality,
            polarity=values.boolean(members.get("polarity"), default=True),
            speakers=speakers,
            review=review or Concept("Reviewed"),
            confidence=confidence,
            gloss=values.prose(members.get("gloss")),
            passages=passages,
            condition=condition,
            complete=values.boolean(members.get("complete"), default=False),
            about=about,
            differs_from=differences,
        )
        yield SheetClaim(claim, node)
        if "role" in members:
            for part in involvement(values, claim, members["role"]):
                self.implied.append(part)
                yield from (SheetClaim(each, node) for each in claims_of(values, claim, part))

    def _subject(self, members: Members) -> Ref | None:
        subject = self.values.ref(members.get("subject"))
        if subject is None or "article" not in members:
            return subject
        article = provision(self.values, subject, members["article"])
        if article is None:
            return None
        self.implied.append(article)
        return article.entity.ref

    def _modality(self, members: Members, *, conditional: bool) -> Concept:
        """As stated; what depends on a condition is not asserted."""
        default = Concept("Conditional" if conditional else "Asserted")
        found = self.values.concept(members.get("modality"), "modality") or default
        if conditional and found == "Asserted":
            allowed = "Conditional, or another modality that asserts nothing, beside 'if'"
            self.values.reader.fault(members["modality"], allowed)
        return found

    def _speakers(self, members: Members) -> tuple[Ref, ...]:
        if "speaker" in members and "speakers" in members:
            self.values.reader.fault(members["speaker"], "'speaker' or 'speakers', not both")
        one = self.values.ref(members.get("speaker"))
        return (one,) if one else self.values.refs(members.get("speakers"))

    def _differences(self, node: Node | None) -> Iterator[Difference]:
        reader, values = self.values.reader, self.values
        for item in reader.items(node):
            keys = ("claim", "kind", "reason")
            members = reader.members(item, keys, required=keys)
            claim = values.claim(members.get("claim"), self.document.ref)
            reason = values.prose(members.get("reason"))
            kind = values.concept(members.get("kind"), "disagreementKind")
            if claim is not None and kind is not None and reason is not None:
                yield Difference(claim, kind, reason)

    def _passages(self, node: Node, members: Members) -> Iterator[Passage]:
        reader = self.values.reader
        own = [key for key in PASSAGE if key in members]
        if "passages" not in members:
            yield from self._passage(node, members)
            return
        if own:
            reader.fault(members[own[0]], f"{own[0]!r} within an item of 'passages'")
        for item in reader.items(members["passages"]):
            yield from self._passage(item, reader.members(item, PASSAGE))

    def _passage(self, node: Node, members: Members) -> Iterator[Passage]:
        """The passage that a quote and a span name, as far as they and the text tell."""
        reader = self.values.reader
        if "quote" not in members and "span" not in members:
            reader.fault(node, "the key 'quote' or 'span'", "none")
            return
        if "span" in members and "occurrence" in members:
            reader.fault(members["occurrence"], "no 'occurrence' beside a 'span'")
        span, quote = self._span(members.get("span")), reader.text(members.get("quote"))
        if quote is not None:
            self._check_length(members["quote"], quote)
        if quote is not None and self.text is not None:
            if span is not None:
                inside = find(quote, self.text, *span)
                # What stands elsewhere is for the proof to tell (kg.sheets.texts).
                quote = self.text[slice(*inside[0])] if inside else quote
            elif "span" not in members and (place := self._place(members, quote, self.text)):
                span, quote = place, self.text[slice(*place)]
        paragraph = bisect_right(self.document.paragraphs, span.start) or None if span else None
        yield Passage(span, quote, paragraph)

    def _place(self, members: Members, quote: str, text: str) -> Span | None:
        """Where the words stand: they occur once, or it is said which time is meant."""
        reader, node = self.values.reader, members["quote"]
        places, meant = find(quote, text), reader.whole(members.get("occurrence"))
        if not places:
            reader.fault(node, "words that stand in the text, in this order")
        elif meant is not None:
            if 1 <= meant <= len(places):
                return places[meant - 1]
            reader.fault(members["occurrence"], f"1 to {len(places)}, the times that they occur")
        elif len(places) == 1:
            return places[0]
        else:
            shown = "; ".join(
                f"{n}: {surroundings(each, text)}" for n, each in enumerate(places, 1)
            )
            found = f"{quote!r} {len(places)} times: {shown}"
            allowed = f"'occurrence: 2', or a longer quote, or 'span: {[*places[1]]}'"
            reader.fault(node, allowed, found)
        return None

    def _span(self, node: Node | None) -> Span | None:
        if node is None:
            return None
        reader, length = self.values.reader, self.document.length
        ends = [reader.whole(item) for item in reader.items(node)]
        if len(ends) != 2 or None in ends:
            if len(ends) != 2:
                reader.fault(node, "[start, end], two offsets in code points")
            return None
        start, end = ends
        if start is None or end is None or not start < end <= length:
            found = f"[{start}, {end}]"
            reader.fault(node, f"start < end <= {length}, the length of the text", found)
            return None
        return Span(start, end)

    def _check_length(self, node: Node, quote: str) -> None:
        words = len(quote.split())
        licences = {name for _, name, _ in self.document.description}
        if words > QUOTE_WORDS and "dcterms:license" not in licences:
            self.values.reader.fault(node, f"at most {QUOTE_WORDS} words", f"{words} words")
