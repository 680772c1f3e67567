"""Faults of YAML in the words of somebody who writes a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import yaml

from kg.model import limits

_QUOTE = "the value in quotes, where it"
# What libyaml says, and how to mend what nearly always causes it in a sheet.
_MENDED: Mapping[str, str] = MappingProxyType(
    {
        "mapping values are not allowed in this context": f"{_QUOTE} holds a colon and a space "
        '(title: "Kerry in Russia: another reset"), and keys of one mapping equally indented',
        "found character that cannot start any token": f"{_QUOTE} begins with @, ` or %; "
        "spaces for indentation, no tab",
        "did not find expected key": "the whole value in quotes, where it has some in it ('it''s', "
        '"say \\"no\\""), and keys of one mapping equally indented',
        "did not find expected ',' or ']'": f"{_QUOTE} holds a bracket or comma; a closing ]",
        "did not find expected ',' or '}'": f"{_QUOTE} holds a brace or comma; a closing }}",
        "did not find expected node content": f"{_QUOTE} begins with a bracket or a brace; "
        "a closing ] or }",
        "did not find expected alphabetic or numeric character": f"{_QUOTE} begins with & or *",
        "found undefined tag handle": f"{_QUOTE} begins with !",
        "block sequence entries are not allowed in this context": f"{_QUOTE} begins with a hyphen; "
        "a list in lines of its own",
        "did not find expected '-' indicator": "a hyphen before each item of a list",
        "did not find expected comment or line break": f"{_QUOTE} begins with > or |",
        "found unexpected end of stream": "a closing quotation mark",
        "but found another document": "one document a file, without a line of ---",
        "exceeded maximum nesting depth": f"at most {limits.YAML_DEPTH} levels",
        "could not find expected ':'": "KEY: VALUE on each line",
    }
)


class YamlFault(NamedTuple):
    """Where YAML is not well-formed, what was found, and how to mend it."""

    line: int
    found: str
    allowed: str


def explain(error: yaml.YAMLError, text: str) -> YamlFault:
    """What the parser raised over `text`, as a place and what to do."""
    if isinstance(error, yaml.reader.ReaderError):
        # libyaml gives the offset in bytes, and the code point or the byte.
        line = text.encode()[: error.position].count(b"\n") + 1
        code = error.character if isinstance(error.character, int) else 0
        return YamlFault(line, f"U+{code:04X}", "text without control characters (XML 1.0 §2.2)")
    mark = getattr(error, "problem_mark", None)
    words = str(getattr(error, "problem", None) or error)
    allowed = _MENDED.get(words, "well-formed YAML")
    if mark is None:
        return YamlFault(0, f"a YAML fault: {words}", allowed)
    return YamlFault(mark.line + 1, f"a YAML fault in column {mark.column + 1}: {words}", allowed)
