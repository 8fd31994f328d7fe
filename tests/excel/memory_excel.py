"""Excel in memory: an xlwings engine for tests, with the habits of Excel that matter to us.

A text is read as if typed (numbers, days and formulas are recognised, an apostrophe keeps it a text); reads and writes
are counted and written down; a sheet can be protected, its rows filtered; the program can refuse, also to take back a
switch. Errors are numbers as in COM, of which xlwings knows the oldest; `on_a_mac` they have no value, and may be
missing from their row.
"""

from __future__ import annotations

import re
import types
from datetime import date, datetime, time

import xlwings
from xlwings import utils

SPILL, NOT_AVAILABLE, DIVIDED = -2146826243, -2146826246, -2146826281
KNOWN_TO_XLWINGS = {
    -2146826281: "#DIV/0!", -2146826246: "#N/A", -2146826259: "#NAME?", -2146826288: "#NULL!", -2146826252: "#NUM!",
    -2146826265: "#REF!", -2146826273: "#VALUE!",
}  # fmt: skip
"""`xlwings._xlwindows.cell_errors`."""

EXCEPTION_OCCURRED = -2147352567
PERMISSIONS = {
    f"Allow{name}"
    for name in (
        "FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows",
        "InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables",
    )
}  # fmt: skip


class Refused(Exception):  # noqa: N818  (what Excel does)
    """What Excel says where it does not do a thing; the shape of pywin32's com_error."""

    def __init__(self, hresult, message=""):
        super().__init__(hresult, message)
        self.hresult = hresult
        self.excepinfo = (0, "Microsoft Excel", message, None, 0, hresult)


class Cell:
    def __init__(self, value=None, formula=None, number_format="General", note=""):
        self.value, self.formula, self.number_format, self.note = value, formula, number_format, note

    def type_in(self, entry, results):
        self.formula = None
        if isinstance(entry, str) and entry.startswith("'"):
            self.value = entry[1:]
        elif isinstance(entry, str) and entry.startswith("="):
            self.formula, self.value = entry, results.get(entry, _result_of(entry))
        elif isinstance(entry, str) and re.fullmatch(r"[-+]?\d+([.,]\d+)?", entry):
            self.value = float(entry.replace(",", "."))
        elif isinstance(entry, str) and (re.fullmatch(r"\d+/\d+(/\d+)?", entry) or (entry and entry[0] in "+-@")):
            self.value = "taken for something else"
        elif isinstance(entry, bool) or not isinstance(entry, int):
            self.value = entry or None if isinstance(entry, str) else entry
        else:
            self.value = float(entry)
        if type(self.value) is date:
            self.value = datetime.combine(self.value, time())


_BLANK = Cell()


def _result_of(formula):
    link = re.fullmatch(r'=HYPERLINK\("[^"]*","([^"]*)"\)', formula)
    return link[1] if link else 0.0


class Engine:
    name, type = "excel", "desktop"

    def __init__(self):
        self.calls, self.results, self.refusal = [], {}, None

    @staticmethod
    def prepare_xl_data_element(value, _options):
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data, _day, empty, number, err_to_str):
        def one(value):
            if value in ("", None):
                return empty
            if isinstance(value, int) and value in KNOWN_TO_XLWINGS:
                return KNOWN_TO_XLWINGS[value] if err_to_str else None
            return number(value) if number and isinstance(value, float) else value

        return [[one(value) for value in row] for row in data]

    def call(self, *what):
        if self.refusal and what[0] in self.refusal:
            raise self.refusal[what[0]]
        self.calls.append(what)


class App:
    version, pid = "16.0", 1

    def __init__(self, engine):
        self.engine, self.alerts, self.statuses, self._status = engine, [], [], False
        self.stuck = {}  # what a switch refuses to become, by its name
        self.screen_updating, self.enable_events, self.calculation = True, True, "automatic"
        self.AutoCorrect, self.fills_all_the_same = types.SimpleNamespace(AutoFillFormulasInLists=True), False

    api = property(lambda self: self)

    @property
    def autocorrect_object(self):
        return types.SimpleNamespace(Automatically_fill_formulas=Switch(self.AutoCorrect, "AutoFillFormulasInLists"))

    def __setattr__(self, name, value):
        if name in vars(self) and value == self.stuck.get(name, ...):
            raise Refused(EXCEPTION_OCCURRED, f"Unable to set the {name} property")
        super().__setattr__(name, value)

    status_bar = property(lambda self: self._status)

    @status_bar.setter
    def status_bar(self, text):
        self._status = text
        self.statuses.append(text)

    def alert(self, prompt, title, buttons, mode, callback):
        if self.engine.refusal and "alert" in self.engine.refusal:
            raise self.engine.refusal["alert"]
        self.alerts.append((title, prompt, mode))
        return "ok"


