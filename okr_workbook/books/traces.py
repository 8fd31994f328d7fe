"""Where in a workbook a person still stands, and the workbook without what programs noted of them by themselves.

Programs note people beside the cells: as authors, in copies of cells that charts, pivot tables and formulas keep, in links
they make of addresses. That is cleared. What people wrote is named and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from itertools import chain, count
from urllib.parse import unquote

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.parts.package import Package
from okr_workbook.books.parts.shared_strings import emptied, used
from okr_workbook.books.parts.xml_text import (
    ATTRIBUTES,
    Settled,
    attributes_of,
    checked,
    escaped,
    escaped_attribute,
    plain,
    unescaped,
)
from okr_workbook.domain.person import Person
from okr_workbook.errors import FileRefusedError

_ENDINGS = (".xml", ".vml", ".rels")
_NOTED = {
    "person": ("displayName", "userId"),  # authors of threaded comments
    "pivotCacheDefinition": ("refreshedBy",),
    "s": ("v",),  # a text in a pivot cache
    "item": ("n",),  # a caption in a pivot table
    "filter": ("val",),
    "customFilter": ("val",),
    "fileSharing": ("userName",),
    "scenario": ("user",),
}
"""Attributes in which programs note a person, by the names of their elements (ECMA-376 part 1, 18; [MS-XLSX] 2.6)."""

_N = r"(?:[\w.-]+:)?"
_AUTHOR = re.compile(rf"(<{_N}author(?: [^>]*)?>)([^<]*)")
_SIGNATURE = re.compile(rf"(<{_N}t(?: [^>]*)?>)([^<:]*)(?=\s*:\s*</)")  # Excel begins a note with who writes it
_PROPERTY = re.compile(rf"(<{_N}(?:creator|lastModifiedBy|Manager)(?: [^>]*)?>)([^<]*)")
_VALUES = re.compile(rf"(<{_N}v(?: [^>]*)?>)([^<]*)")
_COPIES = {
    "worksheet": re.compile(rf"(</{_N}f><{_N}v(?: [^>]*)?>)([^<]*)"),
    "chartSpace": _VALUES,
    "externalLink": _VALUES,
}
"""Texts that a program got from a cell and gets anew from it, by the root of the part."""
_SAVED_AT = re.compile(
    rf"<{_N}AlternateContent(?: [^>]*)?>\s*<{_N}Choice(?: [^>]*)?>\s*<{_N}absPath(?: [^>]*)?></{_N}absPath>\s*"
    rf"</{_N}Choice>\s*</{_N}AlternateContent>"
)
_LINK = re.compile(rf"<{_N}Relationship({ATTRIBUTES})></{_N}Relationship>")
_HYPERLINK = re.compile(rf"<{_N}hyperlink({ATTRIBUTES})></{_N}hyperlink>")
_NO_HYPERLINKS = re.compile(rf"<({_N})hyperlinks(?: [^>]*)?>\s*</\1hyperlinks>")

_MARKS = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"""<(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_FORMULA = re.compile(
    rf"(<{_N}(?:f|formula[12]?|calculatedColumnFormula|totalsRowFormula|definedName)(?:\s[^<>]*)?>)([^<]*)(?=</)"
)
_LITERAL = re.compile(r'"[^"]*"')
_HEADER = re.compile(rf"(<{_N}(?:odd|even|first)(?:Header|Footer)(?: [^<>]*)?>)([^<]*)(?=</)")
_CODE = re.compile(r"""&(?:"[^"]*"|K[0-9A-Fa-f+-]{6,7}|\d+|[A-Z])""")  # of a header: &L begins its left part
_KEYWORD = re.compile(r"[a-z][A-Za-z0-9]*")  # max, center, dataBar: words of the format; no name starts like that
_OF_LOOKS = re.compile(r"(?:.*/)?(?:styles\d*\.xml|theme/[^/]*\.xml)", re.IGNORECASE)


def places_of(content: bytes, person: Person) -> list[str]:
    """The tabs of the sheets on or around which a person stands, and the parts that belong to no sheet."""
    package = Package(Archive(content))
    tabs = _tabs(package)
    strings = {place for place, text in enumerate(package.strings) if person.is_in(text)}
    found = {one.name for one in package.sheets if person.is_in(one.name) or (strings and strings & used(package, one))}
    skipped = package.linked("sharedStrings")
    return sorted(found | {tabs.get(part, part) for part in _speaking(package, person) if part != skipped})


def is_in_workbook(content: bytes, person: Person) -> bool:
    """True where a person stands anywhere in a workbook, in texts that no cell uses any more too."""
    package = Package(Archive(content))
    return any(map(person.is_in, package.strings)) or next(_speaking(package, person), None) is not None


def without_traces(content: bytes, person: Person, somebody: str) -> bytes:
    """The workbook without texts that no cell uses, and without a person where programs noted them by themselves.

    Where something must stand, it is `somebody`.
    """
    package = Package(Archive(content))
    changed = {part: text.encode() for part, text in _Clearing(package, person, somebody).parts()}
    strings = package.linked("sharedStrings")
    if strings is not None:
        changed[strings] = emptied(package, strings)
    for part, content_after in changed.items():
        checked(content_after, part)
    return package.archive.replaced(changed)


# --- finding ---


def _speaking(package: Package, person: Person) -> Iterator[str]:
    """The parts in which a person stands."""
    for part in package.archive.members:
        if part.endswith(_ENDINGS) and _speaks(part, package.archive.read(part), person):
            yield part


def _speaks(part: str, content: bytes, person: Person) -> bool:
    """Whether a person stands in the texts of a part, in the texts in its formulas, or in an attribute."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = _MARKS.sub(" ", unquote(content.decode(encoding, "replace")))
    if person.is_in(unescaped(_TAG.sub(" ", _HEADER.sub(_without_codes, _FORMULA.sub(_literals, text))))):
        return True
    if _OF_LOOKS.fullmatch(part) or not person.is_in(unescaped(text)):
        return False
    values = (value for tag in _TAG.findall(text) for value in attributes_of(tag).values())
    return any(person.is_in(value) for value in values if not _KEYWORD.fullmatch(value))


def _literals(formula: re.Match[str]) -> str:
    """A formula's element with nothing but the texts that it holds: MAX is no person."""
    return formula[1] + escaped(" ".join(_LITERAL.findall(unescaped(formula[2]))))


def _without_codes(header: re.Match[str]) -> str:
    return header[1] + escaped(_CODE.sub(" ", unescaped(header[2])))


def _tabs(package: Package) -> dict[str, str]:
    """The parts that belong to a sheet (its notes, drawings, charts, pivot tables), each with the name on the tab."""
    found: dict[str, str] = {}
    for sheet in package.sheets:
        parts = [sheet.part]
        while parts:
            part = parts.pop()
            if part not in found:
                found[part] = sheet.name
                if links := package.relationships_part(part):
                    found[links] = sheet.name
                parts += [link.target for link in package.relationships(part)]
    return found


# --- clearing ---


class _Clearing:
    """A workbook's parts, cleared of one person."""

    def __init__(self, package: Package, person: Person, somebody: str) -> None:
        self._package, self._person, self._somebody = package, person, somebody

    def parts(self) -> Iterator[tuple[str, str]]:
        """The parts in which something is cleared, each with its text then. What is not well-formed is left alone."""
        texts: dict[str, str] = {}
        for part in _speaking(self._package, self._person):
            with suppress(FileRefusedError):
                before = self._plain(part)
                if (after := self._cleared(part, before)) != before:
                    texts[part] = after
        for sheet in self._package.sheets:
            links = self._package.relationships_part(sheet.part)
            if links is not None:
                text, gone = self._without_links(self._plain(links))
                if gone:
                    texts[links] = text
                    texts[sheet.part] = _without_hyperlinks(texts.get(sheet.part) or self._plain(sheet.part), gone)
        yield from texts.items()

    def _plain(self, part: str, settled: Settled | None = None) -> str:
        return plain(self._package.archive.read(part), part, settled).text

    def _cleared(self, part: str, before: str) -> str:
        text = self._plain(part, self._settled(taken=before))
        named = re.search(rf"<{_N}([\w.-]+)", text)
        root = named[1] if named else ""
        text = self._replaced(_AUTHOR, text, lambda _: self._somebody)
        text = self._replaced(_PROPERTY, text, self._without_person)
        if root == "comments":
            text = self._replaced(_SIGNATURE, text, lambda one: self._somebody if self._person.is_all_of(one) else one)
        if root in _COPIES:
            text = self._replaced(_COPIES[root], text, lambda _: "")
        return _SAVED_AT.sub(lambda one: "" if self._person.is_in(unquote(unescaped(one[0]))) else one[0], text)

    def _replaced(self, pattern: re.Pattern[str], text: str, wanted: Callable[[str], str]) -> str:
        """Every second group in which the person stands replaced."""

        def replaced(found: re.Match[str]) -> str:
            value = unescaped(found[2])
            return found[1] + escaped(wanted(value)) if self._person.is_in(value) else found[0]

        return pattern.sub(replaced, text)

    def _without_person(self, authors: str) -> str:
        return "; ".join(one for author in authors.split(";") if not self._person.is_in(one := author.strip()))

    def _settled(self, taken: str) -> Settled:
        """Attributes that note the person made to note somebody: as many different ones as there were, none of `taken`,
        since a pivot cache names every item once.
        """
        given: dict[tuple[str, str], dict[str, str]] = {}

        def stand_in(place: tuple[str, str], value: str) -> str:
            here = given.setdefault(place, {})
            if value not in here:
                names = chain([self._somebody], (f"{self._somebody} {number}" for number in count(2)))
                free = (one for one in names if f'"{escaped_attribute(one)}"' not in taken)
                here[value] = next(one for one in free if one not in here.values())
            return here[value]

        def settled(path: Sequence[str], attributes: dict[str, str]) -> dict[str, str]:
            element = path[-1].rpartition(":")[2]
            noted = [name for name in _NOTED.get(element, ()) if self._person.is_in(attributes.get(name, ""))]
            return attributes | {name: stand_in((element, name), attributes[name]) for name in noted}

        return settled

    def _without_links(self, text: str) -> tuple[str, set[str]]:
        """The links of a sheet without those that write to the person, and their ids."""
        gone: set[str] = set()

        def kept(found: re.Match[str]) -> str:
            link = attributes_of(found[1])
            target = unquote(link.get("Target", ""))
            if not (target.casefold().startswith("mailto:") and self._person.is_in(target)):
                return found[0]
            gone.add(link.get("Id", ""))
            return ""

        return _LINK.sub(kept, text), gone


def _without_hyperlinks(sheet: str, gone: Collection[str]) -> str:
    """A sheet without the hyperlinks of these ids."""

    def kept(found: re.Match[str]) -> str:
        ids = {value for name, value in attributes_of(found[1]).items() if name.rpartition(":")[2] == "id"}
        return found[0] if ids.isdisjoint(gone) else ""

    return _NO_HYPERLINKS.sub("", _HYPERLINK.sub(kept, sheet))
