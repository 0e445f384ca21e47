"""Scheduled work: what is due is a row, so two schedulers never run one job twice."""
