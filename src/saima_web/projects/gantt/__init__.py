"""The schedule of a project: Gantt, estimates, plans read from files."""
