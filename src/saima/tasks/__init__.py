"""Tasks (督办事项) as plain data: when they are due, what they lack, how steps add up to a list.

    model         what a task says, row by row
    deadlines     a deadline as offices write it: a day, a week, a month
    limits        default time limits by kind, in a file with their sources
    due           normal, nearing or overdue; extensions that count; when to ask for progress
    counting      a promised quantity by days, weeks or months: due, gap, what is needed
    completeness  量化 + 项目 + 成果: what a task still lacks
    rollup        steps into items, items into a list

The steps of the loop are `saima.workflows.task.TASK`; the office's workbook is read and written by
`saima.files.task_list`.
"""
