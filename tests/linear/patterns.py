"""The regular expressions of a room, how each is used, and what might take one of them long."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tests.linear.growth import is_linear

_CALLS = frozenset(
    {"match", "fullmatch", "search", "findall", "finditer", "split", "sub", "compile"}
)
# Where a pattern is handed on, it may be looked for anywhere and again.
_ANY = ("finditer",)
_CATEGORIES = {
    code.CATEGORY_DIGIT: "1", code.CATEGORY_WORD: "a", code.CATEGORY_SPACE: " ",
    code.CATEGORY_NOT_DIGIT: "a", code.CATEGORY_NOT_WORD: "-", code.CATEGORY_NOT_SPACE: "a",
}  # fmt: skip
_OTHERS = "a1 -.\"'\\:/,;<%(\n\0é"
TAILS = ("", "\0", "é\0")


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and the methods that it is used by."""

    place: str
    pattern: re.Pattern[str]
    methods: tuple[str, ...]


def patterns(root: Path, files: Sequence[Path]) -> Iterator[Found]:
    """Every pattern in `files`: of their modules, and in their calls of `re`."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    for path, tree in trees.items():
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(name)
        for variable, value in vars(module).items():
            if isinstance(value, re.Pattern) and _assigns(tree, variable):
                private = variable.startswith("_")
                users = [tree] if private else trees.values()
                used = {each for other in users for each in _uses(other, variable)}
                yield Found(f"{name}.{variable}", value, tuple(sorted(used)) or _ANY)
        for line, method, text in _inline(tree, vars(module)):
            yield Found(f"{name}:{line}", re.compile(text), (method,))


def _assigns(tree: ast.Module, variable: str) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == variable
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def _uses(tree: ast.Module, variable: str) -> Iterator[str]:
    """The methods of a variable; any where it is handed on."""
    owned = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _CALLS:
            named = node.value
            if getattr(named, "id", getattr(named, "attr", "")) == variable:
                owned.add(named)
                yield node.attr
    for node in ast.walk(tree):
        named = isinstance(node, ast.Name) and node.id == variable and node not in owned
        if named and isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
            yield from _ANY


def _inline(tree: ast.Module, names: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Line, method and pattern of each call of `re` inside of a function."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "re"
            and node.func.attr in _CALLS - {"compile"}
        ):
            text = eval(compile(ast.Expression(node.args[0]), "", "eval"), names)  # noqa: S307
            yield node.lineno, node.func.attr, text


def slow(found: Found) -> Iterator[str]:
    """What takes more than linear time of a pattern: its method, and the lead, unit and tail."""
    for method in found.methods:
        call = _call(found.pattern, method)
        for lead, unit, tail in hostile(found.pattern):
            if not is_linear(call, unit, lead, tail):
                yield f"{found.place}.{method}: {lead[:40]!r} {unit!r}* {tail!r}"
                return


def _call(pattern: re.Pattern[str], method: str) -> Callable[[str], object]:
    called: Callable[[Any], object] = {
        "sub": partial(pattern.sub, b"" if isinstance(pattern.pattern, bytes) else ""),
        "finditer": pattern.findall,
    }.get(method) or getattr(pattern, method)
    if isinstance(pattern.pattern, bytes):
        return lambda text: called(text.encode())
    return called


def hostile(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Leads, units to be repeated, and tails that fail, made of what the pattern reads."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    atoms = list(dict.fromkeys(_atoms(tree)))[:24]
    bodies = [each for each in dict.fromkeys(_bodies(tree)) if each]
    pairs = [one + other for one, other in product(atoms[:16], atoms[:16]) if one != other]
    leads = list(dict.fromkeys(["", *_leads(tree)]))
    yield from product([""], [*bodies, *pairs], TAILS[:2])
    yield from product(leads, atoms, TAILS)


def _atoms(tree: Any) -> Iterator[str]:
    """A character that each literal and each class takes."""
    for op, value in tree:
        if op is code.LITERAL:
            yield chr(value)
        elif op in (code.NOT_LITERAL, code.IN, code.ANY):
            yield from _members(op, value)
        else:
            for each in _parts(op, value):
                yield from _atoms(each)


def _members(op: Any, value: Any) -> Iterator[str]:
    """Some characters that a class takes: one of each of its items, or any of `_OTHERS`."""
    if op is code.IN and value[0][0] is not code.NEGATE:
        for kind, item in value:
            if kind is code.LITERAL:
                yield chr(item)
            elif kind is code.RANGE:
                yield chr(item[0])
            elif kind is code.CATEGORY:
                yield _CATEGORIES[item]
        return
    refused = {chr(value)} if op is code.NOT_LITERAL else set()
    if op is code.IN:
        refused = {char for char in _OTHERS if any(_takes(each, char) for each in value[1:])}
    yield from [char for char in _OTHERS if char not in refused][:3]


def _takes(item: tuple[Any, Any], char: str) -> bool:
    kind, value = item
    if kind is code.LITERAL:
        return chr(value) == char
    if kind is code.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    tests = {
        code.CATEGORY_DIGIT: char.isdigit(),
        code.CATEGORY_WORD: char.isalnum() or char == "_",
        code.CATEGORY_SPACE: char.isspace(),
    }
    return tests[value] if value in tests else not tests[_positive(value)]


def _positive(category: Any) -> Any:
    return {
        code.CATEGORY_NOT_DIGIT: code.CATEGORY_DIGIT,
        code.CATEGORY_NOT_WORD: code.CATEGORY_WORD,
        code.CATEGORY_NOT_SPACE: code.CATEGORY_SPACE,
    }[category]


def _parts(op: Any, value: Any) -> Sequence[Any]:
    """The patterns within one of another kind."""
    if op is code.BRANCH:
        return list(value[1])
    if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        return [value[2]]
    if op is code.SUBPATTERN:
        return [value[3]]
    if op in (code.ASSERT, code.ASSERT_NOT):
        return [value[1]]
    if op is code.ATOMIC_GROUP:
        return [value]
    return []


def sample(tree: Any) -> str:
    """A text that the pattern takes, as far as lookarounds let it."""
    text = ""
    for op, value in tree:
        if op is code.LITERAL:
            text += chr(value)
        elif op in (code.NOT_LITERAL, code.IN, code.ANY):
            text += next(_members(op, value), "a")
        elif op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            text += sample(value[2]) * max(value[0], 1 if value[1] else 0)
        elif op not in (code.ASSERT, code.ASSERT_NOT):
            text += "".join(sample(each) for each in _parts(op, value)[:1])
    return text


def _bodies(tree: Any) -> Iterator[str]:
    """What each repetition and each alternative takes, and what begins the whole."""
    for at, (op, value) in enumerate(tree):
        if at:
            yield sample(tree[:at])
        for each in _parts(op, value):
            yield sample(each)
            yield from _bodies(each)


def _leads(tree: Any) -> Iterator[str]:
    """What leads to each repetition."""
    before = ""
    for op, value in tree:
        if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            yield before
        for each in _parts(op, value):
            yield from (before + lead for lead in _leads(each))
        before += sample([(op, value)])
