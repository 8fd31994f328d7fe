"""A planner's workbook as bytes: its tables as grids, and the same workbook with changes made. Touches no file."""

import re
from collections.abc import Mapping
from functools import cached_property

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.parts.cell_text import number_of
from okr_workbook.books.parts.cell_values import CellValues
from okr_workbook.books.parts.package import Area, Package, SheetPart, TablePart, area_of
from okr_workbook.books.parts.sheet_patcher import CellChange, Patch, Spot, patched
from okr_workbook.books.parts.sheet_reader import SheetReader
from okr_workbook.books.parts.sheet_text import MAX_ROW, SheetText
from okr_workbook.books.parts.table_edits import SheetEdits, Surroundings, TableEdits
from okr_workbook.books.parts.table_parts import grown_rules, resized, unfiltered
from okr_workbook.books.parts.xml_text import attributes_of, checked, with_attribute
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.records import NamedTuple
from okr_workbook.tables import schema
from okr_workbook.tables.grid import (
    BlockChange,
    Changes,
    Formula,
    Grid,
    Place,
    TableChange,
    Value,
    column_letters,
    quoted,
)

MAX_BLOCK_CELLS = 1_000_000
"""How many cells a named range may have: what any limit on tables allows, and never a whole column."""
_LINK = "HYPERLINK("
_HAS_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")


CellChanges = Mapping[int, Mapping[int, CellChange]]
"""What changed on one sheet, by row and column."""


class Rewritten(NamedTuple):
    """A workbook with changes made: its bytes, the parts that were written anew, what changed on each sheet part, and
    the cells whose formula was kept.
    """

    content: bytes
    parts: Mapping[str, bytes]
    cells: Mapping[str, CellChanges]
    kept: tuple[str, ...]


