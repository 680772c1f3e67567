"""Writes the references that come from the code: commands, settings, URLs.

`make docs` runs it; `tests/test_docs.py` fails where a reference is not what it would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from kg.ask import open_graph
from kg.cli import main
from kg.model.settings import Settings, declared, default_of
from web.app import create_app

HERE = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; edit the code instead. -->"


def commands() -> str:
    """`docs/cli.md`: the help of each command."""
    parts = ["# Commands", NOTE, "Exit codes: 0 done, 1 the data is at fault, 2 the call is."]
    context = click.Context(main, info_name="kg", **main.context_settings)
    for name, command in {"": main, **main.commands}.items():
        inner = click.Context(command, info_name=name, parent=context) if name else context
        parts += [f"## kg {name}".rstrip(), f"```text\n{command.get_help(inner)}\n```"]
    return "\n\n".join(parts) + "\n"


def settings() -> str:
    """`docs/settings.md`: every setting with its default, variable and meaning."""
    lines = [
        "# Settings",
        "",
        NOTE,
        "",
        "A value comes from the first of: a command's option, the environment, `kg.toml`, the",
        "default.",
        "",
        "| setting | default | variable | meaning |",
        "|---|---|---|---|",
    ]
    for each in declared():
        variable = "" if each.name == "sources" else f"`KG_{each.name.upper()}`"
        default = f"`{default_of(each)!r}`".replace("'", '"')
        lines.append(f"| `{each.name}` | {default} | {variable} | {each.metadata['help']} |")
    return "\n".join(lines) + "\n"


def urls(app: Flask) -> str:
    """`docs/urls.md`: every route with the first sentence of its view's docstring."""
    lines = ["# URLs", "", NOTE, "", "| URL | methods | what |", "|---|---|---|"]
    lines += sorted(_routes(app))
    return "\n".join(lines) + "\n"


def _routes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        words = " ".join((view.__doc__ or "").split())
        sentence = re.split(r"(?<=\.)\s", words, maxsplit=1)[0]
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        if rule.endpoint == "static":
            sentence = "Style sheets, scripts and pictures."
        yield f"| `{path}` | {methods} | {sentence} |"


if __name__ == "__main__":
    (HERE / "cli.md").write_text(commands(), "utf-8")
    (HERE / "settings.md").write_text(settings(), "utf-8")
    with open_graph(HERE.parent) as graph:
        app = create_app(Settings.load(HERE.parent), graph)
        (HERE / "urls.md").write_text(urls(app), "utf-8")
