"""The page of the ledger: what happened, by whom; verify it; take it along."""
