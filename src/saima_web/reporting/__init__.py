"""Rounds of reporting: entry, review, confirmation, evidence; the figures themselves."""
