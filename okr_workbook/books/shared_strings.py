"""Shared strings that no cell uses any more, and where in a workbook a name still stands.

A cell that is emptied or written anew leaves its old text in the part of the shared strings. That is no loss, until a
text must be gone for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from okr_workbook.books.archive import Archive
from okr_workbook.books.package import Package, SheetPart
from okr_workbook.books.xml_text import ATTRIBUTES, attributes_of, plain, unescaped
from okr_workbook.domain.planner import key_of

_PROPERTIES = "docProps/core.xml"
_PERSON = re.compile(r"(<(?:\w+:)?(?:creator|lastModifiedBy)\b[^>]*>)([^<]*)(?=</)")


def without_traces(content: bytes, name: str) -> bytes:
    """The workbook without texts that no cell uses, and without a person as its author or its last editor."""
    package = Package(Archive(content))
    changed = {}
    part = package.linked("sharedStrings")
    if part is not None:
        used = set[int]().union(*(_used(package, sheet) for sheet in package.sheets))
        changed[part] = _emptied(package, part, used)
    if _PROPERTIES in package.archive:
        xml = plain(package.archive.read(_PROPERTIES), _PROPERTIES)
        text = _PERSON.sub(
            lambda found: found[1] if key_of(unescaped(found[2])) == key_of(name) else found[0], xml.text
        )
        changed[_PROPERTIES] = text.encode()
    return package.archive.replaced(changed)


def places_of(content: bytes, name: str) -> list[str]:
    """The tabs, and the parts that are not sheets, in which a name stands as a word of its own."""
    package = Package(Archive(content))
    pattern = re.compile(rf"(?<!\w){re.escape(key_of(name))}(?!\w)")
    sheets = {sheet.part: sheet for sheet in package.sheets}
    strings = {place for place, text in enumerate(package.strings) if pattern.search(key_of(text))}
    skipped = {package.linked("sharedStrings")}
    found = []
    for part in package.archive.members:
        if part in skipped or not part.endswith((".xml", ".vml")):
            continue
        text = unescaped(package.archive.read(part).decode("utf-8", "replace"))
        in_strings = part in sheets and strings & _used(package, sheets[part])
        if in_strings or pattern.search(key_of(re.sub(r"<[^>]*>", " ", text))):
            found.append(sheets[part].name if part in sheets else part)
    return sorted(found)


def _used(package: Package, sheet: SheetPart) -> set[int]:
    """The shared strings that a sheet's cells show, by place."""
    return set(_references(package, sheet))


def _references(package: Package, sheet: SheetPart) -> Iterator[int]:
    xml = plain(package.archive.read(sheet.part), sheet.part)
    p = re.escape(xml.prefix)
    value = re.compile(rf"<{p}v>\s*(\d+)\s*</{p}v>")
    for attributes, inside in re.findall(rf"<{p}c({ATTRIBUTES})\s*>(.*?)</{p}c>", xml.text, re.DOTALL):
        if attributes_of(attributes).get("t") == "s" and (number := value.search(inside)):
            yield int(number[1])


def _emptied(package: Package, part: str, used: set[int]) -> bytes:
    """The part with every string that is not used made empty; the others keep their places."""
    xml = plain(package.archive.read(part), part)
    p = re.escape(xml.prefix)
    places = iter(range(len(package.strings)))
    return re.sub(
        rf"<{p}si>.*?</{p}si>",
        lambda found: (
            found[0] if next(places) in used else f"<{xml.prefix}si><{xml.prefix}t></{xml.prefix}t></{xml.prefix}si>"
        ),
        xml.text,
        flags=re.DOTALL,
    ).encode()
