"""From sources to a release: gather, sort, validate, publish; `pipeline` alone sees all stages."""
