"""Whether a package that Python would import is ours: other distributions install a `web`, too."""

from __future__ import annotations

from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from kg.model.errors import ChanceryError

DISTRIBUTION = "chancery-kg"
# How the first file of each of our packages begins. Another's may be written over it, since pip
# installs all into one folder.
BEGINNING = '"""Chancery'
AGAIN = f"install {DISTRIBUTION} again (pip install --force-reinstall --no-deps)"


class ForeignPackage(ChanceryError):
    """A package of ours has another's in its place, or lost a file with another's removal."""


def require_own(package: str) -> None:
    """Find a package of ours, without running what may be another's code.

    Raises:
        ForeignPackage: it is not the one that was installed with this `kg`.
    """
    ours = Path(__file__).parents[1] / package / "__init__.py"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ForeignPackage(
            f"{ours} is absent; another package's removal may have taken it: {AGAIN}"
        )
    found = Path(spec.origin)
    if (
        ours.exists()
        and found.samefile(ours)
        and found.read_text("utf-8", "replace").startswith(BEGINNING)
    ):
        return
    if owner := _owner(found):
        raise ForeignPackage(
            f"the package '{package}' is {owner}'s, not ours: {found}; give each an environment of "
            f"its own, or 'pip uninstall {owner}' and {AGAIN}"
        )
    raise ForeignPackage(
        f"the package '{package}' is {found}, not ours: it comes first on Python's path; take its "
        "folder off (PYTHONPATH), or give each an environment of its own"
    )


def require_extra(module: str, extra: str) -> None:
    """Find what an extra of this distribution installs.

    Raises:
        ChanceryError: it is not there.
    """
    if find_spec(module) is None:
        raise ChanceryError(f"this needs more: pip install '{DISTRIBUTION}[{extra}]'")


def _owner(file: Path) -> str | None:
    """The distribution, other than ours, that installed a file."""
    for each in distributions():
        name: str = each.metadata["Name"]
        files = each.files or ()
        if name != DISTRIBUTION and any(
            part.name == file.name and Path(str(part.locate())) == file for part in files
        ):
            return name
    return None
