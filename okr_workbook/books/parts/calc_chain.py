"""The calculation chain: Excel's list of the cells that hold formulas. It must not name a cell that holds none any more.

Excel adds what is missing by itself, but offers to repair a workbook whose chain names too much (ECMA-376 part 1, 18.6).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from okr_workbook.books.parts.package import Package
from okr_workbook.books.parts.xml_text import XmlText, attributes_of, checked, with_attribute


def without(xml: XmlText, cells: Collection[tuple[str, str]]) -> str | None:
    """The chain's text without some (sheet id, cell) pairs; None where nothing would be left.

    An entry without sheet id means the sheet of the entry before it.
    """
    pieces: list[str] = []
    at, sheet, written, left = 0, "", "", 0
    for match in re.finditer(rf"<{re.escape(xml.prefix)}c\s[^>]*/>", xml.text):
        attributes = attributes_of(match[0])
        sheet = attributes.get("i", sheet)
        pieces.append(xml.text[at : match.start()])
        at = match.end()
        if (sheet, attributes.get("r", "")) in cells:
            continue
        pieces.append(match[0] if "i" in attributes or written == sheet else with_attribute(match[0], "i", sheet))
        written, left = sheet, left + 1
    return "".join([*pieces, xml.text[at:]]) if left else None


def drop(package: Package, parts: dict[str, bytes], cells: Collection[tuple[str, str]]) -> list[str]:
    """Put the chain without some cells into `parts`. Where nothing is left of it the chain goes: its name is returned."""
    part = package.linked("calcChain")
    if part is None:
        return []
    xml = checked(package.archive.read(part), part)
    text = without(xml, cells)
    if text is not None:
        parts[part] = xml._replace(text=text).encoded()
        return []
    listings = {package.content_types: "Override", package.relationships_part(package.part) or "": "Relationship"}
    for listing, tag in listings.items():
        xml = checked(parts.get(listing) or package.archive.read(listing), listing)
        p = re.escape(xml.prefix)
        text = re.sub(rf"<{p}{tag}\s[^>]*calcChain[^>]*?(?:/>|></{p}{tag}>)", "", xml.text)
        parts[listing] = xml._replace(text=text).encoded()
    return [part]
