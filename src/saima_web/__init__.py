"""The platform: Saima for a whole organisation, with people, rounds, review and memory."""
