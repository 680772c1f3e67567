"""The app stands below the path of `base`, which a proxy may hand on or take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def root_of(base: str) -> str:
    """The path before each of ours, without its final `/`: empty for the root of a host."""
    return urlsplit(base).path.rstrip("/")


def below(path: str, root: str) -> str:
    """`path` without `root`, where it begins so."""
    if not root or not (path == root or path.startswith(f"{root}/")):
        return path
    return path[len(root) :] or "/"


@dataclass(frozen=True, slots=True)
class Mounted:
    """A WSGI app below `root`, unless the server that asks it has mounted it already."""

    app: App
    root: str

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("SCRIPT_NAME"):
            path = below(environ["PATH_INFO"], self.root)
            environ.update(SCRIPT_NAME=self.root, PATH_INFO=path)
        return self.app(environ, start_response)
