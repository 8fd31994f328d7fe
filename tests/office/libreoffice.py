"""A real LibreOffice, without a screen, as a user has it after `okr setup`: documents opened, shapes clicked, boxes read.

Each has its own profile, home folder and pipe, and is ended by its process id.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from okr_workbook.actions.setup_libreoffice import let_it_listen, note_interpreter
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.live.book import LiveBook
from okr_workbook.errors import OkrError
from okr_workbook.excel.lean_xlwings import load_xlwings
from okr_workbook.excel.uno_connection import connect, load_uno, property_value

WITHOUT_A_SCREEN = {"SAL_USE_VCLPLUGIN": "svp"}
"""Draws into memory. The switch --headless would also do, but it closes every message box before anyone reads it."""

STARTING, WORKING = 60.0, 30.0  # seconds
_LEFT_BUTTON = 1
_ALERT, _PUSH_BUTTON, _STATIC = 1, 44, 86  # com.sun.star.accessibility.AccessibleRole
_RESTARTED = 81  # soffice's exit status after it has made a new profile


LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item>
</oor:items>"""


def a_profile(folder: Path, locale: str) -> Path:
    """The folder of a user of LibreOffice whose numbers and dates are those of a locale such as fr-FR."""
    settings = folder / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(LOCALE.format(locale), encoding="utf-8")
    return folder


