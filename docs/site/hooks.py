"""What the site takes from beside docs/, and what becomes of links that leave docs/."""

from __future__ import annotations

import re
from pathlib import Path

from properdocs.config.defaults import ProperDocsConfig
from properdocs.structure.files import File, Files
from properdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
TAKEN = {
    "CHANGELOG.md": "changelog.md",
    "benchmarks/RESULTS.md": "measurements.md",
    "web/static/tokens.css": "tokens.css",
    "web/static/favicon.svg": "favicon.svg",
}
_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\((?!https?:|#)([^)\s]*)\)")


def on_files(files: Files, config: ProperDocsConfig) -> Files:
    """The changes, the measurements and the colours are those of the repository."""
    for path in [*TAKEN, *(str(each.relative_to(ROOT)) for each in _charts())]:
        name = TAKEN.get(path, path.removeprefix("benchmarks/"))
        files.append(File.generated(config, name, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """A link to a file that the site has leads there; one to the code beside it is only told."""
    source = next((each for each, name in TAKEN.items() if name == page.file.src_uri), "docs/x")
    folder = (ROOT / source).parent

    def led(found: re.Match[str]) -> str:
        text, target = found.groups()
        path, hash_, anchor = target.partition("#")
        there = (folder / path).resolve()
        if not there.is_relative_to(ROOT) or not there.exists():
            return found[0]  # the build says that it is broken
        inside = there.relative_to(ROOT).as_posix()
        name = TAKEN.get(inside, inside.removeprefix("docs/"))
        told = name == inside or name.startswith("examples/")
        return text if told else f"[{text}]({name}{hash_}{anchor})"

    return _LINK.sub(led, markdown)


def _charts() -> list[Path]:
    return sorted((ROOT / "benchmarks" / "results").glob("*.svg"))
