"""Base layout, components, tables and exports; knows no domain word."""
