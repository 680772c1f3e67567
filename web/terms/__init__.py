"""The ontology, term by term: what each means, how it is used, what it is aligned with."""
