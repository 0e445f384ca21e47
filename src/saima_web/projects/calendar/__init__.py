"""What starts, tops out and finishes, by day."""
