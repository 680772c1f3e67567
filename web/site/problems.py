"""Problems as values: every kind that the server answers with, and one answer of a kind.

RFC 9457 §3.1.1: `type` is an IRI that should resolve to documentation. Here it is the page of the
kind, which `problems.toml` describes.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from kg import store
from web.site import negotiation

JSON = "application/problem+json"
TEXT = "text/plain"
OFFERED = (JSON, negotiation.HTML, TEXT, "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `settings` name what governs it; `retry` is the seconds of Retry-After, if any."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str
    settings: tuple[str, ...] = ()
    retry: int | None = None

    def iri(self, base: str) -> str:
        """The problem type. A status without a kind of its own has none (RFC 9457 §4.2.1)."""
        return f"{base}problems/{self.slug}" if self.slug else "about:blank"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind, by its slug."""
    text = files("web.site").joinpath("problems.toml").read_text("utf-8")
    return {
        slug: Kind(slug=slug, **{**each, "settings": tuple(each.get("settings", ()))})
        for slug, each in tomllib.loads(text).items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetails:
    """One error response of a `kind` (RFC 9457). `extra` holds further members of the JSON, `shown`
    what its page shows besides.
    """

    kind: Kind
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    shown: object = None

    @classmethod
    def of(
        cls,
        slug: str,
        detail: str,
        *,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ProblemDetails:
        """A problem of the kind `slug`, which must be one of `kinds`."""
        kind = kinds()[slug]
        retry = {"Retry-After": str(kind.retry)} if kind.retry else {}
        return cls(
            kind=kind, detail=detail, extra=extra or {}, headers={**retry, **(headers or {})}
        )

    @property
    def slug(self) -> str:
        return self.kind.slug

    @property
    def status(self) -> int:
        return self.kind.status

    @property
    def title(self) -> str:
        return self.kind.title

    def document(self, base: str) -> dict[str, Any]:
        """RFC 9457 §3."""
        return {
            "type": self.kind.iri(base),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }

    def text(self, base: str) -> str:
        excerpt = self.extra.get("excerpt")
        lines = (f"{self.title}.", self.detail, excerpt, f"See {self.kind.iri(base)}")
        return "\n".join(each for each in lines if each) + "\n"

    def body(self, base: str, accept: str | None) -> tuple[bytes, str]:
        """The body and its Content-Type, for a client that asked for no HTML."""
        if negotiation.choose(accept, OFFERED) == TEXT:
            return self.text(base).encode(), f"{TEXT}; charset=utf-8"
        return json.dumps(self.document(base), ensure_ascii=False).encode(), JSON


def of_query(error: store.QueryError) -> ProblemDetails:
    """The problem that a refused or failed query makes."""
    extra: dict[str, Any] = {}
    if isinstance(error, store.QuerySyntax) and error.line is not None:
        extra = {"line": error.line, "column": error.column}
    if isinstance(error, store.NotAvailableAs):
        extra = {"available": list(error.available)}
    return ProblemDetails.of(error.slug, str(error), extra=extra)


def not_acceptable(available: Sequence[str]) -> ProblemDetails:
    """406 with what there is (RFC 9110 §15.5.7)."""
    return ProblemDetails.of(
        "not-acceptable",
        f"This is available as: {', '.join(available)}.",
        extra={"available": list(available)},
    )
