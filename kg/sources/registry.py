"""The data sets that can be named in `kg.toml`, under `[sources]`: one line each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kg.sources import SourceFactory
from kg.sources.pocom import Pocom
from kg.sources.travels import Travels
from kg.sources.visits import Visits

REGISTRY: Mapping[str, SourceFactory] = MappingProxyType(
    {
        "pocom": Pocom,
        "travels": Travels,
        "visits": Visits,
    }
)
