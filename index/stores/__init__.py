"""One file an engine: nearest neighbours by cosine, rebuilt from the ledger at will."""
