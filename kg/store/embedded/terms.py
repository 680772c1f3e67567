"""Whether terms are well-formed, as the engine sees it: it loads whatever a build hands it."""

from __future__ import annotations

from pyoxigraph import Literal


def is_language_tag(text: str) -> bool:
    """Whether `text` is a well-formed language tag (RFC 5646 §2.2.9)."""
    try:
        Literal("", language=text)
    except ValueError:
        return False
    return True
