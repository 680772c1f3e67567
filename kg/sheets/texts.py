"""Proof that spans and quotes are those of the real texts (`kg check --texts DIR`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from kg.model.errors import Problem
from kg.sheets.document import Sheet, SheetClaim

_LINE = re.compile(r"^[^\n]*\S", re.MULTILINE)  # a paragraph: a line that is not blank


def prove(sheet: Sheet, texts: dict[str, str]) -> Iterator[Problem]:
    """Check every span and quote of `sheet` against its text.

    `texts` maps the SHA-256 of a file's bytes to its words. A document's own open text comes
    first; a text that is not at hand is a fault, for nothing was proven then.
    """
    document = sheet.document
    text = document.text if document.text is not None else texts.get(document.sha256)
    if text is None:
        allowed = f"a file whose SHA-256 is {document.sha256}"
        yield Problem(sheet.reader.file, 1, "document.text", "no such text", allowed)
        return
    if len(text) != document.length:
        allowed = f"{len(text)}, the code points of the text"
        yield Problem(sheet.reader.file, 1, "document.text.length", str(document.length), allowed)
    paragraphs = tuple(line.start() for line in _LINE.finditer(text))
    if document.paragraphs and document.paragraphs != paragraphs:
        wrong = sorted(set(document.paragraphs) ^ set(paragraphs))
        allowed = f"{list(paragraphs)}, where the lines start that are not blank"
        found = f"other starts: {wrong}"
        yield Problem(sheet.reader.file, 1, "document.text.paragraphs", found, allowed)
    for each in sheet.claims:
        yield from _prove_claim(sheet.reader.file, each, text)


def _prove_claim(file: str, each: SheetClaim, text: str) -> Iterator[Problem]:
    claim, node = each.claim, each.node
    if claim.span is None:
        return
    passage = text[claim.span.start : claim.span.end]
    if not passage:
        field, found = f"{node.path}.span", f"[{claim.span.start}, {claim.span.end}]"
        yield Problem(file, node.line, field, found, f"a span inside {len(text)} code points")
    elif claim.quote is not None and claim.quote not in passage:
        yield Problem(
            file, node.line, f"{node.path}.quote", repr(claim.quote), "words found inside the span"
        )


def read_texts(folder: Path) -> dict[str, str]:
    """Every UTF-8 text file below `folder`, by the SHA-256 of its bytes."""
    found = {}
    for path in sorted(folder.rglob("*.txt")):
        raw = path.read_bytes()
        try:
            found[hashlib.sha256(raw).hexdigest()] = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue  # no document's text: its hash is in no sheet
    return found
