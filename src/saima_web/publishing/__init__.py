"""Bulletins, sheets of units, public pages: what leaves the house."""
