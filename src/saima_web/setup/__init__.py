"""Making campaigns: by a form, from a workbook, from last year's; and importing history."""
