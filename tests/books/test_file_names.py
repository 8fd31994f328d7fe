from __future__ import annotations

import ntpath
import sys
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.books.files.file_names import file_name, unique_file_names


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Sales", "Sales.xlsx"),
        ("Équipe 🎯", "Équipe 🎯.xlsx"),
        ("R&D / Paris", "R&D Paris.xlsx"),
        ("../x", "x.xlsx"),
        ("..\\..\\x", "x.xlsx"),
        ("C:\\x", "C x.xlsx"),
        ("CON", "CON_.xlsx"),
        ("con.sales", "con_.sales.xlsx"),
        ("COM¹", "COM¹_.xlsx"),
        ("trailing...", "trailing.xlsx"),
        (".hidden", "hidden.xlsx"),
        ("~$open", "open.xlsx"),
        ("a\u202excod", "a xcod.xlsx"),
        ("a\nb\tc\0d", "a b c d.xlsx"),
        ("", "_.xlsx"),
        (" . ", "_.xlsx"),
        ("x" * 300, "x" * 80 + ".xlsx"),
        ("e\u0301" * 2, "éé.xlsx"),
        ("a=b|c%d", "a b c d.xlsx"),
        ("[R&D] Paris", "(R&D) Paris.xlsx"),
    ],
)
def test_names_become_legal_and_still_read(name, file):
    assert file_name(name, ".xlsx") == file


def test_what_one_file_system_takes_for_the_same_name_is_numbered():
    names = ["Café", "cafe\u0301", "CAFÉ", "ﬁn", "fin", "Café 2"]
    assert unique_file_names(names, ".x") == ["Café.x", "café 2.x", "CAFÉ 3.x", "ﬁn.x", "fin 2.x", "Café 2 2.x"]


def is_reserved(name):
    """True for what Windows keeps to itself, such as NUL."""
    return ntpath.isreserved(name) if sys.version_info >= (3, 13) else PureWindowsPath(name).is_reserved()


@settings(max_examples=300)
@given(st.lists(st.text(max_size=100), max_size=6))
def test_any_names_give_legal_unique_files_in_the_folder(names):
    found = unique_file_names(names, ".xlsx")
    folded = {unicodedata.normalize("NFC", name).casefold() for name in found}
    assert len(folded) == len(names)
    for name in found:
        assert Path(name).name == name
        assert PureWindowsPath(name).name == name
        assert not is_reserved(name)
        assert len(name.encode()) < 255
        assert name == name.strip(" ")
        assert not name.startswith((".", "~"))
