"""A document's sheet: its head, and the claims it makes, each with its passage."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kg.model import limits
from kg.model.facts import Claim, Concept, Document, Ref, Span, Statement, Text, Value
from kg.model.files import Unreadable, read_file
from kg.model.nodes import Node, NodeReader
from kg.model.texts import fault_in_prose, is_language
from kg.sheets.values import Values

HEAD = (
    "id", "title", "language", "published", "publisher", "author", "rights", "licence",
    "homepage", "derived_from", "text",
)  # fmt: skip
CLAIM = (
    "id", "subject", "property", "object", "value", "modality", "polarity", "speaker",
    "span", "quote", "gloss", "review", "confidence",
)  # fmt: skip
TEXT = ("sha256", "length", "paragraphs", "file")
QUOTE_WORDS = 12
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class SheetClaim:
    """A claim with its place in a file, so that later checks can name it."""

    claim: Claim
    node: Node


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one document's sheet says."""

    document: Document
    head: Node
    claims: tuple[SheetClaim, ...]
    reader: NodeReader


def read_document(
    reader: NodeReader, values: Values, head: Node, claims: Node | None, folder: Path
) -> Sheet | None:
    """Read the head and the claims of one document; None where the head cannot be used."""
    document = _head(reader, values, head, folder)
    if document is None:
        return None
    read = [_claim(reader, values, item, document) for item in reader.items(claims)]
    return Sheet(document, head, tuple(each for each in read if each is not None), reader)


def _head(reader: NodeReader, values: Values, node: Node, folder: Path) -> Document | None:
    members = reader.members(node, HEAD, required=("id", "title", "rights", "text"))
    slug, title = reader.text(members.get("id")), values.tagged(members.get("title"))
    language = reader.text(members.get("language")) or "en"
    if not is_language(language):
        reader.fault(members["language"], "a language tag (BCP 47), such as en")
    derived = values.refs(members.get("derived_from"))
    text = reader.members(members.get("text"), TEXT, required=("sha256", "length"))
    digest, length = reader.text(text.get("sha256")), reader.whole(text.get("length"))
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", digest):
        reader.fault(text["sha256"], "64 hexadecimal digits, in lower case")
    if slug is not None and not _ID.match(slug):
        reader.fault(members["id"], "a slug: lower case letters, digits and hyphens")
        return None
    if slug is None or title is None or digest is None or length is None:
        return None
    ref = Ref(f"document/{slug}")
    rights = reader.text(members.get("rights"))
    described: list[tuple[str, Value | None]] = [
        (
            "dcterms:title",
            Text(title.value, title.language if title.language != "en" else language),
        ),
        ("dcterms:publisher", values.ref(members.get("publisher"))),
        ("dcterms:creator", values.ref(members.get("author"))),
        ("dcterms:issued", values.date(members.get("published"))),
        ("dcterms:rights", Text(rights) if rights else None),
        ("dcterms:license", values.url(members.get("licence"))),
        ("foaf:homepage", values.url(members.get("homepage"))),
    ]
    return Document(
        ref=ref,
        label=title,
        description=tuple(
            Statement(ref, name, value) for name, value in described if value is not None
        ),
        language=language,
        sha256=digest,
        length=length,
        derived_from=derived,
        text=_open_text(reader, members, text, folder),
        paragraphs=_paragraphs(reader, text.get("paragraphs"), length),
    )


def _paragraphs(reader: NodeReader, node: Node | None, length: int) -> tuple[int, ...]:
    starts = [start for item in reader.items(node) if (start := reader.whole(item)) is not None]
    if node is not None and not all(one < other for one, other in pairwise([*starts, length])):
        reader.fault(node, f"offsets that rise and stay below {length}, the length of the text")
        return ()
    return tuple(starts)


def _open_text(
    reader: NodeReader, head: Mapping[str, Node], text: Mapping[str, Node], folder: Path
) -> str | None:
    """The text that is published whole: only with an open licence, and only if it is the text."""
    name = reader.text(text.get("file"))
    if name is None:
        return None
    node = text["file"]
    if "licence" not in head:
        reader.fault(
            node, "no 'file' without an open 'licence': restricted texts are not published"
        )
        return None
    path = _below(folder, name)
    if path is None:
        reader.fault(node, "a file below the seeds folder")
        return None
    try:
        raw = read_file(path, limits.PROSE)
        words = raw.decode("utf-8")
    except Unreadable as error:
        reader.fault(node, error.allowed, error.found)
        return None
    except UnicodeDecodeError as error:
        reader.fault(node, "a file in UTF-8", f"byte 0x{raw[error.start]:02x} at {error.start}")
        return None
    digest = hashlib.sha256(raw).hexdigest()
    if digest != text["sha256"].value:
        reader.fault(text["sha256"], f"the hash of {name}: {digest}")
        return None
    if fault := fault_in_prose(words):
        reader.fault(node, fault.allowed, fault.found)
        return None
    return words


def _below(folder: Path, name: str) -> Path | None:
    """The file of that name below `folder`, whose links lead nowhere else."""
    try:
        path = (folder / name).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a circle of links, before Python 3.13
        return None
    return path if path.is_relative_to(folder.resolve()) else None


def _claim(reader: NodeReader, values: Values, node: Node, document: Document) -> SheetClaim | None:
    members = reader.members(node, CLAIM, required=("id", "subject", "property", "span"))
    name = reader.text(members.get("id"))
    if name is not None and not _ID.match(name):
        reader.fault(members["id"], "a slug: lower case letters, digits and hyphens")
    subject = values.ref(members.get("subject"))
    statement = None if subject is None else values.statement(node, dict(members), subject)
    span = _span(reader, members.get("span"), document.length)
    quote = reader.text(members.get("quote"))
    if quote is not None and len(quote.split()) > QUOTE_WORDS:
        reader.fault(
            members["quote"], f"at most {QUOTE_WORDS} words", f"{len(quote.split())} words"
        )
    gloss = reader.text(members.get("gloss"))
    modality = values.concept(members.get("modality"), "modality")
    review = values.concept(members.get("review"), "reviewStatus")
    confidence = values.decimal(members.get("confidence"), 0, 1)
    speaker = values.ref(members.get("speaker"))
    if name is None or statement is None:
        return None
    claim = Claim(
        source=document.ref,
        id=name,
        statement=statement,
        modality=modality or Concept("Asserted"),
        polarity=values.boolean(members.get("polarity"), default=True),
        speaker=speaker,
        review=review or Concept("Reviewed"),
        confidence=confidence,
        gloss=Text(gloss) if gloss else None,
        span=span,
        paragraph=bisect_right(document.paragraphs, span.start) or None if span else None,
        quote=quote,
    )
    return SheetClaim(claim, node)


def _span(reader: NodeReader, node: Node | None, length: int) -> Span | None:
    if node is None:
        return None
    ends = [reader.whole(item) for item in reader.items(node)]
    if len(ends) != 2 or None in ends:
        if len(ends) != 2:
            reader.fault(node, "[start, end], two offsets in code points")
        return None
    start, end = ends
    if start is None or end is None or not start < end <= length:
        reader.fault(node, f"start < end <= {length}, the length of the text", f"[{start}, {end}]")
        return None
    return Span(start, end)
