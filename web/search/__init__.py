"""Search: full text over labels, other names, claims and open texts."""

from web.search.views import blueprint

__all__ = ["blueprint"]
