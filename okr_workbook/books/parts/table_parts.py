"""Tables that grow and shrink: the table's own part, and the rules on its sheet that end where it ends.

Nothing here touches a cell. A table's part is ECMA-376 part 1, 18.5; names of new columns equal their header cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from okr_workbook.books.parts.package import Area, TablePart, area_of
from okr_workbook.books.parts.xml_text import XmlText, attributes_of, escaped_attribute, with_attribute
from okr_workbook.tables.grid import column_letters

_RULE_TAG = r"<(?:[\w.-]+:)?(?:conditionalFormatting|dataValidation|ignoredError)(?=\s)[^>]*>"
_RULE_ELEMENT = r"(?s)<([\w.-]+:(?:conditionalFormatting|dataValidation))(?=[\s>])[^>]*(?<!/)>.*?</\1>"
_SQREF = r"(<(?:[\w.-]+:)?sqref>)([^<]*)(</)"


def ref_of(area: Area) -> str:
    """An area as a reference: A1:C9."""
    return f"{column_letters(area.left)}{area.top}:{column_letters(area.right)}{area.bottom}"


def resized(xml: XmlText, table: TablePart, last_row: int, new_headers: Sequence[str]) -> str:
    """The text of a table's part with its body ending at `last_row` and columns added at its right."""
    p = re.escape(xml.prefix)
    added, moved = len(new_headers), last_row - table.last_row

    def moved_ref(match: re.Match[str]) -> str:
        area = area_of(attributes_of(match[0]).get("ref", ""))
        if area is None:
            return match[0]
        bottom = area.bottom + moved if area.bottom in (table.area.bottom, table.last_row) else area.bottom
        right = area.right + added if area.right == table.area.right and match[1] != "sortCondition" else area.right
        return with_attribute(match[0], "ref", ref_of(Area(area.top, area.left, max(area.top, bottom), right)))

    text = re.sub(rf"<{p}(table|autoFilter|sortState|sortCondition)(?=[\s/>])[^>]*>", moved_ref, xml.text)
    return _with_columns(text, p, xml.prefix, new_headers) if new_headers else text


def unfiltered(xml: XmlText) -> str:
    """The text of a table's part without what its filter chooses. The filter's buttons stay."""
    p = re.escape(xml.prefix)
    return re.sub(rf"<{p}filterColumn(?=[\s/>])[^>]*?(?:/>|>.*?</{p}filterColumn>)", "", xml.text, flags=re.DOTALL)


def _with_columns(text: str, p: str, prefix: str, headers: Sequence[str]) -> str:
    ids = [int(attributes_of(tag).get("id", "0")) for tag in re.findall(rf"<{p}tableColumn\s[^>]*>", text)]
    columns = "".join(
        f'<{prefix}tableColumn id="{max(ids, default=0) + number}" name="{escaped_attribute(header)}"/>'
        for number, header in enumerate(headers, 1)
    )
    text = re.sub(
        rf"<{p}tableColumns\b[^>]*>", lambda tag: with_attribute(tag[0], "count", str(len(ids) + len(headers))), text
    )
    return text.replace(f"</{prefix}tableColumns>", f"{columns}</{prefix}tableColumns>")


def grown_rules(tail: str, table: TablePart, last_row: int, right: int) -> str:
    """What follows a sheet's data, with the conditional formats, validations and ignored errors of a table grown.

    An area grows down where it begins in the table's body and ends at or below its last row, and to the right where it
    ends at the table's right edge. Rules kept for newer programs (x14) have their areas in `sqref` elements.
    """
    if last_row <= table.last_row and right <= table.area.right:
        return tail

    def grown(sqref: str) -> str:
        return " ".join(_grown(one, table, last_row, right) for one in sqref.split())

    def in_attribute(match: re.Match[str]) -> str:
        tag = match[0]
        sqref = attributes_of(tag).get("sqref")
        return tag if sqref is None or grown(sqref) == sqref else with_attribute(tag, "sqref", grown(sqref))

    def in_element(match: re.Match[str]) -> str:
        return re.sub(_SQREF, lambda found: found[1] + grown(found[2]) + found[3], match[0])

    tail = re.sub(_RULE_TAG, in_attribute, tail)
    return re.sub(_RULE_ELEMENT, in_element, tail) if "sqref>" in tail else tail


def _grown(ref: str, table: TablePart, last_row: int, right: int) -> str:
    area = area_of(ref)
    if area is None or not area.touches(Area(table.header_row + 1, table.area.left, table.last_row, table.area.right)):
        return ref
    bottom = area.bottom
    if area.top > table.header_row and table.last_row <= area.bottom < last_row:
        bottom = last_row
    edge = right if area.right == table.area.right else area.right
    if (bottom, edge) == (area.bottom, area.right):
        return ref
    return ref_of(Area(area.top, area.left, bottom, edge))
