"""What happens on a project's site: inspections, risks, files."""
