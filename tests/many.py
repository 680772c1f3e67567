"""A project of any size, as sheets: documents whose claims share no slot."""

from __future__ import annotations

import hashlib
from pathlib import Path

_TEXT = "Report {number}. The ministers met in Lakeside.\n"
_SHEET = """document:
  id: d{number}
  title: Report {number}
  rights: CC0
  licence: https://creativecommons.org/publicdomain/zero/1.0/
  text: {{sha256: {sha256}, length: {length}, file: texts/d{number}.txt}}
entities:
{entities}claims:
{claims}"""
_CLAIM = """  - id: {claim}
    subject: meeting/m{number}-{claim}
    property: place
    object: place/lakeside
    span: [{start}, {end}]
    quote: met in Lakeside
"""


def write_project(directory: Path, documents: int, claims: int) -> Path:
    """Write so many documents of so many claims each, all of them open and proven."""
    sheets, texts = directory / "seeds" / "documents", directory / "seeds" / "texts"
    for folder in (sheets, texts):
        folder.mkdir(parents=True)
    (directory / "seeds" / "entities.yaml").write_text("place/lakeside: {label: Lakeside}\n")
    for number in range(documents):
        text = _TEXT.format(number=number)
        start = text.index("met")
        places = {"number": number, "start": start, "end": start + len("met in Lakeside")}
        (texts / f"d{number}.txt").write_text(text)
        sheet = _SHEET.format(
            number=number,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            length=len(text),
            entities="".join(
                f"  meeting/m{number}-{claim}: {{label: Meeting {number} {claim}}}\n"
                for claim in range(claims)
            ),
            claims="".join(_CLAIM.format(claim=claim, **places) for claim in range(claims)),
        )
        (sheets / f"d{number}.yaml").write_text(sheet)
    return directory
