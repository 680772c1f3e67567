"""Where a query stops being SPARQL, as rdflib's parser sees it.

Oxigraph's own position is often the end of the text, since its grammar looks that far ahead.
"""

from __future__ import annotations

LONGEST = 3_000  # characters; the parser takes up to 0.4 ms each, and few write a longer query


def fault(query: str) -> tuple[int, int] | None:
    """Line and column, from 1, of the first clause at fault; None where rdflib finds none."""
    from pyparsing import ParseException  # noqa: PLC0415 - few children ever need it, and it
    from rdflib.plugins.sparql.parser import parseQuery  # noqa: PLC0415 - loads for half a second

    if len(query) > LONGEST:
        return None
    try:
        parseQuery(query)
    except ParseException as error:
        return error.lineno, error.column
    except Exception:  # noqa: S110 - whatever it is, only the place is less exact
        pass
    return None
