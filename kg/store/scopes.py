"""What makes a query none beyond its grammar: characters that no token has, and variables that are
given twice (SPARQL 1.1 §18.2.1, §19.8 notes 12 and 13). The engine does not tell where either is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from kg.store.rewrite import lexed

# Outside of strings, IRIs and comments; whatever [164] PN_CHARS_BASE to [167] PN_CHARS leave out.
_STRANGE = re.compile(
    "[\u0080-\u00b6\u00b8-\u00bf\u00d7\u00f7\u037e\u2000-\u200b\u200e-\u203e\u2041-\u206f"
    "\u2190-\u2bff\u2ff0-\u3000\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
BEYOND = (
    "The grammar is sound, but a rule beyond it is broken: a group gives a variable one value, a "
    "row of VALUES has as many as there are variables, and a blank node's label is of one group."
)
Fault = tuple[str, int]


def strange(query: str) -> Fault | None:
    """The first character that may stand in strings, IRIs and comments alone, and where it is."""
    for token in lexed(query)[0]:
        opaque = token.lastgroup in ("S", "I") and token[0][0] in "\"'<"
        if not opaque and (found := _STRANGE.search(token[0])):
            name = unicodedata.name(found[0], "a character without a name").lower()
            told = (
                f"U+{ord(found[0]):04X} ({name}) is no character of SPARQL; {_instead(found[0])}."
            )
            return told, token.start() + found.start()
    return None


def _instead(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Pi", "Pf", "Ps"):
        return "a string stands in \" or '"
    if category == "Pd" or character == "\u2212":
        return "write -"
    return "write a space" if category in ("Zs", "Cf", "Zl", "Zp", "Cc") else "leave it out"


def twice(query: str) -> Fault | None:
    """What gives a variable a second time and where, in a query that has no other fault."""
    scopes = _Scopes()
    return next(filter(None, map(scopes.take, lexed(query)[0])), None)


@dataclass(slots=True)
class _Select:
    """A SELECT clause: in how many groups it stands, how deep its parentheses are, what it projects
    and computes, and whether it goes on.
    """

    level: int
    depth: int = 0
    names: set[str] = field(default_factory=set)
    computed: dict[str, int] = field(default_factory=dict)
    open: bool = True


@dataclass(slots=True)
class _Scopes:
    """The variables of each open group and of each SELECT, and the last word."""

    groups: list[set[str]] = field(default_factory=lambda: [set()])
    selects: list[_Select] = field(default_factory=lambda: [_Select(0, open=False)])
    before: str = ""
    binding: bool = False

    def take(self, token: re.Match[str]) -> Fault | None:
        """The next token; the fault, where it is one."""
        found = None
        if token.lastgroup == "V":
            given = self._given if self.selects[-1].open else self._used
            found = given(token[0][1:], token.start())
        self.before = token[0].upper()
        if self.before == "SELECT":
            self.selects.append(_Select(len(self.groups)))
        elif self.before == "BIND":
            self.binding = True
        elif token.lastgroup == "P":
            self._bracket(token[0])
        return found

    def _given(self, name: str, place: int) -> Fault | None:
        select, computed = self.selects[-1], self.before == "AS"
        if select.depth and not computed:
            return None  # in an expression
        if name in select.names:
            return f"SELECT has the variable ?{name} twice.", place
        select.names.add(name)
        if computed:
            select.computed[name] = place
        return None

    def _used(self, name: str, place: int) -> Fault | None:
        group, computed = self.groups[-1], self.selects[-1].computed
        if self.binding and self.before == "AS":
            self.binding = False
            if name in group:
                return f"BIND gives ?{name} a value, but its group has given it one before.", place
        elif name in computed and len(self.groups) > self.selects[-1].level:
            return f"SELECT computes ?{name}, but its pattern has it, too.", computed[name]
        group.add(name)
        return None

    def _bracket(self, bracket: str) -> None:
        select = self.selects[-1]
        if bracket == "{":
            select.open = self.binding = False
            self.groups.append(set())
        elif bracket == "}" and len(self.groups) > 1:
            inner = self.groups.pop()
            self.groups[-1] |= inner
            if len(self.groups) < select.level:
                self.selects.pop()
        elif bracket in "()":
            select.depth += 1 if bracket == "(" else -1