class Workbook:
    """A workbook's content and what is understood of it so far."""

    def __init__(self, content: bytes | Archive) -> None:
        archive = content if isinstance(content, Archive) else Archive(content)
        self.content = archive.content
        self.package = Package(archive)
        self._readers: dict[str, SheetReader] = {}

    @cached_property
    def tables(self) -> dict[str, TablePart]:
        """The planner's tables that are there, by id: told by their names, whatever the case."""
        known = {table.id for table in schema.TABLES}
        return {id_: table for table in self.package.tables if (id_ := table.name.casefold()) in known}

    @cached_property
    def values(self) -> CellValues:
        """How this workbook's cells are read."""
        return CellValues(self.package)

    @cached_property
    def grids(self) -> dict[str, Grid]:
        """The planner's tables as grids, in the order of the schema."""
        return {table.id: self._grid(table.id) for table in schema.TABLES if table.id in self.tables}

    @cached_property
    def _sheets_by_name(self) -> dict[str, SheetPart]:
        return {sheet.name.casefold(): sheet for sheet in self.package.sheets}

    def reader(self, part: str) -> SheetReader:
        """A sheet to be read."""
        if part not in self._readers:
            sheet = SheetText(self.package.archive.read(part), part)
            self._readers[part] = SheetReader(sheet, self.values)
        return self._readers[part]

    def sheet(self, part: str) -> SheetText:
        """A sheet's text."""
        return self.reader(part).sheet

    def block(self, name: str) -> list[list[Value]] | None:
        """The values of a defined name: of its cells, or the constant it stands for. None where there is no such name."""
        written = self.package.names.get(name.lower())
        if written is None:
            return None
        place = self.place(name)
        if place is None:
            number = number_of(written)
            return [[written.strip('"') if number is None else number]]
        sheet, area = place
        return self.reader(sheet.part).read(area)[0]

    def place(self, name: str) -> tuple[SheetPart, Area] | None:
        """Where a defined name points; None where it names no cells of a sheet."""
        sheet_name, _, cells = self.package.names.get(name.lower(), "").strip().lstrip("=").rpartition("!")
        area = area_of(cells)
        if not sheet_name or area is None:
            return None
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > MAX_BLOCK_CELLS:
            raise FileRefusedError("range_too_large", name=name)
        if sheet_name[0] == sheet_name[-1] == "'":
            sheet_name = sheet_name[1:-1].replace("''", "'")
        sheet = self._sheets_by_name.get(sheet_name.casefold())
        return (sheet, area) if sheet else None

    def changed(self, changes: Changes) -> Rewritten:
        """The workbook with the changes made. OkrError where something of the user's stands in the way of a table."""
        drafts: dict[str, SheetEdits] = {}
        parts: dict[str, bytes] = {}
        for change in changes.tables:
            self._plan_table(change, drafts, parts)
        for block in changes.blocks:
            self._plan_block(block, drafts)
        patches = {part: self._patched(part, draft) for part, draft in drafts.items()}
        for part, patch in patches.items():
            if patch.text != self.sheet(part).text:
                parts[part] = self.sheet(part).xml._replace(text=patch.text).encoded()
        cells = {part: patch.changed for part, patch in patches.items()}
        kept = tuple(self.address(part, spot) for part, patch in patches.items() for spot in patch.kept)
        if not parts:
            return Rewritten(self.content, {}, cells, kept)
        removed = self._settle_formulas(parts, cells)
        return Rewritten(self.package.archive.replaced(parts, removed), parts, cells, kept)

    def holds(self, parts: Mapping[str, bytes], of: "Workbook") -> bool:
        """True where these parts are well-formed and are, byte for byte, what was to be written, and all others lie as they
        did in another workbook.
        """
        archive = self.package.archive
        sheets = {sheet.part for sheet in of.package.sheets}
        for name in archive.members:
            if name in parts:
                (SheetText if name in sheets else checked)(content := archive.read(name), name)
                if content != parts[name]:
                    return False
            elif not archive.lies_as_in(of.package.archive, name):
                return False
        return parts.keys() <= archive.members.keys()

    def address(self, part: str, spot: Spot) -> str:
        """A cell as people name it: 'Key results'!G7."""
        name = next(sheet.name for sheet in self.package.sheets if sheet.part == part)
        return f"{quoted(name)}!{column_letters(spot[1])}{spot[0]}"

    def contents(self, part: str, row: int) -> dict[int, Value]:
        """What the cells of one row hold, by column; formulas come as `Formula`."""
        reader = self.reader(part)
        return {column: reader.held(match) for column, match in reader.sheet.cells(row).items()}

    # --- reading ---

    def _grid(self, table_id: str) -> Grid:
        table = self.tables[table_id]
        reader, area = self.reader(table.sheet.part), table.area
        rows, formulas = reader.read(Area(table.header_row + 1, area.left, table.last_row, area.right))
        if not table.has_totals and not schema.table(table_id).computed:
            for number in range(table.last_row + 1, self._floor(table)):
                cells, places = reader.read_row(number, area.left, area.right)
                if not places and all(value in (None, "") for value in cells):
                    break
                formulas.update((len(rows), place) for place in places)
                rows.append(cells)
        headers = reader.read_row(area.top, area.left, area.right)[0] if table.has_header else table.columns
        return Grid(table_id, tuple(headers), rows, frozenset(formulas), table.sheet.name, table.header_row, area.left)

    def _floor(self, table: TablePart) -> int:
        """The row below a table that cannot be its own: another table's, or past the end of the sheet."""
        below = (
            area.top
            for area in self._others(table)
            if area.top > table.last_row and area.left <= table.area.right and table.area.left <= area.right
        )
        return min(below, default=MAX_ROW + 1)

    def _others(self, table: TablePart) -> tuple[Area, ...]:
        """The areas of the other tables of a table's sheet."""
        return tuple(one.area for one in self.package.tables if one.sheet == table.sheet and one.part != table.part)

    # --- changing ---

    def _plan_table(self, change: TableChange, drafts: dict[str, SheetEdits], parts: dict[str, bytes]) -> None:
        table = self.tables.get(change.table)
        if table is None:
            raise OkrError("table_missing", table=change.table)
        around = Surroundings(self.reader(table.sheet.part), self._others(table))
        edits = TableEdits(around, table, self.grids[change.table], change)
        edits.plan(drafts.setdefault(table.sheet.part, SheetEdits()))
        if edits.resizes or edits.unfilters:
            xml = checked(self.package.archive.read(table.part), table.part)
            xml = xml._replace(text=resized(xml, table, edits.last_row, change.new_headers))
            parts[table.part] = (xml._replace(text=unfiltered(xml)) if edits.unfilters else xml).encoded()

    def _plan_block(self, block: BlockChange, drafts: dict[str, SheetEdits]) -> None:
        """The cells of a named range; a name that is gone is the user's wish, and rows past its end have no place."""
        place = self.place(block.name)
        if place is None:
            return
        sheet, area = place
        draft = drafts.setdefault(sheet.part, SheetEdits())
        held, formulas = self.reader(sheet.part).read(area)
        links = self._links(sheet, area, formulas)
        blank: list[Value] = [None] * (area.right - area.left + 1)
        for index, row in enumerate(range(area.top, area.bottom + 1)):
            edit = draft.edits.get(row)
            wanted = block.rows[index] if index < len(block.rows) else ()
            if not wanted and not edit and not formulas and held[index] == blank:
                continue  # as most of a long range is
            for at, before in enumerate(held[index]):
                value, column = wanted[at] if at < len(wanted) else None, area.left + at
                if (
                    type(before) is type(value)
                    and before == value  # a quick yes, since most of a dashboard stays from day to day
                    and (index, at) not in formulas
                    and not (edit and column in edit.values)
                ):
                    continue
                edit = edit or draft.row(row)
                edit.values[column] = value
            if edit:
                edit.allow_over_formula([column for at, column in links if at == row])

    def _links(self, sheet: SheetPart, area: Area, formulas: set[Place]) -> set[Spot]:
        """The cells of an area that hold a link, which only we write there."""
        reader = self.reader(sheet.part)
        spots = {(area.top + row, area.left + column) for row, column in formulas}
        return {
            spot for spot in spots if isinstance(held := reader.held_at(*spot), Formula) and held.text.startswith(_LINK)
        }

    def _patched(self, part: str, draft: SheetEdits) -> Patch:
        sheet = self.sheet(part)
        patch = patched(self.reader(part), draft.edits)
        if not draft.resized:
            return patch
        close = f"</{sheet.xml.prefix}sheetData>"
        end = patch.text.index(close) if close in patch.text else sheet.end
        tail = patch.text[end:]
        for table, last_row, right in draft.resized:
            tail = grown_rules(tail, table, last_row, right)
        return patch._replace(text=patch.text[:end] + tail)

    def _settle_formulas(self, parts: dict[str, bytes], cells: Mapping[str, CellChanges]) -> list[str]:
        """Have formulas recalculated on opening, and none named that is gone. Parts that have to go are returned."""
        book = self.package.part
        if any(_HAS_FORMULA.search(parts.get(one.part) or self._content(one.part)) for one in self.package.sheets):
            parts[book] = _recalculated(parts.get(book) or self.package.archive.read(book), book)
        gone = {
            (self.package.sheet_ids[part], f"{column_letters(column)}{row}")
            for part, rows in cells.items()
            for row, changed in rows.items()
            for column, change in changed.items()
            if isinstance(change.before, Formula) and not isinstance(change.after, Formula)
        }
        if not gone:
            return []
        from okr_workbook.books.parts import calc_chain  # that a formula goes is rare

        return calc_chain.drop(self.package, parts, gone)

    def _content(self, part: str) -> bytes:
        """The bytes of a sheet's part as they are in the file."""
        return self._readers[part].sheet.content if part in self._readers else self.package.archive.read(part)


def _recalculated(content: bytes, part: str) -> bytes:
    """The workbook part with its formulas to be recalculated on opening: one attribute."""
    xml = checked(content, part)
    p, text = xml.prefix, xml.text
    start = text.find(f"<{p}calcPr")
    if start < 0:
        ends = [text.find(f"</{p}{name}>") for name in ("sheets", "externalReferences", "definedNames")]
        at = text.index(">", max(ends)) + 1
        return xml._replace(text=f'{text[:at]}<{p}calcPr fullCalcOnLoad="1"/>{text[at:]}').encoded()
    tag = text[start : text.index(">", start) + 1]
    if attributes_of(tag).get("fullCalcOnLoad") in ("1", "true"):
        return content
    return xml._replace(text=text.replace(tag, with_attribute(tag, "fullCalcOnLoad", "1"), 1)).encoded()
