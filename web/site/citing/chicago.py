"""Citations in the Chicago style (17th edition, full note), by the CSL processor citeproc-py.

It renders that edition as citeproc-js, the processor of Zotero, does, but for two things that are
done here: quotation marks within a title, and commas and periods inside of them (CSL 1.0.2,
"punctuation-in-quote"). Of the far longer styles of the 18th edition it loses names and entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    Locator,
)
from citeproc.formatter import html
from citeproc.model import TextCased
from citeproc.source.json import CiteProcJSON
from citeproc.string import String
from flask import Flask, current_app
from markupsafe import Markup

from web.site.citing.reference import Reference

STYLE = Path(__file__).parents[2] / "static/vendor/csl/chicago-fullnote-bibliography.csl"
_EXTENSION = "chancery.chicago"
# citeproc lets markup pass: characters that no text has (Unicode 23.7) stand for it until it can be
# escaped; and for what is filled in.
_TITLE, _URL = "\ufdd3", "\ufdd4"
_INERT = str.maketrans("<>&", "\ufdd0\ufdd1\ufdd2")
_ESCAPED = str.maketrans({"\ufdd0": "&lt;", "\ufdd1": "&gt;", "\ufdd2": "&amp;"})


def register(app: Flask) -> None:
    """Have `app` read the style once, before its children are forked."""
    app.extensions[_EXTENSION] = CitationStylesStyle(str(STYLE), validate=False)


def note(reference: Reference) -> Markup:
    """The footnote that cites `reference`, with its locator."""
    if not (reference.version and reference.url):
        return _finished(_footnote(reference))
    # What a release states differs in title and address alone, and to render takes milliseconds.
    made = _footnote(replace(reference, iri="", key="any", title=_TITLE, url=_URL))
    title = _inert(_title(reference))
    if reference.language[:2] in ("", "en"):
        title = str(_Headline().case(String(title), "en"))
    return _finished(made.replace(_TITLE, title).replace(_URL, _inert(reference.url)))


def entry(reference: Reference) -> Markup:
    """Its entry in a bibliography."""
    found, _ = _prepared(reference)
    return _finished(found.bibliography()[0])


def plain(rendered: Markup) -> str:
    """The same without italics."""
    return unescape(re.sub(r"</?[a-z][^<>]*>", "", rendered))


@lru_cache(256)
def _footnote(reference: Reference) -> str:
    found, citation = _prepared(reference)
    return str(found.cite(citation, _unknown))


class _Headline(TextCased):  # type: ignore[misc] # citeproc has no types
    """How the style writes titles."""

    def get(self, _: str) -> str:
        return "title"


def _prepared(reference: Reference) -> tuple[CitationStylesBibliography, Citation]:
    item = _inert({**reference.csl, "title": _title(reference)})
    found = CitationStylesBibliography(
        current_app.extensions[_EXTENSION], CiteProcJSON([item]), html
    )
    place = reference.locator
    told = {"locator": Locator(place.label, place.number)} if place and place.number else {}
    citation = Citation([CitationItem(item["id"], **told)])
    found.register(citation)
    return found, citation


def _title(reference: Reference) -> str:
    """Its title, with other marks for quotations in it than those it gets itself (Chicago 6.9)."""
    return re.sub("“([^“”]*)”", r"‘\1’", reference.title)  # noqa: RUF001 - as print has them


def _inert(value: Any) -> Any:
    """`value` without characters of markup, however deep they stand."""
    if isinstance(value, Mapping):
        return {name: _inert(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_inert(each) for each in value]
    return value.translate(_INERT) if isinstance(value, str) else value


def _finished(rendered: object) -> Markup:
    within = re.sub(r"(\u2019?\u201d)([.,])", r"\2\1", str(rendered))
    return Markup(within.translate(_ESCAPED))  # noqa: S704 - its only markup is citeproc's own


def _unknown(item: object) -> None:
    raise LookupError(f"the bibliography lacks {item}")
