"""Views over the whole graph: events in time and space, an entity's neighbours."""

from web.views.pages import blueprint

__all__ = ["blueprint"]
