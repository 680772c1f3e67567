"""Saved queries: a page and an API each, and what the editor offers."""

from web.queries.views import blueprint

__all__ = ["blueprint"]
