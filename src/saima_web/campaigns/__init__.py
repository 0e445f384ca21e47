"""Campaigns: clock, participating units, tracks, key dates, working days."""
