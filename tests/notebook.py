"""Runs the cells of a notebook, one after another in one namespace, as Jupyter does."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def outputs(path: Path) -> Iterator[tuple[str, str]]:
    """What each cell of code shows, by the notebook and in fact."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield _kept(cell["outputs"]), shown("".join(cell["source"]), names)


def shown(source: str, names: dict[str, Any]) -> str:
    """What a cell prints, and the value of its last line."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - the notebook's own
        if isinstance(last, ast.Expr):
            code = compile(ast.Expression(last.value), "<cell>", "eval")
            said.write(repr(eval(code, names)))  # noqa: S307
    return said.getvalue().rstrip("\n")


def _kept(found: list[dict[str, Any]]) -> str:
    texts = ["".join(each.get("text") or each["data"]["text/plain"]) for each in found]
    return "".join(texts).rstrip("\n")
