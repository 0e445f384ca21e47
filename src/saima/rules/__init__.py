"""Rulebooks: read, checked, compared, shown; the scoring methods, and the quantities they use."""
