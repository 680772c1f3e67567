"""Search in the index that a release carries (built by `kg.build.publish.search_index`)."""

from kg.store.search.index import Facet, Found, Hit, Named, SearchIndex
from kg.store.search.reading import fold

__all__ = ["Facet", "Found", "Hit", "Named", "SearchIndex", "fold"]
