"""Shared strings that no cell uses any more.

A cell that is emptied or written anew leaves its old text in the part of the shared strings. That is no loss, until a
text must be gone for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from okr_workbook.books.parts.package import Package, SheetPart
from okr_workbook.books.parts.xml_text import ATTRIBUTES, attributes_of, plain


def used(package: Package, sheet: SheetPart) -> set[int]:
    """The shared strings that a sheet's cells show, by place."""
    return set(_references(package, sheet))


def emptied(package: Package, part: str) -> bytes:
    """The part of the shared strings with every one that no cell uses made empty; the others keep their places."""
    in_use = set[int]().union(*(used(package, sheet) for sheet in package.sheets))
    xml = plain(package.archive.read(part), part)
    p = re.escape(xml.prefix)
    places = iter(range(len(package.strings)))
    return re.sub(
        rf"<{p}si>.*?</{p}si>",
        lambda found: (
            found[0] if next(places) in in_use else f"<{xml.prefix}si><{xml.prefix}t></{xml.prefix}t></{xml.prefix}si>"
        ),
        xml.text,
        flags=re.DOTALL,
    ).encode()


def _references(package: Package, sheet: SheetPart) -> Iterator[int]:
    xml = plain(package.archive.read(sheet.part), sheet.part)
    p = re.escape(xml.prefix)
    value = re.compile(rf"<{p}v>\s*(\d+)\s*</{p}v>")
    for attributes, inside in re.findall(rf"<{p}c({ATTRIBUTES})\s*>(.*?)</{p}c>", xml.text, re.DOTALL):
        if attributes_of(attributes).get("t") == "s" and (number := value.search(inside)):
            yield int(number[1])
