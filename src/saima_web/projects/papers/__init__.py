"""Papers that run out: which press, who is told when, how they are renewed or let go."""
