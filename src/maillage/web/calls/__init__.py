"""Pages of calls: read, published, applied to; dossiers written together, signed and sent."""
