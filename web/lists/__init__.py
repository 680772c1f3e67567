"""Lists of things by class, with facets, page by page."""
