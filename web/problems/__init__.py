"""The pages on each kind of problem, to which the `type` of an error leads (RFC 9457)."""
