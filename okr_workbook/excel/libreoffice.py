"""LibreOffice Calc as an xlwings engine, over UNO: what `books.live.book` and the buttons use, and no more.

The documents open in a running LibreOffice are then `xlwings.Book`s like any other. Everything not here raises
NotImplementedError, as xlwings' base classes do. Ranges live in `libreoffice_range`, tables and names in
`libreoffice_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from okr_workbook.excel.libreoffice_range import Range, cleaned, prepared
from okr_workbook.excel.libreoffice_tables import Names, Tables
from okr_workbook.excel.uno_connection import load_uno, property_value

EXCEL_VERSION = "16.0"
"""What xlwings compares with to know which abilities there are."""

_SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
_EXCEL_FORMULAS = 3  # the grammar of .xlsx: English names, commas, Sheet!A1
_ALWAYS_RUN_MACROS = 4
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}
_BOXES = {"info": "INFOBOX", "critical": "ERRORBOX", None: "INFOBOX"}


class Engine:
    """LibreOffice as xlwings sees it."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self, context: Any) -> None:
        self.context = context
        self.apps = Apps(self)

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        return prepared(value)

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[object]], day: Any, empty: object, number: Any, err_to_str: bool
    ) -> list[list[object]]:
        return cleaned(data, day, empty, number, err_to_str=err_to_str)


class Apps:
    """The one LibreOffice we are connected to."""

    def __init__(self, engine: Engine) -> None:
        self._app = App(engine)

    def keys(self) -> list[int]:
        return [self._app.pid]

    def __iter__(self) -> Iterator[App]:
        return iter((self._app,))

    def __len__(self) -> int:
        return 1

    def __getitem__(self, _pid: int) -> App:
        return self._app


class App:
    """The program, as one of its documents sees it: each has its own calculation, status bar and window.

    Screen updating and events stay as they are: a remote caller cannot make LibreOffice flicker.
    """

    version = EXCEL_VERSION
    pid = 1
    screen_updating = True
    enable_events = True

    def __init__(self, engine: Engine, document: Any = None) -> None:
        self.engine = engine
        self._own = document
        self._status: str | bool = False

    @property
    def api(self) -> Any:
        return self.engine.service("com.sun.star.frame.Desktop")

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def _document(self) -> Any:
        """The document whose program this is, whichever the user looks at meanwhile; the active one where it is none's."""
        return self._own or self.books.active.api

    @property
    def calculation(self) -> str:
        return "automatic" if self._document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, mode: str) -> None:
        """Where it is manual and stays so, what was written meanwhile is computed: Excel computes a formula as it is written."""
        if mode == self.calculation == "manual":
            self._document.calculate()
        self._document.enableAutomaticCalculation(mode == "automatic")

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, text: str | bool) -> None:
        indicator = self._document.CurrentController.getStatusIndicator()
        self._status = text
        if text:
            indicator.start(str(text), 0)
        else:
            indicator.end()

    def alert(self, prompt: str, title: str, buttons: str | None, mode: str | None, _callback: object) -> str | None:
        window = self._document.CurrentController.Frame.ContainerWindow
        kind = "QUERYBOX" if buttons and "yes" in buttons else _BOXES[mode]
        kind = load_uno().Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.Toolkit.createMessageBox(window, kind, _BUTTONS[buttons or "ok"], title or "", prompt)
        try:
            return _ANSWERS.get(box.execute())
        finally:
            box.dispose()


class Books:
    """The spreadsheets that are open."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator[Book]:
        components = self.app.api.Components.createEnumeration()
        while components.hasMoreElements():
            document = components.nextElement()
            if _is_spreadsheet(document):
                yield Book(self.app, document)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: str | int) -> Book:
        books = list(self)
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if key in (book.fullname, book.name):
                return book
        raise KeyError(key)

    @property
    def active(self) -> Book:
        current = self.app.api.getCurrentComponent()
        return Book(self.app, current) if _is_spreadsheet(current) else next(iter(self))

    def open(self, fullname: str, *_args: object, **_options: object) -> Book:
        url = load_uno().systemPathToFileUrl(fullname)
        options = (property_value("MacroExecutionMode", _ALWAYS_RUN_MACROS),)
        return Book(self.app, self.app.api.loadComponentFromURL(url, "_blank", 0, options))


def _is_spreadsheet(document: Any) -> bool:
    return hasattr(document, "supportsService") and document.supportsService(_SPREADSHEET)


class Book:
    """One open document."""

    def __init__(self, app: App, document: Any) -> None:
        self.app = App(app.engine, document)
        self.api = document
        self._parser: Any = None

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def fullname(self) -> str:
        url = self.api.getURL()
        return str(load_uno().fileUrlToSystemPath(url)) if url.startswith("file:") else str(url or self.api.Title)

    @property
    def name(self) -> str:
        return self.fullname.replace("\\", "/").rpartition("/")[2]

    def activate(self) -> None:
        self.api.CurrentController.Frame.ContainerWindow.toFront()

    def save(self, path: str | None = None, password: str | None = None) -> None:  # noqa: ARG002  (xlwings' signature)
        """Save in place. Saving under another name is left to the user, whose choice of format it is."""
        if path is not None:
            raise NotImplementedError
        self.api.store()

    def close(self) -> None:
        self.api.close(True)

    @property
    def formula_parser(self) -> Any:
        """Turns formulas as Excel writes them into LibreOffice's tokens, and back."""
        if self._parser is None:
            self._parser = self.api.createInstance("com.sun.star.sheet.FormulaParser")
            self._parser.CompileEnglish, self._parser.FormulaConvention = True, _EXCEL_FORMULAS
        return self._parser

    @property
    def first_day(self) -> datetime:
        """Day 0 of the document's serial dates."""
        day = self.api.NullDate
        return datetime(day.Year, day.Month, day.Day)  # noqa: DTZ001  (cells have no time zone)

    def format_key(self, code: str) -> int:
        """The document's key of a number format written in English."""
        locale = load_uno().createUnoStruct("com.sun.star.lang.Locale")
        locale.Language, locale.Country = "en", "US"
        formats = self.api.NumberFormats
        key = formats.queryKey(code, locale, False)
        return int(key if key >= 0 else formats.addNew(code, locale))


class Sheets:
    """A document's sheets."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.api.Sheets

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, self.api.getByIndex(index)) for index in range(len(self)))

    def __call__(self, key: str | int) -> Sheet:
        return Sheet(self.book, self.api.getByIndex(key - 1) if isinstance(key, int) else self.api.getByName(key))

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.api.CurrentController.getActiveSheet())


class Sheet:
    """One sheet."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.api = sheet

    @property
    def name(self) -> str:
        return str(self.api.Name)

    @property
    def index(self) -> int:
        return int(self.api.RangeAddress.Sheet) + 1

    @property
    def tables(self) -> Tables:
        return Tables(self)

    def range(self, first: Any, last: Any = None) -> Range:
        return Range(self, first, last)

    def activate(self) -> None:
        self.book.api.CurrentController.setActiveSheet(self.api)


def activate(context: Any) -> Any:
    """Make the running LibreOffice, as `uno_connection.connect` gives it, the engine xlwings talks to."""
    import xlwings

    engine = xlwings.Engine(impl=Engine(context))
    xlwings.engines.add(engine)
    xlwings.engines.active = engine
    return engine
