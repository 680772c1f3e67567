"""The sources that a project names in `kg.toml`, found by name and made.

`use` names one: `module:Class`, of a module that lies beside `kg.toml` or is installed, or an entry
point of the group `chancery.sources`, as the built-in ones are.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from kg.build.gather.contributed import calling
from kg.build.gather.project_modules import load_beside
from kg.model.errors import ChanceryError
from kg.model.nodes import choice
from kg.model.settings import SettingError, Settings
from kg.model.sources import Known, Source, SourceFactory, Surveyed
from kg.ontology import Ontology

GROUP = "chancery.sources"
_ANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def make_sources(
    settings: Settings, known: Known, ontology: Ontology
) -> dict[str, Source | Surveyed]:
    """Every source of the project, by its name, in the order of the names.

    Raises:
        SettingError: a source is unknown, or an option of it, or its path leads nowhere.
        ContributedError: the code of a source failed.
    """
    paths = {}
    for name, options in settings.sources.items():
        if "path" in options:
            paths[name] = path = settings.source_path(name)
            # Registers that are read together find one another by what they are.
            paths.setdefault(options.get("use", name), path)
            if not path.exists():
                raise SettingError(
                    f"sources: {name} = {path} does not exist; the README says how to get the data"
                )
    known = replace(known, paths=paths)
    return {
        name: make_source(name, settings.sources[name], known, ontology, settings.directory)
        for name in sorted(settings.sources)
    }


def make_source(
    name: str, options: Mapping[str, Any], known: Known, ontology: Ontology, folder: Path
) -> Source | Surveyed:
    """The source `name` with its options, in the project of `folder`.

    Raises:
        SettingError: there is no such source, or it has no such option.
        ChanceryError: a package that it needs is not installed.
        ContributedError: its code failed.
    """
    given = {key: value for key, value in options.items() if key != "use"}
    if "path" in given:
        given["path"] = known.paths[name]
    factory = _factory(name, options.get("use", name), folder)
    with calling(name, factory):
        parameters = inspect.signature(factory).parameters
        asked = {key for key, each in parameters.items() if each.kind not in _ANY}
        named = {"name": name, "known": known, "ontology": ontology}
        arguments = {**{key: value for key, value in named.items() if key in asked}, **given}
        if unknown := [] if len(asked) < len(parameters) else sorted(arguments.keys() - asked):
            allowed = choice(unknown[0], {"use", *asked} - named.keys())
            raise SettingError(f"sources: {name}: found {unknown[0]!r}; allowed: {allowed}")
        for key in asked - arguments.keys():
            if parameters[key].default is inspect.Parameter.empty:
                raise SettingError(f"sources: {name}: the option {key!r} is missing")
        return factory(**arguments)


def _factory(name: str, use: str, folder: Path) -> SourceFactory:
    module, colon, attribute = use.partition(":")
    try:
        if not colon:
            return _installed(name, use)
        with calling(name, folder / f"{module.partition('.')[0]}.py"):
            found: Any = load_beside(folder, module) or import_module(module)
    except ModuleNotFoundError as error:
        missing = str(error.name)
        if colon and f"{module}.".startswith(f"{missing}."):
            raise SettingError(
                f"sources: {name}: no module {missing!r}, beside {folder}/kg.toml or installed"
            ) from None
        raise ChanceryError(
            f"sources: {name} needs the package {missing}; pip install {missing}"
        ) from error
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise SettingError(f"sources: {name}: {module} has no class {attribute!r}")
    factory: SourceFactory = found
    return factory


def _installed(name: str, use: str) -> SourceFactory:
    offered = {each.name: each for each in entry_points(group=GROUP)}
    if use not in offered:
        again = "" if "table" in offered else "; is Chancery installed anew since it was updated?"
        allowed = f"{choice(use, offered)}, or MODULE:CLASS{again}"
        raise SettingError(f"sources: {name}: unknown {use!r}; allowed: {allowed}")
    with calling(name, use):
        factory: SourceFactory = offered[use].load()
    return factory
