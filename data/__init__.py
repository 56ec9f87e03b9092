"""Everything that is kept: content files, tables, queries, sealed things, media on disk."""
