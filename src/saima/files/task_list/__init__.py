"""The office's list of tasks (任务清单) as a workbook: read forgivingly, written in the usual columns."""

from saima.files.task_list.reading import TaskList, read_task_list, task_list_of
from saima.files.task_list.writing import task_list_bytes, write_task_list

__all__ = ["TaskList", "read_task_list", "task_list_bytes", "task_list_of", "write_task_list"]
