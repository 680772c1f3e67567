"""YAML read into nodes that remember their line, so that every fault can name its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kg.model.errors import Problem


@dataclass(frozen=True, slots=True)
class Node:
    """One YAML node. `value` is a str, a tuple of nodes, or a dict of nodes by key."""

    line: int
    path: str
    value: Any

    @property
    def shown(self) -> str:
        """What was found, short enough for a message."""
        if isinstance(self.value, str):
            text = self.value if len(self.value) <= 80 else self.value[:77] + "…"
            return repr(text)
        return "a mapping" if isinstance(self.value, dict) else "a list"


@dataclass(slots=True)
class Reader:
    """Reads one file; faults are collected in `problems`, so that a run shows them all."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def fault(self, node: Node, allowed: str, found: str | None = None) -> None:
        self.problems.append(Problem(self.file, node.line, node.path, found or node.shown, allowed))

    def load(self, path: Path) -> Node | None:
        """The root node of the file, or None where it has none that can be read."""
        root = Node(0, "", "")
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(root, "UTF-8", f"byte 0x{error.object[error.start]:02x} at {error.start}")
            return None
        try:
            # An alias can stand for exponentially much (the "billion laughs").
            if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.CLoader)):
                self.fault(root, "each value written out", "a YAML alias (*name)")
                return None
            tree = yaml.compose(text, yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Node(mark.line + 1 if mark else 0, "", "")
            words = getattr(error, "problem", None) or str(error)
            self.fault(place, "well-formed YAML", f"a YAML fault: {words}")
            return None
        if tree is None:
            self.fault(root, "a sheet as in docs/sheets.md", "an empty file")
            return None
        return self._node(tree, "")

    def _node(self, tree: yaml.Node, path: str) -> Node:
        line = tree.start_mark.line + 1
        if isinstance(tree, yaml.SequenceNode):
            return Node(
                line,
                path,
                tuple(self._node(item, f"{path}[{i}]") for i, item in enumerate(tree.value)),
            )
        if not isinstance(tree, yaml.MappingNode):
            return Node(line, path, "" if tree.tag.endswith(":null") else str(tree.value))
        members: dict[str, Node] = {}
        for key, value in tree.value:
            name = str(key.value)
            child = self._node(value, f"{path}.{name}" if path else name)
            if name in members:
                self.fault(child, f"each key once; {name!r} stands at line {members[name].line}")
            members.setdefault(name, child)
        return Node(line, path, members)

    def members(
        self, node: Node | None, allowed: Iterable[str], required: Iterable[str] = ()
    ) -> Mapping[str, Node]:
        """The members of a mapping; unknown and missing keys are faults."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.fault(node, "a mapping")
            return {}
        names = list(allowed)
        for key, child in node.value.items():
            if key not in names:
                self.fault(child, choice(key, names), f"key {key!r}")
        for key in required:
            if key not in node.value:
                self.fault(node, f"the key {key!r}", "none")
        return node.value

    def items(self, node: Node | None) -> Iterator[Node]:
        """The items of a list."""
        if node is None:
            return
        if isinstance(node.value, tuple):
            yield from node.value
        else:
            self.fault(node, "a list")

    def text(self, node: Node | None) -> str | None:
        """The words of a scalar, without control characters (XML 1.0 §2.2 has no room for them)."""
        if node is None:
            return None
        if not isinstance(node.value, str) or not node.value:
            self.fault(node, "text", None if node.value else "nothing")
            return None
        if any(ord(mark) < 0x20 and mark not in "\t\n" for mark in node.value):
            self.fault(node, "text without control characters")
            return None
        return node.value

    def whole(self, node: Node | None) -> int | None:
        """A whole number that is not negative."""
        words = self.text(node)
        if words is None or node is None:
            return None
        if not words.isascii() or not words.isdigit():
            self.fault(node, "a whole number")
            return None
        return int(words)


def choice(found: str, allowed: Iterable[str]) -> str:
    """What is allowed, with the likeliest meaning of `found` first."""
    names = sorted(allowed)
    near = difflib.get_close_matches(found, names, 1)
    listed = ", ".join(names)
    return f"{listed} (did you mean {near[0]!r}?)" if near else listed