class Book:
    ReadOnly = False

    def __init__(self, name="plan.xlsm", folder="/home/ann"):
        self.engine = Engine()
        self.app = App(self.engine)
        self.name, self.FullName = name, f"{folder}/{name}" if folder else name
        self.all_sheets, self.all_names, self.saved = [], {}, 0

    api = property(lambda self: self)

    @property
    def fullname(self):
        """The path on this computer, as xlwings finds it: it finds none of a workbook that is only online."""
        if "sharepoint" in self.FullName:
            raise xlwings.XlwingsError("Couldn't find your local SharePoint file, see: xlwings.org/error")
        return self.FullName

    def on_a_mac(self, *, drops=False):
        """The same workbook in Excel for the Mac, which may drop errors; sys.platform is for the test to set."""
        for sheet in self.all_sheets:
            sheet.range_class = DroppingRange if drops else MacRange
        self.full_name, self.read_only = Answer(self.FullName), Answer(self.ReadOnly)
        return self

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self)

    def save(self, path=None, password=None):
        self.engine.call("save")
        self.saved += 1

    def add_table(self, sheet, name, rows, *, top=1, left=1, totals=False):
        found = next((one for one in self.all_sheets if one.name == sheet), None) or Sheet(self, sheet)
        found.fill(top, left, rows)
        table = Table(found, name, (top, left, len(rows), len(rows[0])), totals)
        found.all_tables.append(table)
        return found


class Sheets:
    def __init__(self, book):
        self.book = book

    def __len__(self):
        return len(self.book.all_sheets)

    def __iter__(self):
        return iter(self.book.all_sheets)

    def __call__(self, key):
        return self.book.all_sheets[key - 1] if isinstance(key, int) else next(s for s in self if s.name == key)


class Answer:
    """An appscript reference."""

    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


class Switch:
    """An appscript reference to what can be set."""

    def __init__(self, owner, name):
        self.owner, self.name = owner, name

    def get(self):
        return getattr(self.owner, self.name)

    def set(self, value):
        setattr(self.owner, self.name, value)


class Sheet:
    ProtectContents, password, protections = False, "", 0
    ProtectDrawingObjects = ProtectScenarios = True

    def __init__(self, book, name):
        self.book, self.name, self.cells_at, self.all_tables = book, name, {}, []
        self.range_class, self.permissions = Range, set()
        self.filtered_out, self.hidden_columns = set(), set()
        book.all_sheets.append(self)

    @property
    def Protection(self):  # noqa: N802  (Excel's name)
        return types.SimpleNamespace(**{name: name in self.permissions for name in PERMISSIONS})

    @property
    def protect_contents(self):
        return Answer(self.ProtectContents)

    api = property(lambda self: self)
    index = property(lambda self: self.book.all_sheets.index(self) + 1)
    UsedRange = used_range = property(lambda self: Range(self, (1, 1), (max(row for row, _ in self.cells_at), 20)))

    def get(self, _key, default):
        """As `api` in xlwings Lite, which is what the client sent."""
        return default

    @property
    def tables(self):
        return Tables(self)

    def Unprotect(self, Password):  # noqa: N802, N803  (Excel's names)
        if Password != self.password:
            raise Refused(-2146827284, "The password is not correct")
        self.ProtectContents = False

    def Protect(self, DrawingObjects=True, Scenarios=True, **allowed):  # noqa: N802, N803
        self.book.engine.call("protect", self.name)
        self.ProtectContents, self.protections = True, self.protections + 1
        self.ProtectDrawingObjects, self.ProtectScenarios = DrawingObjects, Scenarios
        assert set(allowed) <= PERMISSIONS
        self.permissions = {name for name, given in allowed.items() if given}

    def cell(self, row, column):
        return self.cells_at.setdefault((row, column), Cell())

    def fill(self, top, left, rows):
        for r, row in enumerate(rows):
            for c, entry in enumerate(row):
                if isinstance(entry, Cell):
                    self.cells_at[top + r, left + c] = entry
                else:
                    self.cell(top + r, left + c).type_in(entry, self.book.engine.results)

    def range(self, first, last=None):
        return self.range_class(self, first, last)


