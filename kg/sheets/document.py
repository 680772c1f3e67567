"""A document's sheet: its head, and the claims it makes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kg.model import limits
from kg.model.facts import Document, Ref, Statement, Value
from kg.model.files import Unreadable, read_file
from kg.model.nodes import Node, NodeReader
from kg.model.texts import fault_in_prose
from kg.sheets.claims import ClaimReader, SheetClaim
from kg.sheets.entities import DescribedEntity
from kg.sheets.values import ID, Values

HEAD = (
    "id", "title", "language", "published", "publisher", "author", "rights", "licence",
    "homepage", "derived_from", "text",
)  # fmt: skip
TEXT = ("sha256", "length", "paragraphs", "file")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one document's sheet says, and what its claims name that needs no description."""

    document: Document
    head: Node
    claims: tuple[SheetClaim, ...]
    implied: tuple[DescribedEntity, ...]
    reader: NodeReader


def read_document(
    values: Values, head: Node, claims: Node | None, folder: Path, texts: Mapping[str, str]
) -> Sheet | None:
    """Read the head and the claims of one document; None where the head cannot be used.

    `texts` are those at hand, by their SHA-256; quotes find their passages in them.
    """
    reader = values.reader
    document = _head(reader, values, head, folder)
    if document is None:
        return None
    text = texts.get(document.sha256) if document.text is None else document.text
    claim_reader = ClaimReader(values, document, text)
    read = [each for item in reader.items(claims) for each in claim_reader.read(item)]
    return Sheet(document, head, tuple(read), tuple(claim_reader.implied), reader)


def _head(reader: NodeReader, values: Values, node: Node, folder: Path) -> Document | None:
    members = reader.members(node, HEAD, required=("id", "title", "rights", "text"))
    slug, title = reader.text(members.get("id")), values.tagged(members.get("title"))
    derived = values.refs(members.get("derived_from"))
    text = reader.members(members.get("text"), TEXT, required=("sha256", "length"))
    digest, length = reader.text(text.get("sha256")), reader.whole(text.get("length"))
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", digest):
        reader.fault(text["sha256"], "64 hexadecimal digits, in lower case")
    if slug is not None and not ID.match(slug):
        reader.fault(members["id"], "a slug: lower case letters, digits and hyphens")
        return None
    if slug is None or title is None or digest is None or length is None:
        return None
    ref = Ref(f"document/{slug}")
    described: list[tuple[str, Value | None]] = [
        ("dcterms:title", title),
        ("dcterms:publisher", values.ref(members.get("publisher"))),
        ("dcterms:creator", values.ref(members.get("author"))),
        ("dcterms:issued", values.date(members.get("published"))),
        ("dcterms:rights", values.prose(members.get("rights"))),
        ("dcterms:license", values.url(members.get("licence"))),
        ("foaf:homepage", values.url(members.get("homepage"))),
    ]
    return Document(
        ref=ref,
        label=title,
        description=tuple(
            Statement(ref, name, value) for name, value in described if value is not None
        ),
        language=values.language,
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
