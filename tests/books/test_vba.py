"""The writer of VBA projects, against readers that are not ours: olevba (MS-OVBA) and olefile (MS-CFB)."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.macros.compound_file import compound_file
from okr_workbook.books.macros.compression import compress
from okr_workbook.books.macros.template import MACROS, macros_folder
from okr_workbook.books.macros.vba_project import Module, project_file, read_module
from tests.books.vba_decompression import decompress

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # oletools and its parser

SOURCES = sorted(macros_folder().glob("*.bas"))
MODULES = [Module("ThisWorkbook", kind="workbook"), Module("Sheet1", kind="sheet"), *map(read_module, SOURCES)]


def read_by_olevba(project: bytes) -> dict[str, str]:
    from oletools.olevba import VBA_Parser

    parser = VBA_Parser("vbaProject.bin", data=project)
    modules = {stream.rpartition("/")[2]: code for _, stream, _, code in parser.extract_macros()}
    parser.close()
    return modules


@pytest.mark.parametrize(
    ("data", "packed"),
    [  # MS-OVBA 3.2.1 and 3.2.3: nothing repeats, all the same
        ("abcdefghijklmnopqrstuv.", "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E"),
        ("a" * 73, "0103B002614500"),
    ],
)
def test_compresses_as_the_specification_shows(data, packed):
    assert compress(data.encode()).hex().upper() == packed
    assert decompress(bytes.fromhex(packed)) == data.encode()


@given(st.binary(max_size=200), st.integers(1, 90))
def test_what_was_compressed_comes_back(piece, times):
    assert decompress(compress(piece * times)) == piece * times


def test_incompressible_chunks_come_back_padded():
    import random

    noise = random.Random(1).randbytes(4096 * 2)
    assert decompress(compress(noise)) == noise


def test_other_bytes_are_not_a_container():
    with pytest.raises(ValueError, match="container"):
        decompress(b"\x02abc")


@pytest.mark.parametrize("size", [0, 1, 63, 64, 4095, 4096, 4097, 70_000])
def test_streams_of_every_size_are_read_back(size):
    import olefile

    tree = {
        "Long storage name": {"in": bytes([size % 251]) * size, "also": b"x"},
        "out": b"y" * 600,
        "b": b"",
        "a": b"z",
    }
    with olefile.OleFileIO(io.BytesIO(compound_file(tree)), raise_defects=olefile.DEFECT_INCORRECT) as file:
        assert sorted(map("/".join, file.listdir())) == [
            "Long storage name/also",
            "Long storage name/in",
            "a",
            "b",
            "out",
        ]
        assert file.openstream("Long storage name/in").read() == tree["Long storage name"]["in"]
        assert file.openstream("out").read() == tree["out"]


def test_a_file_past_the_headers_list_is_refused():
    with pytest.raises(ValueError, match="too large"):
        compound_file({"a": bytes(7_200_000)})


def test_olevba_reads_the_macros_as_they_stand_in_the_folder():
    found = read_by_olevba(project_file(MODULES))
    for path in SOURCES:
        assert found[path.stem].replace("\r\n", "\n") == path.read_text(encoding="ascii")


def test_modules_past_one_chunk_are_read_whole():
    source = "".join(f"' line {number} of a long module\n" for number in range(2000))
    found = read_by_olevba(project_file([*MODULES, Module("Long", source)]))
    assert found["Long"].replace("\r\n", "\n") == 'Attribute VB_Name = "Long"\n' + source


def test_a_rebuild_is_byte_identical():
    assert project_file(MODULES) == project_file(list(MODULES))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_sources_are_plain_and_explicit(path):
    text = path.read_bytes().decode("ascii")
    assert text.splitlines()[1] == "Option Explicit"
    assert len(text.splitlines()) < 130


def test_only_a_named_module_is_read(tmp_path):
    (tmp_path / "a.bas").write_text("Option Explicit\n", encoding="ascii")
    with pytest.raises(ValueError, match="VB_Name"):
        read_module(tmp_path / "a.bas")


def test_on_a_mac_nothing_that_its_shell_reads_gets_to_it():
    """xlwings puts the workbook's name into a shell's quotation marks."""
    host = (macros_folder() / "OkrHost.bas").read_text(encoding="ascii")
    (stopped,) = re.findall(r'HasAny\(ThisWorkbook\.Name, "=\|""" & OnMac\("(.*?)"\)\)', host)
    assert set('"') | set(stopped) >= set('"$`\\')


def subs(text: str) -> set[str]:
    return set(re.findall(r"^Public Sub (\w+)", text, re.MULTILINE))


def test_every_button_and_ribbon_callback_has_its_sub():
    planner = (macros_folder() / "OkrPlanner.bas").read_text(encoding="ascii")
    ribbon = (macros_folder() / "ribbon.xml").read_text(encoding="utf-8")
    assert set(MACROS.values()) <= subs(planner)
    assert set(re.findall(r'onAction="(\w+)"', ribbon)) <= subs(planner)
    assert set(re.findall(r'<button id="(\w+)"', ribbon)) == set(re.findall(r'Case "(\w+)"', planner))