class Range:
    has_array = False
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet, first, last=None):
        self.sheet = sheet
        if isinstance(first, str):
            first, last = utils.a1_to_tuples(first.replace("$", ""))
        if isinstance(first, Range):
            first, last = (first.row, first.column), (last.row, last.column)
        if len(first) == 4:
            first, last = first[:2], (first[0] + first[2] - 1, first[1] + first[3] - 1)
        (self.row, self.column), self.last = first, last or first

    api = property(lambda self: self)
    shape = property(lambda self: (self.last[0] - self.row + 1, self.last[1] - self.column + 1))
    coords = property(lambda self: (self.sheet.name, self.row, self.column, *self.shape))

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None):
        return Range(self.sheet, (self.row + row - 1, self.column + (column or 1) - 1))

    def _seen(self):
        """The cells to look at: one that nobody wrote to is not made for that."""
        cells, columns = self.sheet.cells_at, range(self.column, self.last[1] + 1)
        return [[cells.get((r, c), _BLANK) for c in columns] for r in range(self.row, self.last[0] + 1)]

    def _cells(self):
        return [
            [self.sheet.cell(r, c) for c in range(self.column, self.last[1] + 1)]
            for r in range(self.row, self.last[0] + 1)
        ]

    @property
    def raw_value(self):
        self.sheet.book.engine.call("read", self.sheet.name, self.row, self.column, *self.shape)
        return [[cell.value for cell in row] for row in self._seen()]

    @raw_value.setter
    def raw_value(self, rows):
        engine = self.sheet.book.engine
        engine.call("write", self.sheet.name, self.row, self.column, len(rows), len(rows[0]))
        assert not self.sheet.ProtectContents
        sheet, hides = self.sheet, self._is_written_wrong()
        for r, row in enumerate(rows):
            for c, entry in enumerate(row):
                shows = self.row + r not in sheet.filtered_out and self.column + c not in sheet.hidden_columns
                if shows or not hides:
                    sheet.cell(self.row + r, self.column + c).type_in(rows[0][0] if hides else entry, engine.results)
        self._head_columns()
        app = self.sheet.book.app
        if app.fills_all_the_same or getattr(getattr(app, "AutoCorrect", None), "AutoFillFormulasInLists", False):
            self._fill_columns(len(rows), len(rows[0]))

    def _is_written_wrong(self):
        """Under a filter: where not all cells show, but for cells of one row of which none shows."""
        rows, columns = self._hidden("row"), self._hidden("column")
        some, none = any(rows) or any(columns), all(rows) or all(columns)
        return bool(self.sheet.filtered_out) and some and not (none and len(rows) == 1)

    def _hidden(self, kind):
        if kind == "row":
            return [row in self.sheet.filtered_out for row in range(self.row, self.last[0] + 1)]
        return [column in self.sheet.hidden_columns for column in range(self.column, self.last[1] + 1)]

    def _answer(self, kind):
        self.sheet.book.engine.call(f"ask for hidden {kind}s", self.sheet.name)
        hidden = set(self._hidden(kind))
        return types.SimpleNamespace(Hidden=hidden.pop() if len(hidden) == 1 else None)

    def _answers(self, kind):
        hidden = self._hidden(kind)
        answer = types.SimpleNamespace(hidden=Answer(hidden if len(hidden) > 1 else hidden[0]))
        return types.SimpleNamespace(**{f"{kind}s": answer})

    EntireRow = property(lambda self: self._answer("row"))
    EntireColumn = property(lambda self: self._answer("column"))
    entire_row = property(lambda self: self._answers("row"))
    entire_column = property(lambda self: self._answers("column"))

    def _head_columns(self):
        """A table's header that is emptied gets a name at once, in every Excel."""
        for table in self.sheet.all_tables:
            top, left, _, columns = table.area
            for number in range(columns):
                header = self.sheet.cell(top, left + number)
                header.value = header.value or f"Column{number + 1}"

    def _fill_columns(self, height, width):
        """A formula written into a table's cell becomes that of its column, but for cells with values of their own."""
        for table in self.sheet.all_tables:
            top, left, rows, columns = table.area
            for column in range(max(left, self.column), min(left + columns, self.column + width)):
                body = [self.sheet.cell(row, column) for row in range(top + 1, top + rows)]
                written = body[max(self.row - top - 1, 0) : max(self.row - top - 1 + height, 0)]
                source = next((cell for cell in written if cell.formula), None)
                for cell in body if source else ():
                    if cell.value is None or cell.formula is not None:
                        cell.formula, cell.value = source.formula, source.value

    @property
    def formula(self):
        self.sheet.book.engine.call("read formulas", self.sheet.name)
        rows = tuple(tuple(cell.formula or _text(cell.value) for cell in row) for row in self._seen())
        return rows[0][0] if len(self) == 1 else rows

    def copy(self, destination):
        (source,) = self._cells()
        for row in destination.impl._cells():
            for cell, other in zip(row, source, strict=True):
                vars(cell).update(vars(other))

    def clear_contents(self):
        for row in self._cells():
            for cell in row:
                cell.value = cell.formula = None

    def ClearComments(self):  # noqa: N802
        for row in self._cells():
            for cell in row:
                cell.note = ""


