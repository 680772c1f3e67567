"""Answers as short as an agent can read: JSON without what is empty, and with lists cut to fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST = 16_000  # characters of an answer, some 4,000 tokens
_TEXT = 6_000  # of one text in it


def fitted(answer: Any) -> str:
    """`answer` as JSON of at most `MOST` characters, which tells how many were left out of what."""
    kept, cut = json.loads(json.dumps(answer), object_hook=_kept), dict[str, int]()
    while len(text := _written(kept | {"left_out": cut} if cut else kept)) > MOST:
        path, longest = max(_lists(kept, ""), key=lambda each: len(_written(each[1])))
        half = len(longest) // 2
        cut[path] = cut.get(path, 0) + len(longest) - half
        del longest[half:]
    return text


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    cut = {n: v[:_TEXT] if isinstance(v, str) else v for n, v in found.items()}
    return {name: each for name, each in cut.items() if each not in (None, "", [], {})}


def _lists(found: Any, path: str) -> Iterator[tuple[str, list[Any]]]:
    """Each list with something in it, by the way to it."""
    if isinstance(found, list) and found:
        yield path, found
    inner = found if isinstance(found, dict) else dict(enumerate(found))
    for name, each in inner.items():
        if isinstance(each, (dict, list)):
            yield from _lists(each, f"{path}.{name}".lstrip("."))


def _written(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
