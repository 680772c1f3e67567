"""References in the formats of reference managers: BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from web.site.citing.dates import ris_date, year_of
from web.site.citing.reference import Reference, line

_BIBTEX = {ord(each): f"\\{each}" for each in "&%$#_{}"} | {
    ord("\\"): r"\textbackslash{}",
    ord("^"): r"\textasciicircum{}",
    ord("~"): r"\textasciitilde{}",
}
# BibTeX counts a brace even behind a backslash, so one that has no partner gets an invisible one.
_ALONE = {ord("{"): r"\{\vphantom{\}}", ord("}"): r"\vphantom{\{}\}"}
_LIGATURE = re.compile(r"(?<=[-`'?!,<>])(?=[-`',<>])")  # of TeX, as -- is an en dash
_RIS_TYPES = {"dataset": "DATA", "webpage": "ELEC"}


def csl_json(references: Sequence[Reference]) -> str:
    """CSL-JSON (schema of CSL 1.0.2): a list of items."""
    return json.dumps([each.csl for each in references], ensure_ascii=False, indent=2) + "\n"


def bibtex(references: Sequence[Reference]) -> str:
    """BibTeX; `date`, `version` and `langid` are fields of BibLaTeX, which BibTeX passes over."""
    return "\n".join(map(_bibtex, references))


def _bibtex(reference: Reference) -> str:
    given = {
        # A name in braces of its own is not taken apart.
        "author": " and ".join(
            _tex(str(each)) if each.family else f"{{{_tex(each.whole)}}}"
            for each in reference.authors
        ),
        "title": f"{{{_tex(reference.title)}}}",
        "howpublished": _tex(", ".join(filter(None, (reference.container, reference.genre)))),
        "publisher": _tex(reference.publisher),
        "number": _tex(reference.number),
        "version": _tex(reference.version),
        "year": year_of(reference.issued),
        "date": reference.issued,
        "doi": reference.doi,
        "url": reference.url,
        "langid": _tex(reference.language),
        "note": _tex(reference.note),
    }
    fields = "".join(f"  {name} = {{{text}}},\n" for name, text in given.items() if text)
    return f"@misc{{{reference.key},\n{fields}}}\n"


def _tex(text: str) -> str:
    return _LIGATURE.sub("{}", line(text).translate(_BIBTEX | ({} if _paired(text) else _ALONE)))


def _paired(text: str) -> bool:
    """Whether each brace in `text` has its partner."""
    depths = [*accumulate({"{": 1, "}": -1}.get(each, 0) for each in text)]
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def ris(references: Sequence[Reference]) -> str:
    """RIS: each field in a line of its own, CR LF at the ends."""
    return "".join(f"{each}\r\n" for one in references for each in _ris(one))


def _ris(reference: Reference) -> Iterator[str]:
    given = [
        ("TY", _RIS_TYPES.get(reference.type, "GEN")),
        ("ID", reference.key),
        *(("AU", str(each)) for each in reference.authors),
        ("TI", reference.title),
        ("T2", reference.container),
        ("PB", reference.publisher),
        ("M1", reference.number),
        ("PY", year_of(reference.issued)),
        ("DA", ris_date(reference.issued) if reference.issued else ""),
        ("ET", reference.version),
        ("M3", reference.genre),
        ("LA", reference.language),
        ("DO", reference.doi),
        ("UR", reference.url),
        ("N1", reference.note),
    ]
    yield from (f"{tag}  - {line(text)}" for tag, text in given if line(text))
    yield "ER  - "
    yield ""
