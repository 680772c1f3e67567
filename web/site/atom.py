"""Atom feeds (RFC 4287): what each needs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from flask import Response

_NAMESPACE = "http://www.w3.org/2005/Atom"
_XML = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its permanent IRI, where a reader goes, and what it says."""

    iri: str
    title: str
    href: str
    updated: str
    summary: str


def atom(
    title: str, author: str, updated: str, links: Mapping[str, str], entries: Iterable[Entry]
) -> Response:
    """A feed; `links` are its addresses by their relations, `self` among them, which is its id."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _texts(root, id=links["self"], title=title, updated=updated)
    for relation, href in links.items():
        ET.SubElement(root, "link", rel=relation, href=href)
    _texts(ET.SubElement(root, "author"), name=author)
    for each in entries:
        entry = ET.SubElement(root, "entry")
        _texts(entry, id=each.iri, title=each.title, updated=each.updated, summary=each.summary)
        ET.SubElement(entry, "link", href=each.href)
    body = ET.tostring(root, "utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text.translate(_XML)
