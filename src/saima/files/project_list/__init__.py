"""The office's project workbook: one project a row, with its months; read with every bad cell named."""

from saima.files.project_list.reading import ProjectList, Row, read_project_list
from saima.files.project_list.writing import project_list_bytes

__all__ = ["ProjectList", "Row", "project_list_bytes", "read_project_list"]
