"""The parts of a workbook: sheets, tables, defined names, shared strings and date styles, found through relationships.

Reads any naming of the parts. Open Packaging Conventions (ECMA-376 part 2), SpreadsheetML (part 1, chapter 18).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.parts.cell_text import shows_day, text_of
from okr_workbook.books.parts.xml_text import Element, XmlText, attributes_of, checked, elements, plain, unescaped
from okr_workbook.errors import FileRefusedError
from okr_workbook.records import NamedTuple
from okr_workbook.tables.grid import column_number

_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_FORMAT = re.compile(r"""\snumFmtId\s*=\s*["']([0-9]+)["']""")
_PHONETIC = r"(?s)<(?:[\w.-]+:)?rPh\b.*?</(?:[\w.-]+:)?rPh>"


class Area(NamedTuple):
    """A rectangle of cells, counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def touches(self, other: Area) -> bool:
        """True where two areas share a cell."""
        return (
            self.top <= other.bottom and other.top <= self.bottom
            and self.left <= other.right and other.left <= self.right
        )  # fmt: skip


class SheetPart(NamedTuple):
    """A worksheet: its name on the tab and its part."""

    name: str
    part: str


class TablePart(NamedTuple):
    """A table: where it lies (`area` with header and totals row), the names of its columns, and the formulas that fill
    a column (from 0) of the user's, as new rows get them.
    """

    name: str
    part: str
    sheet: SheetPart
    area: Area
    columns: tuple[str, ...]
    formulas: dict[int, str]
    has_header: bool
    has_totals: bool
    is_filtered: bool = False

    @property
    def header_row(self) -> int:
        """The row of the headers; the one above the body where the table shows none."""
        return self.area.top if self.has_header else self.area.top - 1

    @property
    def last_row(self) -> int:
        """The last row of the body."""
        return self.area.bottom - self.has_totals


class Relationship(NamedTuple):
    """A link from one part to another. `kind` is the last word of its type, `target` the part's name as it is stored."""

    id: str
    kind: str
    target: str


class Package:
    """A workbook's archive, its parts found on demand. FileRefusedError where something needed is missing or damaged."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._stored = {name.casefold(): name for name in archive.members}

    @cached_property
    def part(self) -> str:
        """The name of the workbook part."""
        for link in self.relationships(""):
            if link.kind == "officeDocument":
                return link.target
        raise FileRefusedError("not_a_workbook")

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The worksheets in the order of their tabs; chart and macro sheets are left out."""
        links = {link.id: link for link in self._links}
        return tuple(
            SheetPart(one.attributes.get("name", ""), link.target)
            for one in self._book
            if one.name == "sheet" and (link := links.get(one.attributes.get("id", ""))) and link.kind == "worksheet"
        )

    @cached_property
    def tables(self) -> tuple[TablePart, ...]:
        """Every table of every sheet."""
        return tuple(
            self._table(link.target, sheet)
            for sheet in self.sheets
            for link in self.relationships(sheet.part)
            if link.kind == "table"
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """What the workbook's defined names stand for, by name in lower case; names of one sheet only are left out."""
        return {
            one.attributes.get("name", "").lower(): one.text
            for one in self._book
            if one.name == "definedName" and "localSheetId" not in one.attributes
        }

    @cached_property
    def date1904(self) -> bool:
        """True where days are counted from 1904."""
        return any(one.name == "workbookPr" and is_true(one.attributes.get("date1904")) for one in self._book)

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings: rich text as its text, without phonetic guides."""
        part = self.linked("sharedStrings")
        if part is None:
            return []
        content = self.archive.read(part)
        xml = checked(content, part)
        if "<!" in xml.text or xml.text.rfind("<?") > 1:
            xml = plain(content, part)
        p = re.escape(xml.prefix)
        item = re.compile(
            rf"<{p}si\b[^>]*?(?:/>|>(?:<{p}t(?: [^>]*)?>([^<]*)</{p}t></{p}si>|(.*?)</{p}si>))", re.DOTALL
        )
        piece = rf"<{p}t(?:\s[^>]*)?>([^<]*)</{p}t>"
        found = [
            "".join(re.findall(piece, re.sub(_PHONETIC, "", rest) if "rPh" in rest else rest)) if rest else text
            for text, rest in item.findall(xml.text)
        ]
        return [text_of(unescaped(text)) if "&" in text or "_x" in text or "\r" in text else text for text in found]

    @cached_property
    def date_styles(self) -> frozenset[str]:
        """The cell styles (their numbers as text) that show numbers as days."""
        part = self.linked("styles")
        return _date_styles(self.archive.read(part), part) if part else frozenset()

    @cached_property
    def sheet_ids(self) -> dict[str, str]:
        """The number the workbook knows each sheet part by."""
        links = {link.id: link.target for link in self._links}
        return {
            links[one.attributes["id"]]: one.attributes.get("sheetId", "")
            for one in self._book
            if one.name == "sheet" and one.attributes.get("id") in links
        }

    @property
    def content_types(self) -> str:
        """The name of the part that says what each part is."""
        return self._stored["[content_types].xml"]

    def linked(self, kind: str) -> str | None:
        """The part of one kind that the workbook part links to, or None."""
        return next((link.target for link in self._links if link.kind == kind), None)

    def relationships_part(self, part: str) -> str | None:
        """The name of the part that holds a part's links, or None."""
        folder, _, name = part.rpartition("/")
        return self._stored.get(f"{folder}/_rels/{name}.rels".lstrip("/").casefold())

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The links from a part (the package itself: "") to parts that are there; external ones are left out."""
        folder = part.rpartition("/")[0]
        stored = self.relationships_part(part)
        if stored is None:
            return ()
        return tuple(
            Relationship(one.attributes.get("Id", ""), one.attributes.get("Type", "").rpartition("/")[2], target)
            for one in elements(self.archive.read(stored), stored)
            if one.name == "Relationship"
            and one.attributes.get("TargetMode") != "External"
            and (target := self._stored.get(_resolved(folder, one.attributes.get("Target", "")).casefold()))
        )

    @cached_property
    def _book(self) -> tuple[Element, ...]:
        return elements(self.archive.read(self.part), self.part)

    @cached_property
    def _links(self) -> tuple[Relationship, ...]:
        return self.relationships(self.part)

    def _table(self, part: str, sheet: SheetPart) -> TablePart:
        found = elements(self.archive.read(part), part)
        attributes = found[-1].attributes
        area = area_of(attributes.get("ref", ""))
        if area is None:
            raise FileRefusedError("damaged_part", part=part)
        return TablePart(
            name=attributes.get("displayName", attributes.get("name", "")),
            part=part,
            sheet=sheet,
            area=area,
            columns=tuple(text_of(one.attributes.get("name", "")) for one in found if one.name == "tableColumn"),
            formulas=_column_formulas(found),
            has_header=attributes.get("headerRowCount", "1") != "0",
            has_totals=attributes.get("totalsRowCount", "0") != "0",
            is_filtered=any(one.name == "filterColumn" for one in found),
        )


def _column_formulas(found: Sequence[Element]) -> dict[int, str]:
    """The formulas of calculated columns. Elements come in the order of their ends: a formula before its column."""
    formulas: dict[int, str] = {}
    column, formula = 0, ""
    for one in found:
        if one.name == "calculatedColumnFormula" and not is_true(one.attributes.get("array")):
            formula = one.text
        elif one.name == "tableColumn":
            if formula:
                formulas[column] = formula
            column, formula = column + 1, ""
    return formulas


def area_of(ref: str) -> Area | None:
    """The area of a reference such as A1, $B$2:C9; None where it is none."""
    match = _AREA.fullmatch(ref)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    columns = sorted((column_number(left.upper()), column_number((right or left).upper())))
    rows = sorted((int(top), int(bottom or top)))
    return Area(rows[0], columns[0], rows[1], columns[1])


def is_true(attribute: str | None) -> bool:
    """True for an attribute that says so."""
    return attribute in ("1", "true", "on")


def _resolved(folder: str, target: str) -> str:
    """A relationship's target as a part's name. A way out of the package names nothing."""
    path = target if target.startswith("/") else f"{folder}/{target}"
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return ""
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


@lru_cache(maxsize=2)
def _date_styles(styles: bytes, part: str) -> frozenset[str]:
    """The cell styles that show days. Kept, since what is written is read back with the same styles."""
    xml = checked(styles, part)
    if "<!" in xml.text or xml.text.rfind("<?") > 1:
        xml = plain(styles, part)
    codes = {
        tag.get("numFmtId"): tag.get("formatCode", "") for tag in map(attributes_of, _listed(xml, "numFmts", "numFmt"))
    }
    formats = [found[1] if (found := _FORMAT.search(tag)) else "0" for tag in _listed(xml, "cellXfs", "xf")]
    days = {id_ for id_ in set(formats) if shows_day(int(id_), codes.get(id_))}
    return frozenset(str(index) for index, id_ in enumerate(formats) if id_ in days)


def _listed(xml: XmlText, name: str, item: str) -> list[str]:
    """The items of a list that a part has once, as they are written from behind the tag's name on."""
    start = xml.text.find(f"<{xml.prefix}{name}")
    end = xml.text.find(f"</{xml.prefix}{name}", start)
    if not end > start >= 0:
        return []
    return [one for one in xml.text[start:end].split(f"<{xml.prefix}{item}")[1:] if one[:1] in " \t\r\n/>"]
