"""Tables as offices really send them, understood: what every cell is, and what each figure means.

`report.read_file` reads a file and says what was understood of it; `reading.read_workbook` and
`reading.read_table` read sheets that `saima.files.opening` has opened. Beside them:

    layout    grid · layout · beside · headers · preface · notes: where things stand on a sheet
    meaning   columns · rows · mapping · months · measures · words: what headers and labels say
    figures   values · figures · records · checks: what the cells say, and whether it adds up
    result    model · findings · problems; for readers: report · telling · shapes
"""
