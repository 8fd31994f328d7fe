"""macros/*.bas -> vbaProject.bin: a VBA project made of source alone. Source: MS-OVBA 2.3. Writes only.

No performance cache is written (2.3.4.1), so the host compiles what stands in the source: there is no compiled code
that could say something else than the text a reader sees. The same modules give the same bytes.
"""

from __future__ import annotations

import re
import struct
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from okr_workbook.books.macros.compound_file import compound_file
from okr_workbook.books.macros.compression import compress

PROJECT = "VBAProject"

_CODE_PAGE = 1252
_ENGLISH = 0x409
_UNPROTECTED, _NO_PASSWORD, _VISIBLE = bytes(4), bytes(1), b"\xff"
_NO_CACHE = b"\xcc\x61\xff\xff\x00\x00\x00"
_DOCUMENT_BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}
_OFFICE = r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
_REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    ("Office", r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#" + _OFFICE),
)
"""What Excel itself writes into every new project."""


class Module(NamedTuple):
    """One module: standard code, or the (empty) code behind the workbook or a sheet. `source` has no attributes."""

    name: str
    source: str = ""
    kind: Literal["standard", "workbook", "sheet"] = "standard"

    @property
    def text(self) -> str:
        """The module as it is stored: its attributes, then the source."""
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind != "standard":
            lines += [f'Attribute VB_Base = "{_DOCUMENT_BASES[self.kind]}"', *_DOCUMENT_ATTRIBUTES]
        return "\r\n".join([*lines, *self.source.splitlines()]) + "\r\n"


_DOCUMENT_ATTRIBUTES = tuple(
    f"Attribute VB_{name} = {value}"
    for name, value in {
        "GlobalNameSpace": False,
        "Creatable": False,
        "PredeclaredId": True,
        "Exposed": True,
        "TemplateDerived": False,
        "Customizable": True,
    }.items()
)


def read_module(path: Path) -> Module:
    """The standard module a .bas file holds. ValueError where it has no name or is not plain ASCII."""
    text = path.read_text(encoding="ascii")
    header, _, source = text.partition("\n")
    name = re.fullmatch(r'Attribute VB_Name = "(\w+)"', header.strip())
    if name is None:
        raise ValueError(f"{path.name} does not begin with its VB_Name")
    return Module(name[1], source)


def project_file(modules: Sequence[Module]) -> bytes:
    """vbaProject.bin with these modules."""
    code = {module.name: compress(module.text.encode("ascii")) for module in modules}
    storage = {**code, "_VBA_PROJECT": _NO_CACHE, "dir": compress(_directory(modules))}
    return compound_file({"VBA": storage, "PROJECT": _project_stream(modules), "PROJECTwm": _name_map(modules)})


# --- the stream `dir`: 2.3.4.2 -------------------------------------------------------------------


def _record(identifier: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", identifier, len(data)) + data


def _directory(modules: Sequence[Module]) -> bytes:
    count = _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    references = b"".join(_reference(name, library) for name, library in _REFERENCES)
    return _information() + references + count + b"".join(map(_module_record, modules)) + _record(0x10)


def _information() -> bytes:
    """What the project is: a 64-bit system, English, its code page and name; no help, no constants (2.3.4.2.1)."""
    long = struct.Struct("<I").pack
    return b"".join((
        _record(0x01, long(3)),
        _record(0x02, long(_ENGLISH)),
        _record(0x14, long(_ENGLISH)),
        _record(0x03, struct.pack("<H", _CODE_PAGE)),
        _record(0x04, PROJECT.encode("ascii")),
        _record(0x05) + _record(0x40),
        _record(0x06) + _record(0x3D),
        _record(0x07, long(0)),
        _record(0x08, long(0)),
        struct.pack("<HIIH", 0x09, 4, 0x60000000, 1),
        _record(0x0C) + _record(0x3C),
    ))  # fmt: skip


def _reference(name: str, library: str) -> bytes:
    """A type library the project refers to (2.3.4.2.2)."""
    identifier = library.encode("ascii")
    names = _record(0x16, name.encode("ascii")) + _record(0x3E, name.encode("utf-16-le"))
    return names + _record(0x0D, struct.pack("<I", len(identifier)) + identifier + bytes(6))


def _module_record(module: Module) -> bytes:
    """One module; its source starts at 0, for no cache stands before it (2.3.4.2.3)."""
    name, wide = module.name.encode("ascii"), module.name.encode("utf-16-le")
    kind = 0x21 if module.kind == "standard" else 0x22
    names = _record(0x19, name) + _record(0x47, wide) + _record(0x1A, name) + _record(0x32, wide)
    rest = (
        _record(0x1C) + _record(0x48) + _record(0x31, bytes(4)) + _record(0x1E, bytes(4)) + _record(0x2C, b"\xff\xff")
    )
    return names + rest + _record(kind) + _record(0x2B)


# --- the streams PROJECT and PROJECTwm: 2.3.1 and 2.3.3 --------------------------------------------


def _project_stream(modules: Sequence[Module]) -> bytes:
    identifier = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, PROJECT)).upper() + "}"
    lines = [
        f'ID="{identifier}"',
        *(_project_line(module) for module in modules),
        f'Name="{PROJECT}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_obscured(_UNPROTECTED, identifier, 0x0E)}"',
        f'DPB="{_obscured(_NO_PASSWORD, identifier, 0x1C)}"',
        f'GC="{_obscured(_VISIBLE, identifier, 0x2A)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _project_line(module: Module) -> str:
    return f"Module={module.name}" if module.kind == "standard" else f"Document={module.name}/&H00000000"


def _name_map(modules: Sequence[Module]) -> bytes:
    names = (module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    return b"".join(names) + b"\0\0"


def _obscured(data: bytes, identifier: str, seed: int) -> str:
    """The protection fields' encoding (2.4.3.2); it hides nothing, but the reader demands it."""
    key = sum(identifier.encode("ascii")) & 0xFF
    coded = [seed, seed ^ 2, seed ^ key]
    plain, newest, older = key, coded[2], coded[1]
    filler = bytes([7]) * ((seed & 6) // 2)
    for byte in filler + struct.pack("<I", len(data)) + data:
        code = byte ^ ((older + plain) & 0xFF)
        coded.append(code)
        older, newest, plain = newest, code, byte
    return "".join(f"{byte:02X}" for byte in coded)
