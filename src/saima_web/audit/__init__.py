"""The append-only ledger (账本): record, verify, tell."""
