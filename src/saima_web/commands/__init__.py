"""The platform's commands of `saima`: serve, admin, audit, and the live demonstration."""
