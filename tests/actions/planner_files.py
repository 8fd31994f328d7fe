"""Planner files to act on, and team workbooks that somebody filled in."""

from __future__ import annotations

import warnings
from datetime import date

from openpyxl import load_workbook

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook

TODAY = date(2026, 12, 2)


def an_example(folder, language="fr"):
    """The worked example, refreshed, as a planner file."""
    path = str(folder / f"plan.{language}.xlsx")
    new_planner(path, language=language, today=TODAY, example=True)
    refresh_book(FileBook(path), today=TODAY)
    return path


def team_books(planner, folder, **options):
    """The path of each team's workbook, made anew."""
    report = make_team_books(planner, str(folder), today=TODAY, **options)
    return {book.team: book.path for book in report.books}


def planner_in(path):
    """The planner in a file."""
    return read_planner(FileBook(path))[1].planner


class TeamBook:
    """A team workbook open in a program that keeps what it knows of: cells are found by table, id and header."""

    def __init__(self, path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.book = load_workbook(path)
        self.tables = {name: (sheet, sheet.tables[name]) for sheet in self.book for name in sheet.tables}

    def area(self, table):
        sheet, found = self.tables[table]
        (left, top, right, bottom) = _bounds(found.ref)
        return sheet, left, top, right, bottom

    def cell(self, table, row, header):
        """The cell of a row, told by its id or counted from 1 in the body, under a header."""
        sheet, left, top, right, bottom = self.area(table)
        columns = {sheet.cell(top, column).value: column for column in range(left, right + 1)}
        if isinstance(row, int):
            return sheet.cell(top + row, columns[header])
        id_column = columns["Id"] if "Id" in columns else columns.get("Mesure", columns.get("Measure"))
        ids = {sheet.cell(number, id_column).value: number for number in range(top + 1, bottom + 1)}
        return sheet.cell(ids[row], columns[header])

    def type(self, table, row, header, value):
        cell = self.cell(table, row, header)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    def save(self, path):
        self.book.save(path)
        return str(path)


def _bounds(ref):
    from openpyxl.utils import range_boundaries

    return range_boundaries(ref)
