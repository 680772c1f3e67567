"""Where the data files that travel with the code lie."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parents[1]


def resource(name: str) -> Path:
    """The folder `ontology` or `queries`: packed into the wheel, or at the root of a checkout."""
    packaged = _HERE / "packaged" / name
    return packaged if packaged.is_dir() else _HERE.parent / name
