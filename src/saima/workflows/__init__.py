"""Pure transition tables: (state, event) -> state."""
