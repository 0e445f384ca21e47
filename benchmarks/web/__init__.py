"""Benchmarks of the platform."""
