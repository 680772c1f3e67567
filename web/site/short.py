"""Short links: a query packed into its own address, so that nothing need be kept.

The text is compressed against a dictionary of what SPARQL about this graph tends to say
(RFC 1950 §2.2, FDICT), then written in the URL-safe alphabet of RFC 4648 §5.
"""

from __future__ import annotations

import base64
import binascii
import zlib

LONGEST = 100_000  # bytes that a link may unfold to

# Changing this breaks the links that are out there: add a second one under a new path instead.
_DICTIONARY = (
    b"http://www.w3.org/2001/XMLSchema#date FILTER NOT EXISTS { ORDER BY DESC(?n) GROUP BY "
    b"COUNT(DISTINCT * AS ?n) PREFIX dip: <https://w3id.org/chancery/ns#> CONSTRUCT ASK BIND( "
    b"VALUES <http://localhost:8000/id/ OPTIONAL { UNION rdf:subject rdf:predicate rdf:object "
    b"skos:altLabel prov:wasDerivedFrom dip:statedIn dip:attributedTo dip:modality dip:Asserted "
    b"dip:polarity true dip:evidence/oa:hasSelector/oa:exact ?quote dip:contradicts dip:holder "
    b"dip:traveller dip:participant dip:place dip:within dip:start dip:end ?claim a dip:Claim ; "
    b"?event a dip:Visit ; rdfs:label ?label .\n}\nORDER BY ?label\nLIMIT 100\n"
    b"SELECT ?label WHERE {\n  "
)


def encode(query: str) -> str:
    """The code of a query."""
    packer = zlib.compressobj(9, zdict=_DICTIONARY)
    packed = packer.compress(query.encode()) + packer.flush()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(code: str) -> str:
    """The query in a code.

    Raises:
        ValueError: it holds none, or one that is too long.
    """
    unpacker = zlib.decompressobj(zdict=_DICTIONARY)
    try:
        packed = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        text = unpacker.decompress(packed, LONGEST).decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ValueError(f"this short link holds no query: {error}") from error
    if not unpacker.eof:
        raise ValueError("this short link is cut off, or too long")
    return text
