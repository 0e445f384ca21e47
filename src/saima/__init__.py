"""Saima 赛马: rulebooks, scoring, rankings and official bulletins for performance campaigns."""
