"""Where sources disagree: a page, JSON, a feed."""
