"""Modules that lie beside `kg.toml`, imported by their file.

The project's folder never gets on `sys.path`: a file that happens to bear the name of a library's
optional dependency would be run as that.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from kg.model.errors import ChanceryError

_MARK = "beside kg.toml"


def load_beside(folder: Path, name: str) -> ModuleType | None:
    """The module `name`, where `folder` has it, as a file or within a package.

    Raises:
        ChanceryError: another module has the name, for which everybody else would take it.
    """
    top = name.partition(".")[0]
    places = (folder / f"{top}.py", folder / top / "__init__.py")
    file = next((each for each in places if each.is_file()), None)
    if file is None:
        return None
    before = sys.modules.get(top)
    if before is not None and getattr(before.__spec__, "loader_state", None) == _MARK:
        if before.__file__ == str(file):
            return import_module(name)
        _forget(top)
    if (other := find_spec(top)) is not None and other.origin != str(file):
        raise ChanceryError(
            f"{file} has the name of a module that is installed ({other.origin}); rename it"
        )
    spec = spec_from_file_location(top, file)
    if spec is None or spec.loader is None:
        return None
    spec.loader_state = _MARK
    module = sys.modules[top] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return import_module(name)


def _forget(top: str) -> None:
    """Make room: another project of this process has a module of that name."""
    for each in [each for each in sys.modules if each == top or each.startswith(f"{top}.")]:
        del sys.modules[each]
