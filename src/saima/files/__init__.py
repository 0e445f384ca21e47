"""Files read and written: workbooks, folders, documents, slides, pages."""
