"""Where IRIs are minted: the whole naming policy of the published data.

Instances are `{base}id/TYPE/SLUG`, named graphs `{base}graph/NAME`. Slugs come from stable raw
identifiers, never from labels that may be corrected later.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from ipaddress import IPv6Address

from kg.model.facts import Quantity, Ref

# One or more segments of RFC 3986 unreserved characters, so that no IRI ever needs escaping.
_SEGMENT = "[A-Za-z0-9][A-Za-z0-9._-]*"
_REF = re.compile(rf"[a-z][a-z-]*(?:/{_SEGMENT})+\Z")
_SLUG = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*\Z")

# What nearly all IRIs are like, so that few need the longer look.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9._~/-]*(?:#[A-Za-z0-9._~-]*)?")
_WEB = re.compile(r"https?://[^/?#]")


@cache
def _grammar() -> re.Pattern[str]:
    """RFC 3987 §2.2 `IRI`, which admits nothing that SPARQL 1.1 IRIREF [139] does not.

    Compiled when first needed: that takes 15 ms.
    """
    planes = "".join(f"{chr(each << 16)}-{chr((each << 16) + 0xFFFD)}" for each in range(1, 14))
    ucschar = f"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef{planes}\U000e1000-\U000efffd"
    iprivate = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
    name = f"A-Za-z0-9._~{ucschar}!$&'()*+,;=\\-"  # iunreserved, sub-delims

    def some(characters: str) -> str:
        return f"(?:[{characters}]|%[0-9A-Fa-f]{{2}})*"

    authority = (
        rf"(?:{some(name + ':')}@)?(?:\[[0-9A-Fa-f:.]+\]|{some(name)})(?::[0-9]*)?(?![^/?#])"
    )
    path = some(f"{name}:@/")
    query, fragment = some(f"{name}:@/?{iprivate}"), some(f"{name}:@/?")
    return re.compile(
        rf"[A-Za-z][A-Za-z0-9+.-]*:(?:(?!//)|//{authority}){path}(?:\?{query})?(?:\#{fragment})?"
    )


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI, as it may stand between `<` and `>` in RDF and SPARQL."""
    return _PLAIN.fullmatch(text) is not None or (
        _grammar().fullmatch(text) is not None and ("[" not in text or _has_address(text))
    )


def _has_address(text: str) -> bool:
    """Whether the brackets, which only a host may have, hold an address (RFC 3986 §3.2.2)."""
    try:
        IPv6Address(text[text.index("[") + 1 : text.index("]")])
    except ValueError:
        return False
    return True


def is_absolute(text: str) -> bool:
    """Whether `text` is an IRI of the web: http or https, with a host."""
    return _WEB.match(text) is not None and is_iri(text)


def is_ref(text: str) -> bool:
    """Whether `text` is TYPE/SLUG."""
    return _REF.match(text) is not None


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
    if not is_ref(text):
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

    def quantity(self, value: Quantity) -> str:
        """One IRI for what is counted alike: words that ASCII cannot tell apart have their hash."""
        about = ("about",) if value.approximate else ()
        words = " ".join((*about, *filter(None, value.kind)))
        number = f"{value.number.normalize():f}".replace("-", "minus-")
        plain = slugify(words) if words.isascii() else sha256(words.encode()).hexdigest()[:16]
        return self.entity("quantity/" + "-".join(filter(None, (number, plain))))

    def field(self, dataset: str, name: str) -> str:
        """The property of a data set's column."""
        slug = name if is_slug(name) else slugify(name)
        return self.entity(f"field/{dataset}/{slug or sha256(name.encode()).hexdigest()[:16]}")

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
    def judgement(self) -> str:
        return self.graph("judgement")

    @property
    def entities(self) -> str:
        return self.graph("entities")

    @property
    def ontology(self) -> str:
        return self.graph("ontology")

    @property
    def meta(self) -> str:
        return self.graph("meta")
