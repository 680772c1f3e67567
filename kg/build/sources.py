"""The data sets that can be named in `kg.toml`, under `[sources]`: one line each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from kg.model.errors import ChanceryError
from kg.model.sources import Known, Source, SourceFactory

# Names to import when they are asked for, as not every project reads every register.
REGISTRY: Mapping[str, str] = MappingProxyType(
    {
        "pocom": "kg.registers.us_state.pocom:Pocom",
        "travels": "kg.registers.us_state.travels:Travels",
        "visits": "kg.registers.us_state.visits:Visits",
    }
)


def make_source(name: str, path: Path, known: Known) -> Source:
    """The source that the registry names, over the data at `path`.

    Raises:
        ChanceryError: a package that it needs is not installed.
    """
    module, _, attribute = REGISTRY[name].partition(":")
    try:
        factory: SourceFactory = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        raise ChanceryError(
            f"sources: {name} needs the package {error.name}; pip install {error.name}"
        ) from error
    return factory(path, known)
