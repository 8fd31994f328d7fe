"""A planner in an open workbook, through xlwings: Excel on Windows and macOS, LibreOffice, xlwings Lite.

Knows xlwings by the objects it is given and does not import it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from okr_workbook.books.known_tables import SCHEMA_NAME, refuse_newer
from okr_workbook.books.live.cells import constant_of
from okr_workbook.books.live.hosts import address_of
from okr_workbook.books.live.restoring import restore, roll_back
from okr_workbook.books.live.state import quiet, unprotected
from okr_workbook.books.live.tables import FormulaTexts, LiveTable, Pen, read_tables, values_of
from okr_workbook.books.live.undo import AreaRecord, Journal, Record, Undone
from okr_workbook.books.live.writing import planned, record_of, write_block, write_table
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import Changes, Grid, Value, Written


class LiveBook:
    """An open workbook as a `tables.grid.Book`. `book` is an `xlwings.Book`; `journal` keeps what Undo needs.

    `formula_texts` gives the formulas of a range where the host cannot simply be asked for them.
    """

    def __init__(self, book: Any, journal: Journal | None = None, formula_texts: FormulaTexts | None = None) -> None:
        self._book = book
        self._read_options = {"formula_texts": formula_texts} if formula_texts else {}
        self._given_journal = journal
        self._tables: dict[str, LiveTable] = {}

    @cached_property
    def _journal(self) -> Journal:
        """Looked for when needed: of a workbook that cannot be told from others, the rest can still be read."""
        return self._given_journal or Journal(address_of(self._book))

    @property
    def name(self) -> str:
        """The file's name."""
        return str(self._book.name)

    def expect_known_tables(self) -> None:
        """FileRefusedError where a newer package made this planner: nothing of it may be written by this one."""
        try:
            refuse_newer(self.read_block(SCHEMA_NAME))
        except FileRefusedError as error:
            error.details["file"] = self.name
            raise

    def read(self) -> dict[str, Grid]:
        """Every table the planner knows that is there, by table id."""
        self._tables = read_tables(self._book, **self._read_options)
        return {table_id: live.grid for table_id, live in self._tables.items()}

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a name: of its cells, or the constant it stands for. None where there is no such name."""
        if name not in self._book.names:
            return None
        constant = constant_of(str(self._book.names[name].refers_to))
        if constant is not None:
            return [[constant]]
        area = self._named(name)
        return None if area is None else values_of(area)

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing, and keep what is needed to undo `command`.

        OkrError on a sheet protected with a password, or where a table has no room to grow. The tables must have been read.
        """
        plans = [planned(self._tables[change.table], change) for change in changes.tables]
        named = {change.name: self._named(change.name) for change in changes.blocks}
        sheets = [plan.live.sheet for plan in plans] + [area.sheet for area in named.values() if area is not None]
        done: list[AreaRecord] = []
        pen = Pen()
        with quiet(self._book.app), unprotected(sheets):
            try:
                for plan in plans:
                    done.append(record_of(plan))
                    write_table(plan, pen)
                for block in changes.blocks:
                    record = None if named[block.name] is None else write_block(named[block.name], block, pen)
                    done += [record] if record else []
                changed = tuple(area for area in done if area.cells)
                if changed:
                    self._journal.keep(Record(command, changed))
            except BaseException:
                roll_back(done, self._tables, named, pen)
                raise
        return Written(bool(changed), tuple(cell for plan in plans for cell in plan.kept))

    def undo(self) -> Undone | None:
        """Put back what the last button changed, but for cells edited since.

        None where there is nothing to undo: no record, or none of what was written is there any more.
        """
        record = self._journal.last()
        if record is None:
            return None
        self.read()
        named = {area.name: self._named(area.name) for area in record.areas if not area.is_table}
        sheets = [live.sheet for live in self._tables.values()] + [area.sheet for area in named.values() if area]
        with quiet(self._book.app), unprotected(sheets):
            done = restore(record.areas, self._tables, named, Pen())
        self._journal.forget()
        return None if done is None else Undone(record.command, *done)

    def _named(self, name: str) -> Any:
        """The cells of a name; None where there is no such name, or what it stood for was deleted."""
        if name not in self._book.names or "#REF!" in str(self._book.names[name].refers_to):
            return None
        return self._book.names[name].refers_to_range
