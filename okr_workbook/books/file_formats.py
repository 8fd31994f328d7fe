"""What a file is by its content, whatever its name says: the code of the refusal that tells the user, or None for a zip."""

from __future__ import annotations

from collections.abc import Collection

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF", "is_pdf"),
    (b"{\\rtf", "is_text_document"),
    (b"\x89PNG", "is_picture"),
    (b"\xff\xd8\xff", "is_picture"),
    (b"GIF8", "is_picture"),
    (b"7z\xbc\xaf\x27\x1c", "is_archive"),
    (b"Rar!", "is_archive"),
    (b"\x1f\x8b", "is_archive"),
    (b"PK\x05\x06", "is_archive"),
    (b"\x09\x08", "is_old_excel"),  # Excel 4 and 5 without an OLE container
)
_HTML = (b"<!doctype html", b"<html", b"<table", b"<meta")


def refusal_of(content: bytes) -> str | None:
    """The code for content that is no zip archive; None for one that is, or begins like one."""
    if not content:
        return "is_empty"
    if content.startswith(b"PK\x03\x04"):
        return None
    if content.startswith(_OLE):
        return _ole_refusal(content)
    for start, code in _STARTS:
        if content.startswith(start):
            return code
    return _text_refusal(content)


def zip_refusal(names: Collection[str]) -> str | None:
    """The code for an archive that is another kind of document, by the names of its parts."""
    for name, code in (
        ("xl/workbook.bin", "is_binary_workbook"),
        ("word/document.xml", "is_text_document"),
        ("ppt/presentation.xml", "is_presentation"),
        ("content.xml", "is_open_document"),
        ("Index/Document.iwa", "is_numbers"),
        ("index.apxl", "is_numbers"),
    ):
        if name in names:
            return code
    return None if any(name.casefold() == "[content_types].xml" for name in names) else "is_archive"


def _ole_refusal(content: bytes) -> str:
    """Encrypted workbooks and workbooks of Excel 97 share one container; its streams tell which ([MS-OFFCRYPTO] 2.3.4.4)."""
    return "is_encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "is_old_excel"


def _text_refusal(content: bytes) -> str:
    start = content[:4096]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "is_csv"
    stripped = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stripped.startswith(b"<?xml"):
        return "is_xml"
    if stripped.startswith(_HTML):
        return "is_web_page"
    return "is_unknown" if b"\0" in start else "is_csv"
