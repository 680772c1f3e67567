"""The table of formats: what it says is what the engine writes."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.model.formats import FORMATS, Format, Holds

each_format = pytest.mark.parametrize("written", FORMATS, ids=lambda each: each.extension)


@each_format
def test_the_engine_has_it(written: Format) -> None:
    """Media type and extension are those that the engine registers, for the same format."""
    of = QueryResultsFormat if written.holds is Holds.ROWS else RdfFormat
    found = of.from_media_type(written.media_type)
    assert found is not None
    assert found == of.from_extension(written.extension)
    assert found.media_type.partition(";")[0] == written.media_type


@each_format
def test_quads_need_named_graphs(written: Format) -> None:
    """What holds quads knows named graphs; JSON-LD does, and is written without them."""
    if written.holds is not Holds.ROWS:
        found = RdfFormat.from_media_type(written.media_type)
        assert found is not None
        assert found.supports_datasets == (written.holds is Holds.QUADS or found.name == "JSON-LD")


def test_no_two_are_alike() -> None:
    """An extension, a media type and a label name one format each."""
    for names in zip(
        *((each.extension, each.media_type, each.label) for each in FORMATS), strict=True
    ):
        assert len(set(names)) == len(FORMATS)
