"""Which projects make up which investment indicator."""
