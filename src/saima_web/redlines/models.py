"""Red lines, and what follows: risk items, incidents, honours, consequences."""
