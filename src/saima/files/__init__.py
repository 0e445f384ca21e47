"""Files read and written: workbooks, folders, documents, slides, pages.

campaign    a campaign as a folder or a workbook: load, check, annotate, write
sheet       tables as offices send them: what every cell is and every figure means
opening     workbooks and CSV files as raw cells, or a clear refusal
document    a briefing as .docx, .xlsx, .pptx or .html
docx_check  a Word file against the clauses of GB/T 9704-2012
"""
