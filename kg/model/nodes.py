"""YAML read into nodes that remember their line, so that every fault can name its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kg.model import limits
from kg.model.errors import DataError, Problem
from kg.model.files import Unreadable, read_file
from kg.model.texts import fault_in_words
from kg.model.yaml_faults import explain


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
class NodeReader:
    """Reads one file; faults are collected in `problems`, so that a run shows them all. `notes` are
    lines on what is understood, and better written otherwise.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, node: Node, allowed: str, found: str | None = None) -> None:
        self.problems.append(Problem(self.file, node.line, node.path, found or node.shown, allowed))

    def note(self, node: Node, words: str) -> None:
        self.notes.append(f"{self.file}:{node.line}: {node.path}: {words}")

    def refuse(self) -> None:
        """Stop where something was at fault.

        Raises:
            DataError: with every fault.
        """
        if self.problems:
            raise DataError(self.problems)

    def load(self, path: Path) -> Node | None:
        """The root node of the file, or None where it has none that can be read."""
        root = Node(0, "", "")
        try:
            text = read_file(path, limits.SHEET_BYTES).decode("utf-8-sig")
        except Unreadable as error:
            self.fault(root, error.allowed, error.found)
            return None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
            self.fault(Node(line, "", ""), "UTF-8", found)
            return None
        try:
            if (endless := _endless(text)) is not None:
                self.fault(*endless)
                return None
            tree = yaml.compose(text, _loader())
        except yaml.YAMLError as error:
            fault = explain(error, text)
            self.fault(Node(fault.line, "", ""), fault.allowed, fault.found)
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
            fault = fault_in_words(name, limits.NAME)
            if fault or not isinstance(key, yaml.ScalarNode):
                place = Node(key.start_mark.line + 1, path, "")
                found, allowed = fault or ("a list or a mapping as a key", "text")
                self.fault(place, allowed, f"a key with {found}" if fault else found)
                continue
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

    def mapping(self, node: Node | None) -> Mapping[str, Node]:
        """The members of a mapping whose keys are anybody's."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.fault(node, "a mapping")
            return {}
        return node.value

    def text(self, node: Node | None) -> str | None:
        """The words of a scalar that the graph can hold; see `kg.model.texts`."""
        if node is None:
            return None
        if not isinstance(node.value, str) or not node.value:
            self.fault(node, "text", None if node.value else "nothing")
            return None
        if fault := fault_in_words(node.value):
            self.fault(node, fault.allowed, fault.found)
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
        if len(words) > limits.DIGITS:
            self.fault(node, f"a whole number of at most {limits.DIGITS} digits")
            return None
        return int(words)


def _loader() -> type[yaml.SafeLoader | yaml.CSafeLoader]:
    """The parser in C, or where it is not installed or cannot be loaded, the slower one."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _endless(text: str) -> tuple[Node, str, str] | None:
    """What would make a tree without end of a short text: a fault's place, allowed and found.

    An alias can stand for exponentially much (the "billion laughs"), and each level of lists is
    one of the parser's own.

    Raises:
        yaml.YAMLError: the text is not well-formed up to there.
    """
    depth = 0
    for event in yaml.parse(text, _loader()):
        place = Node(event.start_mark.line + 1 if event.start_mark else 0, "", "")
        if isinstance(event, yaml.AliasEvent):
            return place, "each value written out", "a YAML alias (*name)"
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > limits.YAML_DEPTH:
            return place, f"at most {limits.YAML_DEPTH}", f"{depth} levels of lists and mappings"
    return None


def choice(found: str, allowed: Iterable[str]) -> str:
    """What is allowed, with the likeliest meaning of `found` first."""
    names = sorted(allowed)
    near = difflib.get_close_matches(found, names, 1)
    listed = ", ".join(names)
    return f"{listed} (did you mean {near[0]!r}?)" if near else listed
