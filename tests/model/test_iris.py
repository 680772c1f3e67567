"""The one check of an IRI, compared with the engine's, which reads RFC 3987 too."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.model.iris import is_absolute, is_iri

_STARTS = ("http://", "https://a", "http:", "urn:", "a:", "", "//", "http://u@", "http://[", "-:")
_MARKS = "ab1:/?#[]@!$&'()*+,;=%-._~ \\|^`{}<>\"\x00\u2028"
_FOREIGN = "é\ue000\ufffd\ufffe\U00010000\U0001ffff\U000e0001"
_PARTS = (*_MARKS, *_FOREIGN, "%41", "%4", "::1", "::1]", "]:80", "v1.x]")


@given(st.sampled_from(_STARTS), st.lists(st.sampled_from(_PARTS), max_size=8))
@example("http://[", ["::1]", "/"])
@example("http://[", ["::1]", ":", "a"])
@example("a:", ["/", "/", "]"])
def test_as_the_engine_judges(start: str, parts: list[str]) -> None:
    """What the build accepts the engine does, and the reverse; `[v1.x]` is no address to us."""
    text = start + "".join(parts)
    if "[v" in text.lower():
        return
    try:
        NamedNode(text)
    except ValueError:
        assert not is_iri(text)
    else:
        assert is_iri(text)


@pytest.mark.parametrize("text", ["http:///", "http://", "http://[::1/", "ftp://a/", "http://a/ b"])
def test_no_address_of_the_web(text: str) -> None:
    """A base or a link has http or https, and a host."""
    assert not is_absolute(text)
    assert is_absolute("http://[::1]:8000/a")
