"""The most that each kind of value may have. What exceeds it is named with its place."""

from __future__ import annotations

NAME = 1_000  # characters of a label, a title, another name
WORDS = 100_000  # characters of any other value: a gloss, a note, a field of a row
PROSE = 32_000_000  # characters of an open text
IRI = 2_000  # characters; some servers take no longer path
REF = 250  # characters of TYPE/SLUG; most file systems have names of 255 bytes
ID = 120  # characters of an identifier of a register; a reference may have two
DIGITS = 18  # of a whole number, and on either side of a decimal's point: what Oxigraph holds

REGISTER_BYTES = 1 << 30  # of a file of rows
SHEET_BYTES = 64 << 20  # of a YAML file
YAML_DEPTH = 32  # levels of lists and mappings
