"""The .xlsm templates: rebuilt byte for byte, valid, and holding the macros as they stand in macros/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from okr_workbook.books.design.build import planner_bytes
from okr_workbook.books.macros.template import LONGEST_TEXT, MACROS, texts, with_macros
from okr_workbook.books.templates import template_path
from okr_workbook.excel.uno_connection import UNREACHED
from okr_workbook.labels import LANGUAGES, area
from tests.books.workbooks import parts_of

ALLOWED_FINDINGS: dict[str, str] = {}
"""Findings of the validator that Excel is known to accept, each with the reason. There is none."""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def built(language):
    return with_macros(planner_bytes(language, buttons=True), language)


def test_the_committed_template_is_what_is_built(language, built):
    assert Path(template_path(language, macros=True)).read_bytes() == built


def test_every_button_is_bound_to_its_macro(built):
    drawings = b"".join(content for name, content in parts_of(built).items() if "/drawings/drawing" in name).decode()
    assert re.findall(r'macro="\[0\]!(\w+)"', drawings) == list(MACROS.values())
    assert "(Okr" not in drawings


def test_the_macros_speak_the_templates_language(built, language):
    workbook = parts_of(built)["xl/workbook.xml"].decode()
    for name, text in texts(language).items():
        assert f'<definedName name="{name}" hidden="1">"{text.replace("&", "&amp;")}"</definedName>' in workbook
        assert len(text) <= LONGEST_TEXT


def test_every_text_the_macros_ask_for_is_there():
    from okr_workbook.books.macros.template import macros_folder

    source = "".join(path.read_text(encoding="ascii") for path in macros_folder().glob("*.bas"))
    asked = {*re.findall(r'Tell(?:With)? "(\w+)"', source), *UNREACHED}
    for language in LANGUAGES:
        words = set(area(language, "excel")["macros"])
        assert asked | {f"{key}_advice" for key in asked} | {"title", "language"} == words


def test_the_ribbon_is_labelled(built, language):
    ribbon = parts_of(built)["customUI/customUI14.xml"].decode()
    assert not re.search(r"[{}]", ribbon)
    assert f'label="{area(language, "excel")["ribbon"]["refresh"]}"' in ribbon


def test_all_other_parts_are_the_workbooks_own(built, language):
    before, after = parts_of(planner_bytes(language, buttons=True)), parts_of(built)
    changed = {name for name in before if before[name] != after[name]}
    kinds = {re.sub(r"\d+", "", name) for name in changed}
    assert kinds == {
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet.xml", "xl/drawings/drawing.xml",
    }  # fmt: skip
    assert set(after) - set(before) == {"xl/vbaProject.bin", "customUI/customUI14.xml"}


def test_a_workbook_without_buttons_is_refused(language):
    with pytest.raises(ValueError, match="one button each"):
        with_macros(planner_bytes(language), language)


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")
def test_the_validator_finds_nothing(built, tmp_path):
    from openxml_audit import OpenXmlValidator

    path = tmp_path / "plan.xlsm"
    path.write_bytes(built)
    found = OpenXmlValidator().validate(path).errors
    assert [error for error in found if str(error) not in ALLOWED_FINDINGS] == []
