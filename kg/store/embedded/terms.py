"""Whether terms are well-formed, as the engine sees it: it loads whatever a build hands it."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI (RFC 3987 §2.2)."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def is_language_tag(text: str) -> bool:
    """Whether `text` is a well-formed language tag (RFC 5646 §2.2.9)."""
    try:
        Literal("", language=text)
    except ValueError:
        return False
    return True
