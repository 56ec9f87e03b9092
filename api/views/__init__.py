"""The addresses, one file a subject."""
