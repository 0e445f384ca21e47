"""Targets: grids of units × periods and projects × months, approval, responsibility letters."""
