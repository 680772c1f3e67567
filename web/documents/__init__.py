"""Documents: what they say, passage by passage."""
