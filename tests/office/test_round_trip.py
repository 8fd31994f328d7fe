"""A team's workbook in a real LibreOffice: it recalculates to the core's scores, keeps its stamp, and comes home."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from okr_workbook.actions.collect import collect
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.team.layout import LIST_FIRST
from okr_workbook.books.team.measures import FIRST_MONTH
from okr_workbook.books.team.model import at
from okr_workbook.books.team_book import make_team_book, team_workbook
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.excel.uno_connection import load_uno, property_value
from okr_workbook.labels import labels_for
from tests.actions.planner_files import TODAY, TeamBook, an_example, planner_in, team_books
from tests.books.plain_writer import write_plain
from tests.books.random_planners import TEAM, a_random_planner
from tests.books.recalculation import same, stored
from tests.books.test_team_measures import a_plan_of_figures, expected, some_figures
from tests.builders import START
from tests.office.libreoffice import a_profile

pytestmark = pytest.mark.office

STRING = 2  # com.sun.star.sheet.FormulaResult


def save_as_xlsx(document, path):
    url = load_uno().systemPathToFileUrl(str(path))
    document.document.storeToURL(url, (property_value("FilterName", "Calc MS Excel 2007 XML"),))


def shown(cell):
    """A cell's value as LibreOffice has it: text or number."""
    return cell.getString() if cell.FormulaResultType2 == STRING else cell.getValue()


@pytest.mark.parametrize("seed", [1, 2])
def test_libreoffice_recalculates_to_what_the_core_computed(libreoffice, tmp_path, seed):
    planner = a_random_planner(seed)
    plan = team_plans(planner, score_planner(planner, START.replace(month=10)), [TEAM])[0]
    content = write_plain(team_workbook(plan, labels_for(plan.language)))
    path = tmp_path / "team.xlsx"
    path.write_bytes(content)
    document = libreoffice.open(path)
    try:
        document.document.calculateAll()
        differing = {
            place: (value, shown(document.cell(*place)))
            for place, value in stored(content).items()
            if not same(value, shown(document.cell(*place)))
        }
    finally:
        document.close()
    assert differing == {}


def test_values_typed_in_libreoffice_score_there_and_come_home(libreoffice, tmp_path):
    planner = an_example(tmp_path)
    book = team_books(planner, tmp_path / "books")["Marketing"]
    places = {
        name: TeamBook(book).cell("key_results", "KR6", name).coordinate
        for name in ("Nouvelle valeur", "Score", "Commentaire")
    }
    action = TeamBook(book).cell("actions", "A1", "État").coordinate
    returned = tmp_path / "Marketing (1).xlsx"
    document = libreoffice.open(Path(book))
    try:
        document.cell("Mon équipe", places["Nouvelle valeur"]).setValue(8.7)
        document.cell("Mon équipe", places["Commentaire"]).setString("=vu avec Léa")
        document.cell("Actions", action).setString("Fait")
        score = document.cell("Mon équipe", places["Score"]).getValue()
        save_as_xlsx(document, returned)
    finally:
        document.close()
    report = collect(planner, [str(returned)], today=TODAY)
    assert not report.needs_person
    (check_in,) = report.plan.check_ins
    assert (check_in.key_result, check_in.value, check_in.comment) == ("KR6", 8.7, "=vu avec Léa")
    assert planner_in(planner).actions[0].state == "done"
    scores = refresh_book(FileBook(planner), today=TODAY).scores
    assert score == pytest.approx(scores.key_results[5].score)


@pytest.mark.parametrize("seed", [0, 1])
def test_kpis_follow_figures_typed_in_libreoffice_as_python_computes_them(libreoffice, tmp_path, seed):
    as_of = TODAY
    sent, kpis = a_plan_of_figures(seed, as_of)
    path = tmp_path / "team.xlsx"
    path.write_bytes(make_team_book(sent))
    title = labels_for(sent.language).text("team_book", "sheets.measures")
    typed = some_figures(sent, seed)
    document = libreoffice.open(path)
    try:
        for row, one in enumerate(sent.measures, LIST_FIRST):
            for column, month in enumerate(sent.months, FIRST_MONTH):
                if month in typed[one.row.measure]:
                    cell, figure = document.cell(title, at(column, row)), typed[one.row.measure][month]
                    cell.setString("") if figure is None else cell.setValue(figure)
        after, _ = a_plan_of_figures(seed, as_of, typed)
        formulas = {kpi.id: kpi.formula for kpi in kpis}
        differing = {
            place: (formulas[kpi], value, shown(document.cell(*place)))
            for place, (value, kpi) in expected(after, title).items()
            if not same(value, shown(document.cell(*place)))
        }
    finally:
        document.close()
    assert differing == {}


def test_figures_typed_in_libreoffice_come_home(libreoffice, tmp_path):
    planner = an_example(tmp_path)
    book = team_books(planner, tmp_path / "books")["Marketing"]
    december = TeamBook(book).cell("measures", "visitors", "déc. 2026").coordinate
    november = TeamBook(book).cell("measures", "trials_started", "nov. 2026").coordinate
    document = libreoffice.open(Path(book))
    try:
        document.cell("Mesures", december).setValue(512.5)
        document.cell("Mesures", november).setString("bientôt")
        save_as_xlsx(document, tmp_path / "b.xlsx")
    finally:
        document.close()
    report = collect(planner, [str(tmp_path / "b.xlsx")], today=TODAY)
    assert [(one.row, one.field, one.value) for one in report.plan.cells] == [("visitors", "2026-12", 512.5)]
    assert [(one.code, one.details["row"]) for one in report.plan.notes] == [("unreadable", "trials_started")]


def test_cells_that_are_not_the_teams_are_locked(libreoffice, tmp_path):
    path = team_books(an_example(tmp_path), tmp_path / "books")["Marketing"]
    target = TeamBook(path).cell("key_results", "KR6", "Cible").coordinate
    document = libreoffice.open(Path(path))
    try:
        cell = document.cell("Mon équipe", target)
        assert document.sheet("Mon équipe").isProtected()
        assert cell.CellProtection.IsLocked
    finally:
        document.close()


def test_a_french_libreoffice_saves_numbers_that_still_read_the_same(soffice, tmp_path):
    a_profile(tmp_path / "profile", "fr-FR")
    planner = an_example(tmp_path)
    refresh_book(FileBook(planner), today=TODAY)
    book = team_books(planner, tmp_path / "books")["Marketing"]

    def converted(paths, kind, folder):
        command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind, "--outdir", str(tmp_path / folder)]  # fmt: skip
        subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=180)
        return [tmp_path / folder / Path(path).with_suffix(f".{kind.partition(':')[0]}").name for path in paths]

    saved = converted([planner, book], "xlsx", "saved")
    opened = converted(saved, "html", "opened")  # a saved number format is only read when the file is opened again
    for path, told in zip(opened, (">63 %<", ">320 €<"), strict=True):
        assert told in path.read_text(encoding="utf-8").replace("&nbsp;", " ").replace("\u00a0", " ")