def wait_for(found, seconds, what):
    """What `found` gives as soon as it is something; an assertion after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        result = found()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class LibreOffice:
    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.home = program, folder
        self.address = f"pipe,name=okr_test_{os.getpid()}"
        self.profile = folder / "profile"
        let_it_listen(self.profile / "user", self.address)
        note_interpreter(folder, sys.executable)
        self.process = None
        self.documents: list[Document] = []

    def __enter__(self) -> Self:
        self._start()
        self.context = wait_for(self._connected, STARTING, "LibreOffice listens")
        self.desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        return self

    def _start(self) -> None:
        command = [
            self.program,
            f"-env:UserInstallation=file://{self.profile}",
            "--norestore",
            "--nologo",
            "--nodefault",
        ]
        environment = {**os.environ, "HOME": str(self.home), "OKR_LIBREOFFICE": self.address, **WITHOUT_A_SCREEN}
        environment.pop("DISPLAY", None)
        with (self.home / "soffice.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True, cwd=self.home
            )

    def _connected(self):
        if self.process.poll() == _RESTARTED:
            self._start()
        try:
            return connect(self.address)
        except OkrError:
            return None
        except _gone():  # it listens, and is not up yet
            return None

    def __exit__(self, *_error: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)

    def open(self, path: Path) -> Document:
        """The workbook as a user opens it who lets its macros run. The fixture `libreoffice` closes it at last."""
        always_run_macros = property_value("MacroExecutionMode", 4)
        url = load_uno().systemPathToFileUrl(str(path))

        def loaded():
            try:
                return self.desktop.loadComponentFromURL(url, "_blank", 0, (always_run_macros,))
            except _gone():  # it listens a moment before it can load
                return None

        document = Document(self, wait_for(loaded, STARTING, f"{path.name} is open"))
        self.documents.append(document)
        return document

    def close_all(self) -> None:
        while self.documents:
            self.documents.pop().close()

    # --- message boxes ---

    def box(self):
        """The message box that is open, as (text, button), or None: also while it is being built or is closing."""
        toolkit = self.context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", self.context)
        for index in range(toolkit.getTopWindowCount()):
            try:
                window = toolkit.getTopWindow(index)
                context = window and window.getAccessibleContext()  # a window that just closed is none
                if not context or context.getAccessibleRole() != _ALERT:
                    continue
                parts = {part.getAccessibleRole(): part for part in _parts(context)}
                if _STATIC in parts and _PUSH_BUTTON in parts:
                    return parts[_STATIC].getAccessibleName(), parts[_PUSH_BUTTON]
            except _gone():
                continue
        return None

    def next_message(self) -> str:
        """Wait for a message box, read it and close it."""
        text, button = wait_for(self.box, WORKING, "a message box")
        button.doAccessibleAction(0)
        wait_for(lambda: self.box() is None, WORKING, "the message box closes")
        return text


def _gone():
    """What LibreOffice raises for a window that went, or is not yet all there, between two calls."""
    load_uno()
    from com.sun.star.lang import DisposedException, IndexOutOfBoundsException
    from com.sun.star.uno import RuntimeException

    return DisposedException, IndexOutOfBoundsException, RuntimeException


def _parts(accessible, depth=0):
    yield accessible
    if depth < 6:
        for index in range(min(accessible.getAccessibleChildCount(), 100)):
            child = accessible.getAccessibleChild(index)
            context = child and child.getAccessibleContext()  # a window that just closed has none
            if context:
                yield from _parts(context, depth + 1)


class Document:
    """An open spreadsheet."""

    def __init__(self, office: LibreOffice, document) -> None:
        self.office, self.document = office, document
        self.controller = wait_for(lambda: document.CurrentController, WORKING, "the document is shown")
        self.controller.Frame.ContainerWindow.setPosSize(0, 0, 1600, 1400, 15)

    def close(self) -> None:
        """Close without saving, once nothing holds it: a macro at its end, or a message box that a failed test left."""
        wait_for(self._closed, WORKING, "the document closes")

    def _closed(self) -> bool:
        if self.office.box() is not None:
            self.office.next_message()
        load_uno()
        from com.sun.star.util import CloseVetoException

        try:
            self.document.close(True)
        except CloseVetoException:
            return False
        except _gone():
            return True
        return True

    def book(self) -> LiveBook:
        """The open document as it shows now, through the engine the buttons use."""
        load_xlwings()
        from okr_workbook.excel.libreoffice import activate

        name = load_uno().fileUrlToSystemPath(self.document.getURL())
        return LiveBook(activate(self.office.context).apps.active.books[name])

    def sheet(self, name):
        return self.document.Sheets.getByName(name)

    def cell(self, sheet, address):
        return self.sheet(sheet).getCellRangeByName(address)

    def saved_copy(self, path: Path) -> FileBook:
        """The document as it is now, as a file of its own."""
        options = (property_value("FilterName", "Calc MS Excel 2007 XML"),)
        self.document.storeToURL(load_uno().systemPathToFileUrl(str(path)), options)
        return FileBook(str(path))

    def table(self, name):
        """(sheet, range, address) of a table."""
        table = self.document.DatabaseRanges.getByName(name)
        return self.document.Sheets.getByIndex(table.DataArea.Sheet), table, table.DataArea

    def hide(self, table: str, column: int, value: str) -> None:
        """Filter a table: the rows with `value` in a column do not show."""
        _, found, _ = self.table(table)
        field = load_uno().createUnoStruct("com.sun.star.sheet.TableFilterField")
        field.Field, field.IsNumeric, field.StringValue = column, False, value
        field.Operator = load_uno().Enum("com.sun.star.sheet.FilterOperator", "NOT_EQUAL")
        found.getFilterDescriptor().setFilterFields((field,))
        found.refresh()

    def hidden_rows(self, table: str) -> list[int]:
        sheet, _, area = self.table(table)
        rows = range(area.StartRow, area.EndRow + 1)
        return [row for row in rows if not sheet.Rows.getByIndex(row).IsVisible]

    def sort(self, table: str, column: int) -> None:
        sheet, _, area = self.table(table)
        field = load_uno().createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = column, False
        fields = load_uno().Any("[]com.sun.star.table.TableSortField", (field,))
        body = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow + 1, area.EndColumn, area.EndRow)
        body.sort((property_value("SortFields", fields), property_value("ContainsHeader", False)))

    def insert_column(self, table: str, at: int, cells: list[str]) -> None:
        """A column of one's own inside a table, its header first."""
        sheet, _, area = self.table(table)
        sheet.Columns.insertByIndex(area.StartColumn + at, 1)
        for row, text in enumerate(cells, area.StartRow):
            sheet.getCellByPosition(area.StartColumn + at, row).setFormula(text)

    def press(self, macro: str) -> None:
        """Click with the mouse on the middle of the shape that is bound to `macro`."""
        self.controller.setActiveSheet(self.document.Sheets.getByIndex(0))
        self.controller.Frame.ComponentWindow.Toolkit.processEventsToIdle()  # lays out the page, and with it the shapes
        shape = wait_for(lambda: self._shape(macro), WORKING, f"the shape {macro}")
        window = self.controller.Frame.ComponentWindow
        origin = window.getAccessibleContext().getLocationOnScreen()
        place, size = shape.getLocationOnScreen(), shape.getSize()
        event = load_uno().createUnoStruct("com.sun.star.awt.MouseEvent")
        event.Source, event.Buttons, event.ClickCount = window, _LEFT_BUTTON, 1
        event.X, event.Y = place.X + size.Width // 2 - origin.X, place.Y + size.Height // 2 - origin.Y
        robot = window.Toolkit
        robot.mouseMove(event)
        robot.mousePress(event)
        robot.mouseRelease(event)

    def _shape(self, name):
        root = self.controller.Frame.ComponentWindow.getAccessibleContext()
        try:
            return next(
                (part for part in _parts(root) if part.getAccessibleName() == name and part.getSize().Width), None
            )
        except _gone():  # the page is being laid out anew
            return None
