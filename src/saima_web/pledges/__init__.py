"""What units promised: commitments, pledges, action plans, institutions, key-date duty."""
