"""Where IRIs are minted: the whole naming policy of the published data.

Instances are `{base}id/TYPE/SLUG`, named graphs `{base}graph/NAME`. Slugs come from stable raw
identifiers, never from labels that may be corrected later.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kg.model.facts import Ref

# One or more segments of RFC 3986 unreserved characters, so that no IRI ever needs escaping.
_SEGMENT = "[A-Za-z0-9][A-Za-z0-9._-]*"
_REF = re.compile(rf"[a-z][a-z-]*(?:/{_SEGMENT})+\Z")
_SLUG = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*\Z")

# RFC 3987 absolute IRI without what SPARQL's IRIREF forbids (SPARQL 1.1 §19.8 [139]).
_ABSOLUTE = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")


def is_absolute(text: str) -> bool:
    """Whether `text` is an absolute http(s) IRI that needs no escaping."""
    return _ABSOLUTE.match(text) is not None


def is_slug(text: str) -> bool:
    """Whether `text`, an identifier of some source, can stand in an IRI as it is."""
    return _SLUG.match(text) is not None


def slugify(name: str) -> str:
    """A slug from a raw identifier: ASCII, lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def parse_ref(text: str) -> Ref:
    """Read `TYPE/SLUG`.

    Raises:
        ValueError: the text has another form.
    """
    if not _REF.match(text):
        raise ValueError(f"{text!r} is not TYPE/SLUG in letters, digits, '.', '_' and '-'")
    return Ref(text)


@dataclass(frozen=True, slots=True)
class Minter:
    """Mints every IRI of one publication.

    `base` is the absolute IRI, ending in `/`, under which the graph is published.
    """

    base: str

    def entity(self, ref: str) -> str:
        return f"{self.base}id/{ref}"

    def graph(self, name: str) -> str:
        return f"{self.base}graph/{name}"

    def source_graph(self, source: Ref) -> str:
        """The graph of a document (`document/another-reset`), or of a record's data set."""
        if source.type == "record":
            return self.graph("records/" + source.slug.partition("/")[0])
        return self.graph(source)

    @property
    def accepted(self) -> str:
        return self.graph("accepted")

    @property
    def entities(self) -> str:
        return self.graph("entities")

    @property
    def ontology(self) -> str:
        return self.graph("ontology")

    @property
    def meta(self) -> str:
        return self.graph("meta")
