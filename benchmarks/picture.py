"""A picture of ratios: bars on a logarithmic scale, as SVG."""

from __future__ import annotations

import math
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

OURS = "Chancery"


def ratio(value: float) -> str:
    """A ratio as people read it: 15×, 2.4×, 0.61×."""
    return f"{value:.0f}×" if value >= 10 else f"{value:.1f}×" if value >= 1 else f"{value:.2f}×"


def picture_of(document: dict[str, Any]) -> str:
    """Bars on a logarithmic scale: to the right of 1, Chancery is faster."""
    names = [name for name in document["servers"] if name != OURS]
    colours = dict(zip(names, ("#b5651d", "#3a6b8a", "#6b7f3a", "#7a4f7a"), strict=False))
    left, width, row, top = 270, 520, 14, 40
    low, high = -1.0, 3.0

    def x(ratio: float) -> float:
        return left + width * (min(max(math.log10(ratio), low), high) - low) / (high - low)

    marks, y = [], top
    for title, figures in document["figures"].items():
        ours = median(figures[OURS])
        middle = y + row * len(names) / 2 + 4
        marks.append(f'<text x="{left - 10}" y="{middle}" text-anchor="end">{escape(title)}</text>')
        for name in names:
            theirs = median(figures[name])
            if ours and theirs:
                start, end = sorted((x(1), x(ours / theirs)))
                marks.append(
                    f'<rect x="{start:.1f}" y="{y}" width="{end - start:.1f}" height="{row - 3}" '
                    f'fill="{colours[name]}"/><text x="{end + 4:.1f}" y="{y + 9}" class="n">'
                    f"{ratio(ours / theirs)}</text>"
                )
            y += row
        y += 10
    grid = "".join(
        f'<line x1="{x(10**power):.1f}" x2="{x(10**power):.1f}" y1="{top - 8}" y2="{y}" '
        f'class="{"one" if power == 0 else "grid"}"/>'
        f'<text x="{x(10**power):.1f}" y="{top - 14}" text-anchor="middle" class="n">'
        f"{10**power:g}×</text>"
        for power in range(int(low), int(high) + 1)
    )
    legend = "".join(
        f'<rect x="{left + 150 * i}" y="{y + 10}" width="10" height="10" fill="{colours[name]}"/>'
        f'<text x="{left + 150 * i + 15}" y="{y + 19}">{escape(name)}</text>'
        for i, name in enumerate(names)
    )
    style = (
        "text{font:12px system-ui,sans-serif;fill:#333}.n{font-size:10px;fill:#666}"
        ".grid{stroke:#ddd}.one{stroke:#333}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {y + 35}" '
        f'role="img"><title>How many times faster Chancery is, {document["size"]:,} quads</title>'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{grid}{''.join(marks)}{legend}</svg>\n"
    )
