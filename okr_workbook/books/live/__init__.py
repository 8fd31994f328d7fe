"""A planner in an open workbook, through xlwings: Excel on Windows and macOS, LibreOffice, xlwings Lite."""