class MacRange(Range):
    """A range of Excel for the Mac. Of an error it gives no value."""

    drops = False
    options: dict

    @property
    def raw_value(self):
        self.sheet.book.engine.call("read", self.sheet.name, self.row, self.column, *self.shape)
        rows = [[None if _is_error(cell) else cell.value for cell in row if not (self.drops and _is_error(cell))]
                for row in self._seen()]  # fmt: skip
        given = rows[0][0] if len(self) == 1 and rows[0] else rows[0] if len(rows) == 1 else rows
        if self.options.get("err_to_str"):
            for row in _rows_as_xlwings_makes_them(given):  # of two rows or more it makes None
                row[:] = row
        return given

    raw_value = raw_value.setter(Range.raw_value.fset)

    @property
    def string_value(self):
        self.sheet.book.engine.call("read texts", self.sheet.name, self.row, self.column, *self.shape)
        rows = [[_shown(cell) for cell in row] for row in self._seen()]
        return Answer(rows[0][0] if len(self) == 1 else rows[0] if len(rows) == 1 else rows)


class DroppingRange(MacRange):
    """The same where an error is missing from its row altogether."""

    drops = True


def _rows_as_xlwings_makes_them(values):
    """`ensure_2d` of xlwings 0.37.8."""
    if not isinstance(values, list):
        return [[values]]
    return [values] if not isinstance(values[0], list) else None


def _is_error(cell):
    return (isinstance(cell.value, int) and cell.value < -2146826000) or cell.value == "#WERT!"


def _shown(cell):
    """What a cell shows in a French Excel."""
    french = {"#VALUE!": "#VALEUR!", "#NAME?": "#NOM?"}
    value = KNOWN_TO_XLWINGS.get(cell.value, "#PROPAGATION!") if isinstance(cell.value, int) else cell.value
    return "" if value is None else french.get(value, str(value))


def _text(value):
    return "" if value is None else str(value)


class Tables:
    def __init__(self, sheet):
        self.sheet = sheet

    def __len__(self):
        return len(self.sheet.all_tables)

    def __iter__(self):
        return iter(self.sheet.all_tables)


class Table:
    show_headers = True

    def __init__(self, sheet, name, area, totals):
        self.parent, self.name, self.area, self.show_totals = sheet, name, area, totals

    range = property(lambda self: Range(self.parent, self.area))

    def resize(self, area):
        self.parent.book.engine.call("resize", self.name)
        assert (area.row, area.column) == self.area[:2]
        before, self.area = self.area, (area.row, area.column, *area.shape)
        top, left, height, width = before
        for column in range(left, left + width):
            self._calculate([self.parent.cell(row, column) for row in range(top + 1, top + area.shape[0])], height - 1)

    @staticmethod
    def _calculate(cells, known):
        """A column in which every cell had a formula is a calculated one: new rows get that formula by themselves."""
        if known and all(cell.formula for cell in cells[:known]):
            for cell in cells[known:]:
                if cell.value is None:
                    cell.formula, cell.value = cells[0].formula, cells[0].value


class Names:
    def __init__(self, book):
        self.book = book

    def __len__(self):
        return len(self.book.all_names)

    def contains(self, key):
        return key in self.book.all_names

    def __call__(self, key):
        return Name(key, self.book.all_names[key])


class Name:
    def __init__(self, name, content):
        self.name, self.content = name, content

    @property
    def refers_to(self):
        return self.content if isinstance(self.content, str) else "=A1"

    @property
    def refers_to_range(self):
        if isinstance(self.content, str):  # a constant, a formula, or cells that were deleted
            raise Refused(EXCEPTION_OCCURRED, "Exception occurred.")
        return self.content[0].range(*self.content[1:])


def opened(book: Book) -> xlwings.Book:
    """The book as xlwings gives it to a button."""
    return xlwings.Book(impl=book)
