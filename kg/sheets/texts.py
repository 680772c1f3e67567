"""Proof that spans and quotes are those of the real texts (`kg check --texts DIR`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.model import limits
from kg.model.errors import Problem
from kg.model.files import Unreadable, read_file
from kg.model.nodes import Node
from kg.sheets.claims import SheetClaim
from kg.sheets.document import Sheet

_LINE = re.compile(r"^[^\n]*\S", re.MULTILINE)  # a paragraph: a line that is not blank


@dataclass(frozen=True, slots=True)
class Unproven:
    """Claims that nothing speaks against and no text proves: where they stand, which, why not."""

    file: str
    line: int
    claims: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.claims}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the texts say of the claims of some sheets."""

    proven: int
    unproven: tuple[Unproven, ...]
    problems: tuple[Problem, ...]


def prove(sheets: Iterable[Sheet], texts: Mapping[str, str], *, all_at_hand: bool) -> Proof:
    """Compare every span and quote with its text.

    `texts` maps the SHA-256 of a file's bytes to its words. A document's own open text comes
    first. That a text is missing is a fault where they should be `all_at_hand`.
    """
    proven, unproven, problems = 0, list[Unproven](), list[Problem]()
    for sheet in sheets:
        document, file = sheet.document, sheet.reader.file
        text = document.text if document.text is not None else texts.get(document.sha256)
        if text is None and all_at_hand:
            allowed = f"a file whose SHA-256 is {document.sha256}"
            line = _at(sheet.head, "text").line
            problems.append(Problem(file, line, "document.text", "no such text", allowed))
        elif text is None and sheet.claims:
            line, which = _at(sheet.head, "text").line, f"all claims of {document.ref.slug}"
            reason = f"no text at hand with SHA-256 {document.sha256}" + _unplaced(sheet)
            unproven.append(Unproven(file, line, which, reason))
        elif text is not None:
            problems += _prove_head(sheet, text)
            for each in sheet.claims:
                if problem := _fault(file, each, text):
                    problems.append(problem)
                elif any(passage.quote is None for passage in each.claim.passages):
                    reason = "without a quote, nothing shows that its span is right"
                    unproven.append(
                        Unproven(file, each.node.line, f"claim {each.claim.id}", reason)
                    )
                else:
                    proven += 1
    return Proof(proven, tuple(unproven), tuple(problems))


def _prove_head(sheet: Sheet, text: str) -> Iterator[Problem]:
    """The length of the text and the starts of its paragraphs."""
    document, node = sheet.document, _at(sheet.head, "text")
    if len(text) != document.length:
        allowed = f"{len(text)}, the code points of the text"
        line = _at(node, "length").line
        yield Problem(
            sheet.reader.file, line, "document.text.length", str(document.length), allowed
        )
    paragraphs = tuple(line.start() for line in _LINE.finditer(text))
    if document.paragraphs and document.paragraphs != paragraphs:
        wrong = sorted(set(document.paragraphs) ^ set(paragraphs))
        allowed = f"{list(paragraphs)}, where the lines start that are not blank"
        line = _at(node, "paragraphs").line
        found = f"other starts: {wrong}"
        yield Problem(sheet.reader.file, line, "document.text.paragraphs", found, allowed)


def _unplaced(sheet: Sheet) -> str:
    """Which claims need the text, since they have no span."""
    passages = ((each.claim.id, one) for each in sheet.claims for one in each.claim.passages)
    names = list(dict.fromkeys(name for name, passage in passages if passage.span is None))
    return f"; without a span, which only the text gives: {', '.join(names)}" if names else ""


def _fault(file: str, each: SheetClaim, text: str) -> Problem | None:
    """The first passage that is not one of the text."""
    several = each.node.value.get("passages")
    nodes = several.value if several else (each.node,)
    for node, (span, quote, _) in zip(nodes, each.claim.passages, strict=True):
        words = text[slice(*span)] if span else text
        if span and not words.strip():
            allowed = f"a span of words inside {len(text)} code points"
            return Problem(file, _at(node, "span").line, f"{node.path}.span", str([*span]), allowed)
        if quote is not None and quote not in words:
            allowed = "words found inside the span"
            return Problem(
                file, _at(node, "quote").line, f"{node.path}.quote", repr(quote), allowed
            )
    return None


def _at(node: Node, key: str) -> Node:
    """The node of a key, or the one around it where it has none."""
    return node.value.get(key, node) if isinstance(node.value, dict) else node


def read_texts(folder: Path) -> dict[str, str]:
    """Every UTF-8 text file below `folder`, by the SHA-256 of its bytes."""
    found = {}
    for path in sorted(folder.rglob("*.txt")):
        try:
            raw = read_file(path, limits.PROSE)
            found[hashlib.sha256(raw).hexdigest()] = raw.decode("utf-8")
        except (Unreadable, UnicodeDecodeError):
            continue  # no document's text: its hash is in no sheet
    return found
