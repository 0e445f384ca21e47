"""Inspections, dispatch meetings, and problems that somebody has to decide."""
