"""The interface for other systems: calls under /api/v1/, tokens, notifications to addresses."""
