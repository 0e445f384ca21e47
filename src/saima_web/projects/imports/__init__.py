"""The project workbook: read, tried, taken."""
