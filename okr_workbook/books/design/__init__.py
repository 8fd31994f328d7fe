"""How a planner looks: colours, number formats and the sheets of the template, drawn with XlsxWriter.

`python -m okr_workbook.books.design` rebuilds templates/planner.en.xlsx and planner.fr.xlsx. Nothing here runs on a
click. `palette` and `number_formats` know no library and are shared with the team workbooks.
"""
