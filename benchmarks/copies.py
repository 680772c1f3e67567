"""Copies of the public records with shifted ids, to see how a build grows with its input."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

# What names a row or a person; states and roles stay as they are, so that copies share them.
_IDS = re.compile(
    r"(<(?:id|person-id|chief-id|old-id)>\s*)([\w-]+)(?=\s*</)|(\bwho=\")([\w-]+)(?=\")"
)
_SHARED = ("roles-country-chiefs", "code-tables", "schema", "presidents")


def copy_records(records: Path, target: Path, copies: int) -> None:
    """Write `copies` of travels, visits and pocom below `target`; the first has its own ids."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(records.rglob("*.xml")):
        where = target / path.relative_to(records)
        where.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        where.write_text(text, "utf-8")
        if not set(_SHARED) & set(path.parts):
            for number in range(1, copies):
                name = f"{path.stem}-copy-{number}.xml"
                where.with_name(name).write_text(_shift(text, number), "utf-8")


def _shift(text: str, number: int) -> str:
    return _IDS.sub(
        lambda found: f"{found[1] or found[3]}{found[2] or found[4]}-copy-{number}", text
    )
