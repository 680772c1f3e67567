"""The parts of a drawing, as SVG: elements, and a file that stands alone.

Positions across are per cent and those down are pixels, so that a drawing fills whatever width it
has and its letters keep their size.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from markupsafe import Markup, escape

_WIDTH = 720  # of a drawing that stands alone
INNER = _WIDTH - 32  # without its margins
# XML 1.0 §2.2: what no document may have, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, inside: str = "", **attributes: object) -> Markup:
    """An element; a trailing `_` of an attribute's name is left out, another one is a `-`."""
    written = "".join(
        f' {each.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for each, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{escape(inside)}</{name}>")  # noqa: S704 - both are escaped


def text(words: str, x: float, y: float, style: str) -> Markup:
    """Words at a place."""
    return element("text", words, class_=style, x=per(x), y=round(y, 1))


def per(number: float) -> str:
    """A position across."""
    return f"{number:.3f}".rstrip("0").rstrip(".") + "%"


def cut(label: str, most: int) -> str:
    """`label` on a line for `most` characters."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def alone(
    drawing: Markup, height: float, *, title: str, description: str, source: str, base: str
) -> str:
    """`drawing` as a file of its own: with its looks, its title, and `source`, where it is from.

    Addresses are made whole by `base`, since the file may be kept anywhere.
    """
    whole = height + 92
    drawn = element(
        "svg",
        Markup("").join(
            [
                element("title", title),
                element("desc", f"{description} {source}"),
                element("style", looks()),
                element("rect", class_="ground", width="100%", height="100%"),
                element("text", title, class_="title", x=16, y=30),
                element("svg", drawing, x=16, y=46, width=INNER, height=height),
                element("text", source, class_="source", x=16, y=whole - 16),
            ]
        ),
        class_="alone",
        xmlns="http://www.w3.org/2000/svg",
        width=_WIDTH,
        height=whole,
        viewBox=f"0 0 {_WIDTH} {whole}",
    )
    linked = re.sub(r'href="(/[^"]*)"', lambda found: f'href="{urljoin(base, found[1])}"', drawn)
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", linked)


@cache
def looks() -> Markup:
    """The site's own colours and looks, which a file of its own takes along."""
    static = Path(__file__).parents[1] / "static"
    sheets = (static / each for each in ("tokens.css", "charts.css"))
    looks = "\n".join(each.read_text("utf-8") for each in sheets)
    return Markup(looks)  # noqa: S704 - our own sheets
