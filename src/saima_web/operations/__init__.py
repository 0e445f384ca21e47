"""Operating it: backup and restore, state, metrics, logs, what a failure looks like."""
