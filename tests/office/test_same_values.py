"""A refreshed planner, opened and saved again by a real LibreOffice, shows the values that Refresh wrote."""

from __future__ import annotations

import subprocess

import pytest
from python_calamine import CalamineWorkbook

from okr_workbook.cli import main
from tests import plans

pytestmark = pytest.mark.office


def saved_by_libreoffice(soffice, path, folder):
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "out" / path.name


def cells(path):
    """Every cell of every sheet that holds something, by sheet, row and column."""
    with CalamineWorkbook.from_path(path) as book:
        return {
            (name, row, column): value
            for name in book.sheet_names
            for row, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for column, value in enumerate(line)
            if value != ""
        }


@pytest.mark.parametrize("example", ["en", "fr", "large"])
def test_libreoffice_opens_a_refreshed_planner_with_the_same_values(soffice, tmp_path, example):
    path = tmp_path / "plan.xlsx"
    if example == "large":
        assert main(["new", str(path), "--lang", "en", "--period", "2026-H2"]) == 0
        for name, text in plans.a_plan().items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            assert main(["fill", str(path), name, str(tmp_path / f"{name}.csv")]) == 0
    else:
        assert main(["new", str(path), "--lang", example, "--example"]) == 0
    assert main(["refresh", str(path)]) == 0
    ours, theirs = cells(path), cells(saved_by_libreoffice(soffice, path, tmp_path))
    differing = {
        place: (value, theirs.get(place))
        for place, value in ours.items()
        if theirs.get(place) != (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)
    }
    assert differing == {}
