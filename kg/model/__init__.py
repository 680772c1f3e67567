"""Values that every room shares: facts, terms, IRIs, settings, errors. It knows no other room."""
