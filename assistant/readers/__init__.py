"""One file a reader: `read(request, library) -> Iterator[Draft]`, each draft replacing the one before."""
