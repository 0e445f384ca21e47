"""Indicators and their definitions, who is assigned which, and rulebooks in versions."""
