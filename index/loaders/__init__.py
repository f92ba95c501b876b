"""One file a format: `load(path) -> Document`, named by the suffix it reads; further suffixes stand in `ALSO`."""
