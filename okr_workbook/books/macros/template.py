"""planner.xlsx -> planner.xlsm: the same workbook with the macros, its buttons bound to them, and the ribbon tab.

Works on the finished file and not in its builder, so that a planner restyled in Excel gets its macros the same way.
Parts that say nothing of macros are kept byte for byte; the same workbook gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from okr_workbook.books.macros.vba_project import Module, project_file, read_module
from okr_workbook.books.templates import shipped_folder
from okr_workbook.labels import area

MACROS = {
    "refresh": "OkrRefresh",
    "check": "OkrCheck",
    "teams": "OkrTeams",
    "mail": "OkrMail",
    "collect": "OkrCollect",
    "undo": "OkrUndo",
}
"""What one click does, and the macro behind it. A shape whose description names the macro in brackets becomes its button."""

NAME_PREFIX = "okr_text_"
LONGEST_TEXT = 255
"""Excel's limit for a text inside a formula, which is what a name holds."""

Parts = dict[str, bytes]

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_CONTENT_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_BINARY = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
_PROJECT_TYPE = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_TIME_STAMP = (1980, 1, 1, 0, 0, 0)


def macros_folder() -> Path:
    """Where the .bas files are."""
    return Path(shipped_folder("macros"))


def with_macros(planner: bytes, language: str, macros: Path | None = None) -> bytes:
    """The .xlsm of a planner's .xlsx, speaking `language`. `macros` is the folder of the sources."""
    macros = macros or macros_folder()
    parts = _read(planner)
    code_names = _name_the_sheets(parts)
    documents = [Module("ThisWorkbook", kind="workbook"), *(Module(name, kind="sheet") for name in code_names)]
    modules = [read_module(path) for path in sorted(macros.glob("*.bas"))]
    parts["xl/vbaProject.bin"] = project_file([*documents, *modules])
    parts["customUI/customUI14.xml"] = _ribbon(macros, language).encode()
    _declare_macros(parts)
    _write_texts(parts, language)
    _bind_buttons(parts)
    return _written(parts)


def texts(language: str) -> dict[str, str]:
    """What the macros say, by hidden name."""
    return {NAME_PREFIX + key: text for key, text in area(language, "excel")["macros"].items()}


def _read(package: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _written(parts: Parts) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, _TIME_STAMP), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _name_the_sheets(parts: Parts) -> list[str]:
    """Give the workbook and every sheet the code name its module answers to; the sheets' names come back."""
    _edit(parts, "xl/workbook.xml", "<workbookPr", '<workbookPr codeName="ThisWorkbook"')
    sheets = sorted(
        (name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )
    for number, name in enumerate(sheets, 1):
        text = parts[name].decode()
        named, found = re.subn(r"<sheetPr\b", f'<sheetPr codeName="Sheet{number}"', text, count=1)
        if not found:
            named = re.sub(r"<worksheet\b[^>]*>", rf'\g<0><sheetPr codeName="Sheet{number}"/>', text, count=1)
        parts[name] = named.encode()
    return [f"Sheet{number}" for number in range(1, len(sheets) + 1)]


def _ribbon(macros: Path, language: str) -> str:
    words = {key: escape(text, {'"': "&quot;"}) for key, text in area(language, "excel")["ribbon"].items()}
    text = (macros / "ribbon.xml").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda place: words[place[1]], re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL))


def _declare_macros(parts: Parts) -> None:
    _edit(parts, "[Content_Types].xml", _CONTENT_TYPE, _MACRO_CONTENT_TYPE)
    _edit(parts, "[Content_Types].xml", "<Default ", _BINARY + "<Default ")
    _relate(parts, "xl/_rels/workbook.xml.rels", "rIdMacros", _PROJECT_TYPE, "vbaProject.bin")
    _relate(parts, "_rels/.rels", "rIdRibbon", _RIBBON_TYPE, "customUI/customUI14.xml")


def _relate(parts: Parts, part: str, identifier: str, kind: str, target: str) -> None:
    relationship = f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>'
    _edit(parts, part, "</Relationships>", relationship + "</Relationships>")


def _write_texts(parts: Parts, language: str) -> None:
    """Hidden names for what the macros say, before the names the workbook has."""
    names = "".join(
        f'<definedName name="{name}" hidden="1">{escape(_formula(text))}</definedName>'
        for name, text in sorted(texts(language).items())
    )
    if b"<definedNames>" not in parts["xl/workbook.xml"]:
        _edit(parts, "xl/workbook.xml", "</sheets>", "</sheets><definedNames></definedNames>")
    _edit(parts, "xl/workbook.xml", "<definedNames>", "<definedNames>" + names)


def _formula(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"longer than {LONGEST_TEXT} characters: {text}")
    return '"' + text.replace('"', '""') + '"'


def _bind_buttons(parts: Parts) -> None:
    """Bind the macro to each shape that names it. ValueError where a button has no shape, or two."""
    bound: list[str] = []

    def bind(shape: re.Match[str]) -> str:
        macro = shape["macro"]
        if macro not in MACROS.values():
            return shape[0]
        bound.append(macro)
        text = shape[0].replace('macro=""', f'macro="[0]!{macro}"', 1).replace(f" ({macro})", "", 1)
        return re.sub(r' name="[^"]*"', f' name="{macro}"', text, count=1)

    pattern = re.compile(r'<xdr:sp macro="" (?:(?!</xdr:sp>).)*? descr="[^"]*\((?P<macro>Okr\w+)\)"', re.DOTALL)
    for name in [name for name in parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]:
        parts[name] = pattern.sub(bind, parts[name].decode()).encode()
    if sorted(bound) != sorted(MACROS.values()):
        raise ValueError(f"one button each is wanted for {sorted(MACROS.values())}, found {sorted(bound)}")


def _edit(parts: Parts, part: str, old: str, new: str) -> None:
    """Replace the first `old`, which must be there."""
    text = parts[part].decode()
    if old not in text:
        raise ValueError(f"{part} has no {old}")
    parts[part] = text.replace(old, new, 1).encode()
