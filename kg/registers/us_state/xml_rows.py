"""XML of public records, read so that every element is accounted for and every fault has a line.

Parsing is the C parser's; lines are looked up only where there is something to report, which
costs a second pass over that one file and nothing elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from kg.model.errors import DataError, Problem
from kg.model.facts import Date
from kg.model.iris import is_slug
from kg.model.sources import Issue


@dataclass(frozen=True, slots=True)
class Report:
    """What one partition, known to readers as `name`, could not use or ignored on purpose."""

    name: str
    issues: list[Issue] = field(default_factory=list)
    ignored: Counter[tuple[str, str]] = field(default_factory=Counter)

    def all(self) -> Iterator[Issue]:
        """Each fault, then one issue for each name ignored, with how often it stands there."""
        yield from self.issues
        for (name, reason), count in sorted(self.ignored.items()):
            yield Issue(self.name, 0, name, f"{count} values", f"ignored: {reason}", count)


@dataclass(slots=True)
class XmlFile:
    """One file, called `name` in its partition's `report`."""

    name: str
    text: str
    root: Element
    partition: Report
    _lines: dict[Element, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, name: str, partition: Report) -> XmlFile:
        """Parse `path`.

        Raises:
            DataError: it is not UTF-8, not well-formed, or declares a document type: entities
                can stand for exponentially much, and the records have no use for them.
        """
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found = f"byte 0x{data[error.start]:02x}"
            raise DataError([Problem(name, line, "", found, "UTF-8")]) from None
        if "<!DOCTYPE" in text:
            line = text.count("\n", 0, text.index("<!DOCTYPE")) + 1
            raise DataError([Problem(name, line, "", "a DOCTYPE", "XML without one")])
        try:
            # The encoding is settled above, whatever the declaration says (XML 1.0 §4.3.3).
            root = ElementTree.fromstring(text, ElementTree.XMLParser(encoding="utf-8"))  # noqa: S314 - no DOCTYPE, so no entities
        except ElementTree.ParseError as error:
            found = str(error).partition(":")[0]
            raise DataError(
                [Problem(name, error.position[0], "", found, "well-formed XML")]
            ) from None
        return cls(name, text, root, partition)

    def line(self, element: Element) -> int:
        """The line on which `element` begins."""
        if not self._lines:
            starts: list[int] = []
            parser = expat.ParserCreate("utf-8")
            parser.StartElementHandler = lambda *_: starts.append(parser.CurrentLineNumber)
            parser.Parse(self.text.encode(), True)
            self._lines = dict(zip(self.root.iter(), starts, strict=True))
        return self._lines[element]

    def report(self, element: Element, found: str, reason: str, name: str | None = None) -> None:
        """Say that a value of `element` could not be used."""
        issue = Issue(self.name, self.line(element), name or element.tag, found, reason)
        self.partition.issues.append(issue)

    def identifier(self, element: Element | None, attribute: str = "") -> str:
        """The identifier in `element`, or in its attribute; "" where there is none, or one that no
        IRI can hold, which is reported.
        """
        if element is None:
            return ""
        text = element.get(attribute, "") if attribute else words(element)
        if not text or is_slug(text):
            return text
        allowed = "letters, digits, '.', '_' and '-'"
        self.report(
            element, text, f"not an identifier of {allowed}", f"@{attribute}" if attribute else None
        )
        return ""

    def account(
        self, element: Element, mapped: frozenset[str], ignored: Mapping[str, str], path: str = ""
    ) -> None:
        """Check that everything below `element` is mapped or ignored on purpose.

        `mapped` names the elements and attributes (`country/@id`) that become facts, each by its
        path below a row (`chiefs/*`: rows of their own); `ignored` those left out, with the
        reason. All others are reported.
        """
        for key, value in element.items():
            name = f"{path}@{key}"
            if name in ignored:
                self.partition.ignored[name, ignored[name]] += 1
            elif name not in mapped:
                self.report(element, value, "unknown attribute", name)
        for child in element:
            name = path + child.tag
            if name in mapped:
                if (len(child) or child.keys()) and f"{name}/*" not in mapped:
                    self.account(child, mapped, ignored, name + "/")
            elif name not in ignored:
                self.report(child, words(child), "unknown element", name)
            elif child.text or len(child):
                self.partition.ignored[name, ignored[name]] += 1

    def date(self, element: Element | None) -> Date | None:
        """The date in `element`; None where it is empty, or unreadable and reported."""
        text = words(element)
        if element is None or not text:
            return None
        try:
            return _date(text)
        except ValueError:
            self.report(element, text, "not a date that exists")
            return None


@lru_cache(maxsize=1 << 14)
def _date(text: str) -> Date:
    """One value for all rows of a day."""
    return Date(text)


def first(element: Element, path: str) -> Element | None:
    """The first element at the end of `path`, a tag or two with a slash between.

    `Element.find` looks for a single tag in C, for more of them in Python.
    """
    tag, _, rest = path.partition("/")
    found = element.find(tag)
    return found.find(rest) if rest and found is not None else found


def below(element: Element, path: str) -> list[Element]:
    """All that is at the end of `path`, a tag or several with slashes between, in order."""
    found = [element]
    for tag in path.split("/"):
        found = [child for each in found for child in each.findall(tag)]
    return found


def words(element: Element | None) -> str:
    """The text of an element and all below it, its line breaks and runs of spaces made one."""
    if element is None:
        return ""
    if len(element) == 0:
        return " ".join(element.text.split()) if element.text else ""
    return " ".join("".join(element.itertext()).split())
