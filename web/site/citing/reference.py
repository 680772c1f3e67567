"""What is cited, as the Citation Style Language has it (CSL 1.0.2, appendix IV)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kg.model.rdf import Iri
from web.site.citing.dates import csl_date

# What a work should tell, by the name under which we say that it does not.
_EXPECTED = (
    ("authors", "author"),
    ("publisher", "publisher"),
    ("issued", "date"),
    ("url", "address"),
)


@dataclass(frozen=True, slots=True)
class Author:
    """An author: in parts where the graph knows how the name sorts, else as a whole."""

    whole: str
    family: str = ""
    given: str = ""

    @classmethod
    def of(cls, label: str, sorted_by: str = "") -> Author:
        """`sorted_by` is the name that lists order by, `Mankoff, Jeffrey`; empty if unknown."""
        family, comma, given = map(str.strip, sorted_by.partition(","))
        return cls(label, family, given) if comma and given else cls(label)

    @property
    def csl(self) -> dict[str, str]:
        if self.family:
            return {"family": self.family, "given": self.given}
        return {"literal": self.whole}

    def __str__(self) -> str:
        return f"{self.family}, {self.given}" if self.family else self.whole


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in a work it stands: a locator of CSL, of its `label`, with the words themselves.

    `where` says the same for people, and more exactly.
    """

    label: str = ""
    number: str = ""
    quotes: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        quoted = " … ".join(f"“{each}”" for each in self.quotes)
        return ", ".join(filter(None, [quoted, self.where]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A work, as far as the graph knows it; what it does not state stays empty.

    `issued` is a date of EDTF, `key` names the reference among others, `version` is the release of
    what the graph itself states, `rights` its licence or what is said of its rights.
    """

    iri: Iri
    key: str
    type: str
    title: str
    language: str = ""
    authors: tuple[Author, ...] = ()
    publisher: str = ""
    container: str = ""
    number: str = ""
    issued: str = ""
    url: str = ""
    doi: str = ""
    version: str = ""
    rights: str = ""
    locator: Locator | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What the graph does not state of a work of others."""
        expected = () if self.version else _EXPECTED
        return tuple(name for field, name in expected if not getattr(self, field))

    @property
    def genre(self) -> str:
        """What kind of work it is, in words that styles print."""
        return f"data set, release {self.version[:12]}" if self.version else ""

    @property
    def note(self) -> str:
        """What formats have no field for: the passage, and who may use it how."""
        passage = f"Passage: {self.locator}" if self.locator and str(self.locator) else ""
        silent = f"Not stated: {', '.join(self.missing)}" if self.missing else ""
        rights = f"Rights: {self.rights}" if self.rights else ""
        return ". ".join(each.rstrip(".") for each in (passage, silent, rights) if each)

    @property
    def csl(self) -> dict[str, Any]:
        """The reference in CSL-JSON."""
        item = {
            "id": self.key,
            "type": self.type,
            "title": self.title,
            "author": [each.csl for each in self.authors],
            "container-title": self.container,
            "publisher": self.publisher,
            "number": self.number,
            "genre": self.genre,
            "version": self.version,
            "issued": csl_date(self.issued) if self.issued else None,
            "DOI": self.doi,
            "URL": self.url,
            "language": self.language,
            "note": self.note,
        }
        return {name: value for name, value in item.items() if value}


def key_of(path: str) -> str:
    """What to call the reference to the thing at `path`, in letters that all formats take."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "reference"


def line(text: str) -> str:
    """`text` in one line: line ends and control characters end records of the formats."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
