"""The frames: their columns and types, blanks and ids, and the page that lists them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.domain.planner import HistoryRow, Planner
from okr_workbook.domain.scoring import score_planner
from okr_workbook.errors import FileRefusedError
from okr_workbook.frames import DTYPES, Frames, columns_of, frames, frames_of
from okr_workbook.tables.schema import TABLES
from tests.builders import MIDDLE, a_check_in, a_key_result, a_kpi, a_measure, a_planner, a_team, an_objective

PAGE = Path(__file__).resolve().parents[1] / "docs" / "frames.md"
NAMES = [name for name in Frames._fields if name != "as_of"]


def computed(planner, as_of=MIDDLE):
    return frames_of(planner, score_planner(planner, as_of))


@pytest.mark.parametrize("planner", [Planner(), a_planner(key_results=[a_key_result()])], ids=["empty", "one row"])
@pytest.mark.parametrize("name", NAMES)
def test_every_frame_has_its_columns_and_types(planner, name):
    frame = getattr(computed(planner), name)
    assert dict(frame.dtypes.astype(str)) == {field.id: DTYPES[field.type] for field in columns_of(name)}


def test_an_empty_planner_gives_empty_frames():
    found = computed(Planner())
    assert {name for name in NAMES if len(getattr(found, name))} == {"settings", "company"}


@pytest.mark.parametrize("id_", ["001", "1E5", "NA", "nan", "null", "TRUE", "-", "2026-01-01", "1e400"])
def test_ids_stay_text(id_):
    planner = a_planner(
        objectives=[an_objective(id=id_)],
        key_results=[a_key_result(id=id_, objective=id_, team=id_)],
        check_ins=[a_check_in(MIDDLE, 40.0, key_result=id_)],
        teams=[a_team(team=id_)],
        history=[HistoryRow(MIDDLE, "objective", id_, 0.4, "on_track")],
    )
    found = computed(planner)
    texts = [
        found.objectives.id,
        found.key_results.id,
        found.key_results.team,
        found.check_ins.key_result,
        found.teams.team,
    ]
    assert [list(column) for column in (*texts, found.history.id)] == [[id_]] * 6


def test_blanks_stay_missing_and_zero_is_no_blank():
    found = computed(a_planner(key_results=[a_key_result(current=None, start=0.0, unit="")]))
    row = found.key_results.iloc[0]
    assert row.start == 0.0
    assert [row.current, row.unit, row.weight, row.kpi, row.score] == [pd.NA] * 5
    assert row.due is pd.NaT


def test_computed_fields_stand_beside_what_was_typed():
    planner = a_planner(
        key_results=[a_key_result(), a_key_result(id="KR2", row_number=2)], check_ins=[a_check_in(MIDDLE, 40.0)]
    )
    found = computed(planner)
    assert list(found.key_results.score) == [pytest.approx(0.4), pd.NA]
    assert list(found.key_results.status) == ["on_track", "no_data"]
    assert found.objectives.score[0] == pytest.approx(0.2)
    assert found.company.score[0] == pytest.approx(0.2)
    assert list(found.check_ins.value) == [40.0]


def test_the_alert_of_a_kpi_is_its_bound_and_alert_raised_says_whether_it_is_passed():
    planner = a_planner(
        kpis=[a_kpi(formula="paid", target=10.0, alert=5.0)], measures=[a_measure("paid", {date(2026, 9, 1): 2.0})]
    )
    found = computed(planner).kpis.iloc[0]
    assert (found.alert, found.alert_raised, found.value) == (5.0, True, 2.0)


def test_measures_and_kpis_come_in_long_form():
    months = {date(2026, 8, 1): 3.0, date(2026, 7, 1): 2.0}
    found = computed(a_planner(kpis=[a_kpi(formula="paid")], measures=[a_measure("paid", months)]))
    assert found.measure_values.to_dict("list") == {
        "measure": ["paid", "paid"],
        "month": [pd.Timestamp(2026, 7, 1), pd.Timestamp(2026, 8, 1)],
        "value": [2.0, 3.0],
    }
    assert set(found.kpi_series.kpi) == {"conversion"}
    assert found.kpi_series.value.dropna().isin([2.0, 3.0]).all()


def test_a_file_gives_what_a_refresh_would_compute_and_is_not_written(tmp_path):
    path = tmp_path / "planner.xlsx"
    new_planner(str(path), language="en", example=True, today=date(2026, 12, 2))
    before = path.read_bytes()
    found = frames(path)
    assert path.read_bytes() == before
    assert found.as_of == date(2026, 12, 2)
    assert found.company.status[0] == "behind"
    assert frames(path, as_of=date(2026, 9, 1)).as_of == date(2026, 9, 1)


def test_what_is_no_planner_is_refused(tmp_path):
    (tmp_path / "planner.xlsx").write_text("no workbook")
    with pytest.raises(FileRefusedError):
        frames(tmp_path / "planner.xlsx")


def test_every_table_has_a_frame():
    assert {table.id for table in TABLES} - set(NAMES) == {"conflicts"}


def test_the_page_lists_every_column_of_every_frame_with_its_type():
    text = PAGE.read_text(encoding="utf-8")
    for name in NAMES:
        section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert section, name
        listed = re.findall(r"^\| `(\w+)` \| (\S+) \|", section[1], re.MULTILINE)
        assert listed == [(field.id, DTYPES[field.type]) for field in columns_of(name)], name
