"""The quarterly project assessment and the project bulletin."""
