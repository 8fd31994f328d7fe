"""Where tables meet files: the planner in a file, in a live workbook, in memory; team workbooks; templates."""
