"""Units, users, roles and permissions."""
