"""Collecting returned workbooks: what comes in, what is left, and that one bad book never stops the others."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from okr_workbook.actions.collect import Decision, collect, collect_json, note_sentence, resolve
from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.planned_teams import planned_teams
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.status import status
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.books.team_book import make_team_book
from okr_workbook.domain.planner import key_of
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import labels_for
from okr_workbook.mail.ledger import BookReturned, Ledger, ledger_path
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Formula
from tests.actions.planner_files import TODAY, TeamBook, an_example, planner_in, team_books


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The example and its team workbooks, made once."""
    folder = tmp_path_factory.mktemp("made")
    planner = an_example(folder)
    return planner, team_books(planner, folder / "books")


@pytest.fixture
def planner(made, tmp_path):
    """A planner of one's own, with what was remembered when its books were made."""
    shutil.copy(made[0], tmp_path / "plan.xlsx")
    return str(tmp_path / "plan.xlsx")


def filled(made, team, path, *typed):
    """A team's workbook with some cells typed into: (table, row, header, value)."""
    book = TeamBook(made[1][team])
    for one in typed:
        book.type(*one)
    return book.save(path)


KR6 = ("key_results", "KR6", "Nouvelle valeur", 8.5)


def latest(planner, key_result):
    return [one for one in planner_in(planner).check_ins if one.key_result == key_result][-1]


def test_a_typed_value_becomes_a_check_in_of_the_signed_day_and_person(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        KR6,
        ("key_results", "KR6", "Confiance", 9),
        ("key_results", "KR6", "Commentaire", "Presque"),
    )
    report = collect(planner, [book], today=TODAY)
    found = latest(planner, "KR6")
    assert (found.date, found.value, found.confidence, found.comment, found.author) == (
        date(2026, 12, 2),
        8.5,
        9.0,
        "Presque",
        "Léa Martin",
    )
    assert not report.needs_person
    assert next(row for row in planner_in(planner).key_results if row.id == "KR6").confidence == 9.0


def test_the_score_follows_after_a_refresh(made, planner, tmp_path):
    collect(
        planner,
        [filled(made, "Marketing", tmp_path / "b.xlsx", ("key_results", "KR6", "Nouvelle valeur", 8))],
        today=TODAY,
    )
    report = refresh_book(FileBook(planner), today=TODAY)
    assert report.scores.key_results[5].score == 1.0


def test_states_comments_new_actions_and_check_ins_come_in(made, planner, tmp_path):
    new = {"Sert": "KR6", "Action": "=Écrire", "Responsable": "Léa Martin", "État": "À faire"}
    dated = {"Date": date(2026, 11, 18), "Résultat clé": "KR6", "Valeur": 9.5, "Auteur": "Nadia Roche"}
    book = filled(
        made, "Marketing", tmp_path / "b.xlsx",
        ("actions", "A1", "État", "Fait"), ("actions", "A1", "Commentaire", "-fini"),
        *(("actions", 4, header, value) for header, value in new.items()),
        *(("check_ins", 3, header, value) for header, value in dated.items()),
    )  # fmt: skip
    report = collect(planner, [book], today=TODAY)
    found = planner_in(planner)
    actions = {row.id: row for row in found.actions}
    assert (actions["A1"].state, actions["A1"].comment) == ("done", "-fini")
    assert actions["A9"]._replace(row_number=0, id="")[:8] == (
        "",
        "KR6",
        "=Écrire",
        "Léa Martin",
        "Marketing",
        None,
        "to_do",
        "",
    )
    assert any((one.date, one.value, one.author) == (date(2026, 11, 18), 9.5, "Nadia Roche") for one in found.check_ins)
    assert report.plan.conflicts == ()


def test_text_that_looks_like_a_formula_stays_text(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        ("actions", "A1", "Commentaire", '=HYPERLINK("http://x","y")'),
        ("key_results", "KR6", "Commentaire", "@SUM(1)"),
    )
    collect(planner, [book], today=TODAY)
    grid = FileBook(planner).read()["actions"]
    column = grid.headers.index("Commentaire")
    assert (grid.rows[0][column], (0, column) in grid.formulas) == ('=HYPERLINK("http://x","y")', False)
    assert latest(planner, "KR6").comment == "@SUM(1)"


def test_the_same_book_twice_changes_nothing(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        KR6,
        ("actions", "A1", "État", "Fait"),
        ("actions", 4, "Action", "Écrire"),
    )
    assert collect(planner, [book], today=TODAY).changed
    before = Path(planner).read_bytes()
    copy = shutil.copy(book, tmp_path / "b (1).xlsx")
    again = collect(planner, [book, copy], today=TODAY)
    assert not again.changed
    assert Path(planner).read_bytes() == before


def test_a_dry_run_tells_and_writes_nothing(made, planner, tmp_path):
    before = Path(planner).read_bytes()
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6)], today=TODAY, dry_run=True)
    assert (report.changed, len(report.plan.check_ins)) == (True, 1)
    assert Path(planner).read_bytes() == before
    assert not ledger_path(planner).exists()


def test_who_has_answered_stands_in_the_ledger(made, planner, tmp_path):
    collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6)], today=TODAY)
    with Ledger(ledger_path(planner)) as ledger:
        assert [(one.team, one.book) for one in ledger.answers()] == [("Marketing", "b.xlsx")]


@pytest.mark.parametrize(("days", "left"), [(30, ["b.xlsx"]), (None, ["old.xlsx", "b.xlsx"])])
def test_answers_older_than_the_planner_wants_are_forgotten(made, planner, tmp_path, days, left):
    fill_book(FileBook(planner), "settings", f"name,value\nforget_after_days,{days or ''}\n".encode())
    with Ledger(ledger_path(planner)) as ledger:
        ledger.add_answer(BookReturned("RH", "2026-H2", 1, datetime.now(UTC) - timedelta(days=40), "old.xlsx"))
    collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6)], today=TODAY)
    with Ledger(ledger_path(planner)) as ledger:
        assert [one.book for one in ledger.answers()] == left


@pytest.mark.parametrize(
    ("table", "typed"),
    [("check_ins", KR6), ("actions", ("actions", 4, "Action", "Écrire"))],
    ids=["check_ins", "actions"],
)
def test_a_planner_that_has_lost_the_table_for_an_answer_loses_no_answer(made, planner, tmp_path, table, typed):
    grids = FileBook(planner).read()
    del grids[table]
    opened = MemoryBook(grids)
    with pytest.raises(OkrError, match="table_missing"):
        collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", typed)], today=TODAY, opened=opened)
    assert opened.commands == ()


@pytest.mark.parametrize(
    ("table", "field", "typed"),
    [
        ("check_ins", "date", KR6),
        ("check_ins", "value", KR6),
        ("check_ins", "author", KR6),
        ("actions", "action", ("actions", 4, "Action", "Écrire")),
        ("check_ins", "comment", None),  # nothing comes in
    ],
)
def test_a_planner_that_has_lost_the_column_for_an_answer_loses_no_answer(made, planner, tmp_path, table, field, typed):
    grids = FileBook(planner).read()
    grid = grids[table]
    place = find_columns(grid).fields[field]
    grids[table] = grid._replace(headers=(*grid.headers[:place], "Mine", *grid.headers[place + 1 :]))
    opened = MemoryBook(grids)
    book = filled(made, "Marketing", tmp_path / "b.xlsx", *([typed] if typed else []))
    if typed is None:
        assert not collect(planner, [book], today=TODAY, opened=opened).changed
        return
    with pytest.raises(OkrError, match="column_missing"):
        collect(planner, [book], today=TODAY, opened=opened)
    assert opened.commands == ()


# --- conflicts ------------------------------------------------------------------------------------


def change_in_planner(planner, table, row_id, header, value):
    from okr_workbook.actions.reading import read_planner
    from okr_workbook.tables.grid import Changes, TableChange

    book = FileBook(planner)
    grids, parsed = read_planner(book)
    columns = parsed.columns[table].fields
    index = next(i for i, row in enumerate(grids[table].rows) if row[columns["id"]] == row_id)
    book.write(Changes((TableChange(table, {(index, columns[header]): value}),)), command="test")


def conflicting(made, planner, tmp_path):
    change_in_planner(planner, "key_results", "KR6", "current", 10)
    book = filled(made, "Marketing", tmp_path / "b.xlsx", KR6)
    return book, collect(planner, [book], today=TODAY)


def test_a_value_changed_on_both_sides_is_listed_and_not_written(made, planner, tmp_path):
    book, report = conflicting(made, planner, tmp_path)
    ((conflict_id, conflict),) = report.listed
    assert (conflict_id, conflict.ours, conflict.theirs, conflict.theirs_by) == ("C1", 10.0, 8.5, "Léa Martin")
    assert latest(planner, "KR6").value == 9.0
    again = collect(planner, [book], today=TODAY)
    assert [one for one, _ in again.listed] == ["C1"]
    assert not again.changed


def test_a_person_takes_their_side(made, planner, tmp_path):
    book, _ = conflicting(made, planner, tmp_path)
    resolve(planner, [Decision("theirs", "c1")])
    found = latest(planner, "KR6")
    assert (found.value, found.author, found.date) == (8.5, "Léa Martin", date(2026, 12, 2))
    report = refresh_book(FileBook(planner), today=TODAY)
    assert (report.typed, report.scores.key_results[5].value) == ((), 8.5)
    assert collect(planner, [book], today=TODAY).listed == ()


def test_a_side_taken_on_trial_is_checked_and_not_written(made, planner, tmp_path):
    conflicting(made, planner, tmp_path)
    before = Path(planner).read_bytes()
    report = resolve(planner, [Decision("theirs", "C1")], dry_run=True)
    assert report.decided == (Decision("theirs", "C1"),)
    assert Path(planner).read_bytes() == before
    with pytest.raises(UsageError, match="unknown_conflict"):
        resolve(planner, [Decision("theirs", "C9")], dry_run=True)


def test_a_person_takes_our_side(made, planner, tmp_path):
    book, _ = conflicting(made, planner, tmp_path)
    resolve(planner, [Decision("ours", "C1")])
    assert latest(planner, "KR6").value == 9.0
    assert collect(planner, [book], today=TODAY).listed == ()
    with pytest.raises(OkrError, match="conflict_decided"):
        resolve(planner, [Decision("theirs", "C1")])


def test_several_conflicts_are_decided_in_one_save_or_none(made, planner, tmp_path):
    change_in_planner(planner, "actions", "A1", "state", "Abandonné")
    change_in_planner(planner, "key_results", "KR6", "current", 10)
    book = filled(made, "Marketing", tmp_path / "b.xlsx", KR6, ("actions", "A1", "État", "Fait"))
    assert len(collect(planner, [book], today=TODAY).listed) == 2
    before = Path(planner).read_bytes()
    for wrong in ("C9", "C1"):  # not there; decided for both sides
        with pytest.raises(UsageError):
            resolve(planner, [Decision("theirs", "C1"), Decision("ours", wrong)])
        assert Path(planner).read_bytes() == before
    report = resolve(planner, [Decision("theirs", "c1"), Decision("theirs", "C2")])
    assert report.decided == (Decision("theirs", "C1"), Decision("theirs", "C2"))
    assert (latest(planner, "KR6").value, planner_in(planner).actions[0].state) == (8.5, "done")
    assert FileBook(planner).undo().command == "collect"
    assert (latest(planner, "KR6").value, planner_in(planner).actions[0].state) == (9.0, "dropped")


def test_a_conflict_over_a_state_is_decided_in_its_cell(made, planner, tmp_path):
    change_in_planner(planner, "actions", "A1", "state", "Abandonné")
    report = collect(
        planner, [filled(made, "Marketing", tmp_path / "b.xlsx", ("actions", "A1", "État", "Fait"))], today=TODAY
    )
    assert [one.theirs for _, one in report.listed] == ["done"]
    resolve(planner, [Decision("theirs", "C1")])
    assert planner_in(planner).actions[0].state == "done"


def test_their_side_of_a_day_is_taken_as_a_day(made, planner, tmp_path):
    new = [("actions", 4, "Action", "Écrire"), ("actions", 4, "Échéance", date(2026, 12, 9))]
    collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", *new)], today=TODAY)
    change_in_planner(planner, "actions", "A9", "due", date(2026, 12, 11))
    later = [new[0], ("actions", 4, "Échéance", date(2026, 12, 16))]
    book = filled(made, "Marketing", tmp_path / "c.xlsx", *later)
    report = collect(planner, [book], today=TODAY)
    assert [(one.field, one.ours, one.theirs) for _, one in report.listed] == [
        ("due", date(2026, 12, 11), date(2026, 12, 16))
    ]
    assert not collect(planner, [book], today=TODAY).changed
    resolve(planner, [Decision("theirs", "C1")])
    assert planner_in(planner).actions[-1].due == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda planner: change_in_planner(planner, "key_results", "KR6", "id", None), "conflict_cell_gone"),
        (
            lambda planner: change_in_planner(planner, "key_results", "KR6", "current", Formula("1+1", 2.0)),
            "conflict_over_formula",
        ),
    ],
    ids=["row gone", "formula"],
)
def test_a_side_that_cannot_be_taken_is_refused_and_the_conflict_stays_open(made, planner, tmp_path, spoil, code):
    conflicting(made, planner, tmp_path)
    spoil(planner)
    before = Path(planner).read_bytes()
    with pytest.raises(OkrError, match=code) as refused:
        resolve(planner, [Decision("theirs", "C1")])
    told = labels_for("fr").text("messages", f"errors.{code}", **refused.value.details)
    assert "KR6" in told
    assert "Résultats clés!" not in told
    assert Path(planner).read_bytes() == before
    resolve(planner, [Decision("ours", "C1")])


@pytest.mark.parametrize(
    ("conflict", "side", "code"), [("C7", "ours", "unknown_conflict"), ("C1", "mine", "unknown_side")]
)
def test_wrong_use_of_resolve_is_refused(made, planner, conflict, side, code):
    with pytest.raises(UsageError, match=code):
        resolve(planner, [Decision(side, conflict)])


# --- planners put back ----------------------------------------------------------------------------


def everything_answered(made, planner, tmp_path):
    """A planner that was typed into, and a book that answers in every way: a conflict, words, a value, a new action."""
    change_in_planner(planner, "key_results", "KR6", "current", 10)
    typed = [
        *(
            ("key_results", "KR6", header, value)
            for header, value in (("Nouvelle valeur", 8.5), ("Commentaire", "Presque"))
        ),
        ("key_results", "KR3", "Confiance", 4),
        ("actions", "A1", "État", "Fait"),
        ("actions", 4, "Action", "Écrire"),
    ]
    return filled(made, "Marketing", tmp_path / "b.xlsx", *typed)


def test_a_collect_that_was_undone_brings_the_same_again(made, planner, tmp_path):
    book = everything_answered(made, planner, tmp_path)
    first = collect(planner, [book], today=TODAY)
    after = Path(planner).read_bytes()
    FileBook(planner).undo()
    again = collect(planner, [book], today=TODAY)
    assert (again.plan, again.listed) == (first.plan, first.listed)
    assert Path(planner).read_bytes() == after
    assert not collect(planner, [book], today=TODAY).changed


def test_an_older_planner_put_back_takes_what_it_lacks(made, planner, tmp_path):
    shutil.copy(planner, tmp_path / "older.xlsx")
    book = everything_answered(made, planner, tmp_path)
    collect(planner, [book], today=TODAY)
    shutil.copy(tmp_path / "older.xlsx", planner)
    report = collect(planner, [book], today=TODAY)
    assert (latest(planner, "KR6").value, latest(planner, "KR6").comment) == (8.5, "Presque")
    found = planner_in(planner)
    assert (found.actions[0].state, found.actions[-1].action) == ("done", "Écrire")
    assert report.plan.conflicts == ()


# --- whose answer it is ---------------------------------------------------------------------------


def with_properties(book, path, change):
    """A copy of a workbook with other properties; None: it has none."""
    part = "docProps/core.xml"
    with ZipFile(book) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                content = change(content)
            if content is not None:
                new.writestr(name, content)
    return str(path)


def saved(moment, by=""):
    """Properties that say when and by whom a workbook was saved."""
    told = f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
    who = f"<cp:lastModifiedBy>{by}</cp:lastModifiedBy>" if by else ""
    return lambda old: re.sub(rb"<dcterms:modified.*?</dcterms:modified>", (told + who).encode(), old)


@pytest.mark.parametrize(
    ("first", "second", "values", "conflicts"),
    [
        (saved("2026-12-02T09:00:00Z"), saved("2026-12-02T10:00:00Z"), [8.5, 8.2], 0),
        (saved("2026-12-02T10:30:00+02:00"), saved("2026-12-02T09:30:00Z"), [8.5, 8.2], 0),  # 8:30 in UTC
        (saved("2026-12-02T09:00:00Z", "Léa &amp; co"), saved("2026-12-02T10:00:00Z", "Nadia"), [8.5], 1),
        (saved("2026-12-02T09:00:00Z", "Léa"), saved("2026-12-02T10:00:00Z", "Léa"), [8.5, 8.2], 0),
        (lambda _: None, lambda _: None, [8.5, 8.2], 0),
    ],
    ids=["later", "another time zone", "another person's copy", "the same person's", "no properties"],
)
def test_the_later_copy_of_one_person_takes_the_place_of_the_earlier(
    made, planner, tmp_path, first, second, values, conflicts
):
    for value, change in ((8.5, first), (8.2, second)):
        book = filled(made, "Marketing", tmp_path / "plain.xlsx", ("key_results", "KR6", "Nouvelle valeur", value))
        report = collect(planner, [with_properties(book, tmp_path / "b.xlsx", change)], today=TODAY)
    got = [one.value for one in planner_in(planner).check_ins if one.key_result == "KR6" and one.value < 9]
    assert (got, len(report.listed)) == (values, conflicts)


def test_an_answer_for_what_is_another_key_result_by_now_is_a_conflict(made, planner, tmp_path):
    book = filled(made, "Marketing", tmp_path / "b.xlsx", KR6)
    for header, value in (("key_result", "Réduire les absences de 900 à 600 jours"), ("start", 900), ("target", 600)):
        change_in_planner(planner, "key_results", "KR6", header, value)
    report = collect(planner, [book], today=TODAY)
    assert [(one.field, one.theirs) for _, one in report.listed] == [("current", 8.5)]
    assert [note.code for note in report.plan.notes] == ["row_changed"]
    assert "KR6" in note_sentence(report.plan.notes[0], "fr")


# --- what is left ---------------------------------------------------------------------------------


def test_one_bad_book_never_stops_the_others(made, planner, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    good = filled(made, "Marketing", folder / "a.xlsx", KR6)
    (folder / "b.xlsx").write_bytes(Path(good).read_bytes()[:5000])
    (folder / "c.xlsx").write_bytes(b"")
    shutil.copy(planner, folder / "d.xlsx")
    (folder / "~$a.xlsx").write_bytes(b"x")
    (folder / ".~lock.a.xlsx#").write_bytes(b"x")
    (folder / "notes.txt").write_text("x")
    (folder / "e.pdf").write_bytes(b"%PDF-1.7")
    report = collect(planner, [str(folder)], today=TODAY)
    assert [one.returned.source.book for one in report.books] == ["a.xlsx"]
    assert {Path(one.path).name: one.error.code for one in report.refused} == {
        "b.xlsx": "truncated",
        "c.xlsx": "is_empty",
        "d.xlsx": "not_a_team_book",
        "e.pdf": "is_pdf",
    }
    assert latest(planner, "KR6").value == 8.5
    assert sorted(path.name for path in folder.iterdir()) == [
        ".~lock.a.xlsx#",
        "a.xlsx",
        "b.xlsx",
        "c.xlsx",
        "d.xlsx",
        "e.pdf",
        "notes.txt",
        "~$a.xlsx",
    ]


@pytest.mark.parametrize("setting", ["Entreprise", "Période"])
def test_a_book_of_another_plan_is_refused_by_name(made, planner, tmp_path, setting):
    from okr_workbook.actions.reading import read_planner
    from okr_workbook.tables.grid import Changes, TableChange

    book = FileBook(planner)
    grids, parsed = read_planner(book)
    at = parsed.columns["settings"].fields
    index = next(i for i, row in enumerate(grids["settings"].rows) if row[at["name"]] == setting)
    book.write(Changes((TableChange("settings", {(index, at["value"]): "2027-H1"}),)), command="test")
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6)], today=TODAY)
    (refused,) = report.refused
    assert refused.error.code == "book_of_another_plan"
    assert not report.changed


def rename_in_planner(planner, was, now, tables):
    from okr_workbook.actions.reading import read_planner
    from okr_workbook.tables.grid import Changes, TableChange

    book = FileBook(planner)
    grids, _ = read_planner(book)
    found = {
        name: {(at, n): now for at, row in enumerate(grids[name].rows) for n, cell in enumerate(row) if cell == was}
        for name in tables
    }
    book.write(Changes(tuple(TableChange(name, cells) for name, cells in found.items())), command="test")


OWNED = ("members", "objectives", "key_results", "kpis", "measures", "actions")


def test_a_book_of_a_team_renamed_since_is_taken_as_that_teams(made, planner, tmp_path):
    rename_in_planner(planner, "Marketing", "Croissance", ("teams", *OWNED))
    new_action = ("actions", 4, "Action", "Appeler")
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6, new_action)], today=TODAY)
    assert (report.refused, latest(planner, "KR6").value) == ((), 8.5)
    assert [note.code for note in report.plan.notes] == ["team_renamed"]
    assert planner_in(planner).actions[-1].team == "Croissance"
    assert [one.team for one in status(planner, today=TODAY).teams if one.answered_on] == ["Croissance"]


def test_a_book_of_a_team_whose_rows_are_nobodys_or_several_teams_is_refused(made, planner, tmp_path):
    book = filled(made, "Marketing", tmp_path / "b.xlsx", KR6)
    rename_in_planner(planner, "Marketing", "Croissance", ("teams",))
    for split in ((), ("kpis",)):
        rename_in_planner(planner, "Marketing", "RH", split)
        (refused,) = collect(planner, [book], today=TODAY).refused
        assert refused.error.code == "book_of_unknown_team"


def test_an_altered_stamp_is_refused(made, planner, tmp_path):
    book = TeamBook(made[1]["Marketing"])
    sheet = book.book["okr_stamp"]
    sheet["A3"] = sheet["A3"].value.replace("KR", "XX")
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [one.error.code for one in report.refused] == ["stamp_altered"]


def test_what_teams_may_not_change_is_left_and_told(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        ("key_results", "KR6", "Cible", 12),
        ("key_results", "KR3", "Nouvelle valeur", 0.5),
        ("objectives", "O2", "Objectif", "Autre"),
        KR6,
    )
    report = collect(planner, [book], today=TODAY)
    assert {(one.row, one.field) for one in report.plan.ignored} == {
        ("KR6", "target"),
        ("KR3", "current"),
        ("O2", "objective"),
    }
    row = next(row for row in planner_in(planner).key_results if row.id == "KR6")
    assert (row.target, latest(planner, "KR6").value) == (8.0, 8.5)


@pytest.mark.parametrize(
    ("written", "value"),
    [("8,5", 8.5), ("8.5", 8.5), ("8,5 jours", 8.5), ("8,5 semaines", None), ("1,234 jours", None), ("bientôt", None)],
)
def test_numbers_typed_as_text_are_read_by_the_books_language_or_told(made, planner, tmp_path, written, value):
    report = collect(
        planner,
        [filled(made, "Marketing", tmp_path / "b.xlsx", ("key_results", "KR6", "Nouvelle valeur", written))],
        today=TODAY,
    )
    assert [one.value for one in report.plan.check_ins] == ([value] if value else [])
    assert [note.code for note in report.plan.notes] == ([] if value else ["unreadable"])
    for note in report.plan.notes:
        assert "b.xlsx" in note_sentence(note, "fr")
        assert "b.xlsx" in note_sentence(note, "en")


@pytest.mark.parametrize(
    "typed",
    [
        [("key_results", "KR6", "Commentaire", "😀" * 17_000)],
        [("actions", "A1", "Commentaire", "😀" * 17_000)],
        [("actions", 4, "Action", "Écrire"), ("actions", 4, "Échéance", "1026-12-01")],
        [("check_ins", 1, "Résultat clé", "KR6"), ("check_ins", 1, "Valeur", 9), ("check_ins", 1, "Date", "1026-12-01")],
        [("check_ins", 1, "Résultat clé", "KR6"), ("check_ins", 1, "Valeur", 9), ("check_ins", 1, "Auteur", "😀" * 17_000)],
    ],
    ids=["comment", "comment of an action", "due", "day of a check-in", "author"],
)  # fmt: skip
def test_what_no_cell_can_hold_is_told_at_its_cell_and_stops_nothing_else(made, planner, tmp_path, typed):
    (tmp_path / "in").mkdir()
    filled(made, "Produit", tmp_path / "in" / "a.xlsx", ("key_results", "KR9", "Nouvelle valeur", 0.95))
    filled(made, "Marketing", tmp_path / "in" / "b.xlsx", KR6, *typed)
    report = collect(planner, [str(tmp_path / "in")], today=TODAY)
    assert [(one.key_result, one.value) for one in report.plan.check_ins] == [("KR6", 8.5), ("KR9", 0.95)]
    assert [note.code for note in report.plan.notes] == ["unreadable"]
    assert planner_in(planner).actions[0].comment


@pytest.mark.parametrize("day", ["1826-12-01", "9999-12-31"])
def test_a_signing_day_of_another_age_is_told_and_the_day_of_the_book_counts(made, planner, tmp_path, day):
    book = TeamBook(made[1]["Marketing"])
    book.type(*KR6)
    sheet, cell = next(book.book.defined_names["okr_as_of"].destinations)
    book.book[sheet][cell].value = day
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [note.code for note in report.plan.notes] == ["date_unreadable"]
    assert note_sentence(report.plan.notes[0], "en").endswith("2 December 2026.")
    assert [one.date for one in report.plan.check_ins] == [TODAY]


def test_a_milestone_takes_yes_in_any_language(made, planner, tmp_path):
    report = collect(
        planner,
        [filled(made, "Produit", tmp_path / "b.xlsx", ("key_results", "KR9", "Nouvelle valeur", "Yes"))],
        today=TODAY,
    )
    assert [one.value for one in report.plan.check_ins] == [1.0]


# --- what members do to sheets ---------------------------------------------------------------------


def swapped(sheet, one, other):
    for column in range(1, sheet.max_column + 1):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


@pytest.mark.parametrize(
    "what", ["sort", "insert a row", "delete a row", "insert a column", "translate", "as once headed"]
)
def test_moved_rows_and_columns_lose_no_answer(made, planner, tmp_path, what):
    book = TeamBook(made[1]["Marketing"])
    book.type(*KR6)
    sheet, left, top, right, bottom = book.area("key_results")
    table = book.tables["key_results"][1]
    if what == "sort":
        swapped(sheet, top + 1, bottom)
    elif what == "delete a row":
        swapped(sheet, top + 1, bottom)
        for column in range(left, right + 1):
            sheet.cell(bottom, column).value = None
    elif what == "insert a row":
        for row in range(bottom, top + 1, -1):
            for column in range(left, right + 1):
                sheet.cell(row + 1, column).value = sheet.cell(row, column).value
                sheet.cell(row, column).value = None
        table.ref = table.ref.replace(str(bottom), str(bottom + 1))
    elif what == "insert a column":
        for row in range(top, bottom + 1):
            sheet.cell(row, right + 1).value = sheet.cell(row, right).value
            sheet.cell(row, right).value = "à moi" if row == top else "x"
        table.ref = table.ref.replace("K", "L")
        table.tableColumns = []
        table._initialise_columns()
        for number, column in enumerate(table.tableColumns):
            column.name = sheet.cell(top, left + number).value
    else:
        words = {
            "translate": {
                "Id": "ID",
                "Nouvelle valeur": "New value",
                "Confiance": "Confidence",
                "Résultat clé": "Key result",
            },
            "as once headed": {"Nouvelle valeur": "Actuel", "Dernière valeur": "Valeur"},
        }[what]
        for column in table.tableColumns:
            column.name = words.get(column.name, column.name)
        for column in range(left, right + 1):
            sheet.cell(top, column).value = words.get(sheet.cell(top, column).value, sheet.cell(top, column).value)
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [(one.key_result, one.value) for one in report.plan.check_ins] == [("KR6", 8.5)]


def without_tables(book):
    for sheet in book.book:
        for name in list(sheet.tables):
            del sheet.tables[name]


def test_a_program_that_loses_tables_loses_no_answer(made, planner, tmp_path):
    book = TeamBook(made[1]["Marketing"])
    book.type(*KR6)
    book.type("actions", "A1", "État", "Fait")
    without_tables(book)
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [(one.key_result, one.value) for one in report.plan.check_ins] == [("KR6", 8.5)]
    assert [change.value for change in report.plan.cells] == ["done"]
    assert report.plan.notes == ()


def test_a_book_without_tables_and_names_says_what_is_gone(made, planner, tmp_path):
    book = TeamBook(made[1]["Marketing"])
    without_tables(book)
    for name in ("okr_key_results", "okr_actions"):
        del book.book.defined_names[name]
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [(note.code, note.details["table"]) for note in report.plan.notes] == [
        ("table_gone", "key_results"),
        ("table_gone", "actions"),
    ]


def test_a_row_that_was_never_sent_is_told(made, planner, tmp_path):
    book = TeamBook(made[1]["Marketing"])
    book.type("key_results", "KR6", "Nouvelle valeur", 3)
    book.type("key_results", "KR6", "Id", "KR99")
    report = collect(planner, [book.save(tmp_path / "b.xlsx")], today=TODAY)
    assert [(note.code, note.details["row"]) for note in report.plan.notes] == [("row_unknown", "KR99")]
    assert report.plan.check_ins == ()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["ligne {} (Relevés) n’a pas été reprise, car aucun résultat clé n’y est choisi.",
                "ligne {} (Relevés) n’a pas été reprise, car «\u00a0KR99\u00a0» n’est pas un des résultats clés envoyés."]),
        ("en", ["row {} (Check-ins) was not taken, for no key result is chosen in it.",
                "row {} (Check-ins) was not taken, for “KR99” is none of the key results that were sent."]),
    ],
)  # fmt: skip
def test_a_check_in_without_a_known_key_result_is_told_by_its_row_of_the_sheet(made, planner, tmp_path, language, told):
    book = TeamBook(made[1]["Marketing"])
    rows = [book.cell("check_ins", number, "Valeur").row for number in (1, 2)]
    assert rows[0] > 1
    typed = [("Valeur", 1, 9), ("Valeur", 2, 8), ("Résultat clé", 2, "KR99")]
    path = filled(
        made, "Marketing", tmp_path / "b.xlsx", *(("check_ins", row, header, value) for header, row, value in typed)
    )
    report = collect(planner, [path], today=TODAY)
    sentences = [note_sentence(note, language) for note in report.plan.notes]
    assert [one.partition("\u00a0: " if language == "fr" else ": ")[2] for one in sentences] == [
        one.format(row) for one, row in zip(told, rows, strict=True)
    ]


def test_a_check_in_without_a_date_takes_the_day_of_the_figures_and_says_so(made, planner, tmp_path):
    dated = [("check_ins", 1, "Résultat clé", "KR6"), ("check_ins", 1, "Valeur", 9)]
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6, *dated)], today=TODAY)
    assert [(one.date, one.value) for one in report.plan.check_ins] == [(TODAY, 9.0), (TODAY, 8.5)]
    (note,) = report.plan.notes
    assert "(Check-ins) has no date and was taken as of 2 December 2026" in note_sentence(note, "en")
    assert latest(planner, "KR6").value == 8.5
    with Ledger(ledger_path(planner)) as ledger:
        assert len(ledger.answers()) == 1


# --- figures of measures --------------------------------------------------------------------------

NOVEMBER = ("measures", "visitors", "nov. 2026")


def figure_of(planner, measure="visitors", month=date(2026, 11, 1)):
    return next(row for row in planner_in(planner).measures if row.measure == measure).months.get(month)


def fill_measures(planner, text):
    fill_book(FileBook(planner), "measures", text.encode())


def test_figures_come_in_and_the_kpi_follows(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        (*NOVEMBER, 8200),
        ("measures", "trials_started", "oct. 2026", 310),
        ("measures", "visitors", "déc. 2026", "1 250,5"),
    )
    report = collect(planner, [book], today=TODAY)
    assert [(one.row, one.field, one.value) for one in report.plan.cells] == [
        ("visitors", "2026-11", 8200.0),
        ("visitors", "2026-12", 1250.5),
        ("trials_started", "2026-10", 310.0),
    ]
    assert not report.needs_person
    assert (figure_of(planner), figure_of(planner, month=date(2026, 12, 1))) == (8200.0, 1250.5)
    kpi = refresh_book(FileBook(planner), today=TODAY).scores.kpis[1]
    assert (kpi.period, kpi.value) == ("2026-11", 328 / 8200)


def test_a_figure_changed_in_the_planner_alone_stays(made, planner, tmp_path):
    fill_measures(planner, "measure,2026-11\nvisitors,8100\n")
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", KR6)], today=TODAY)
    assert report.plan.cells == ()
    assert figure_of(planner) == 8100.0


def test_a_figure_changed_on_both_sides_is_a_conflict_for_a_person(made, planner, tmp_path):
    fill_measures(planner, "measure,2026-11\nvisitors,8100\n")
    book = filled(made, "Marketing", tmp_path / "b.xlsx", (*NOVEMBER, 8200))
    ((conflict_id, conflict),) = collect(planner, [book], today=TODAY).listed
    assert (conflict.table, conflict.row, conflict.field) == ("measures", "visitors", "2026-11")
    assert (conflict.ours, conflict.theirs, conflict.theirs_by) == (8100.0, 8200.0, "Léa Martin")
    assert figure_of(planner) == 8100.0
    again = collect(planner, [book], today=TODAY)
    assert [one for one, _ in again.listed] == [conflict_id]
    assert not again.changed
    resolve(planner, [Decision("theirs", conflict_id)])
    assert figure_of(planner) == 8200.0
    assert collect(planner, [book], today=TODAY).listed == ()


def test_an_emptied_figure_is_no_answer(made, planner, tmp_path):
    report = collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", (*NOVEMBER, None))], today=TODAY)
    assert (report.plan.cells, report.plan.notes, report.changed) == ((), (), False)
    assert figure_of(planner) == 8000.0


@pytest.mark.parametrize("written", ["environ 8000", "1,234", True, date(2026, 11, 1)])
def test_what_is_no_figure_is_told_at_its_cell_and_the_others_come_in(made, planner, tmp_path, written):
    book = filled(
        made, "Marketing", tmp_path / "b.xlsx", (*NOVEMBER, written), ("measures", "paid_new", "nov. 2026", 54)
    )
    report = collect(planner, [book], today=TODAY)
    assert [(one.row, one.value) for one in report.plan.cells] == [("paid_new", 54.0)]
    (note,) = report.plan.notes
    assert (note.code, note.details["row"], note.details["field"]) == ("unreadable", "visitors", "2026-11")
    assert "2026-11" in note_sentence(note, "fr")
    assert figure_of(planner) == 8000.0


def test_a_closed_month_is_not_the_teams_to_change(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        ("measures", "visitors", "sept. 2026", 1),
        ("measures", "visitors", "Libellé", "Autre"),
        (*NOVEMBER, 8200),
    )
    report = collect(planner, [book], today=TODAY)
    assert {(one.row, one.field, one.sent) for one in report.plan.ignored} == {
        ("visitors", "2026-09", 7900.0),
        ("visitors", "label", "Visiteurs du site"),
    }
    assert (figure_of(planner, month=date(2026, 9, 1)), figure_of(planner)) == (7900.0, 8200.0)


def test_a_month_that_the_planner_has_no_column_for_gets_one(made, planner, tmp_path):
    assert "2026-12" not in FileBook(planner).read()["measures"].headers
    typed = [("measures", name, "déc. 2026", value) for name, value in (("visitors", 900), ("paid_new", 7))]
    collect(planner, [filled(made, "Marketing", tmp_path / "b.xlsx", *typed)], today=TODAY)
    assert FileBook(planner).read()["measures"].headers[-1] == "2026-12"
    assert [figure_of(planner, name, date(2026, 12, 1)) for name in ("visitors", "paid_new")] == [900.0, 7.0]


def test_a_measure_that_was_never_sent_or_stands_there_twice_is_told(made, planner, tmp_path):
    book = filled(
        made,
        "Marketing",
        tmp_path / "b.xlsx",
        ("measures", 2, "Mesure", "mrr_end"),
        ("measures", 3, "Mesure", "Visitors"),
    )
    report = collect(planner, [book], today=TODAY)
    assert [(note.code, note.details["row"]) for note in report.plan.notes] == [
        ("row_unknown", "mrr_end"),
        ("row_twice", "Visitors"),
    ]
    assert report.plan.cells == ()


def test_figures_survive_a_program_that_loses_tables_and_a_lost_sheet_is_told(made, planner, tmp_path):
    book = TeamBook(made[1]["Marketing"])
    book.type(*NOVEMBER, 8200)
    without_tables(book)
    kept = book.save(tmp_path / "kept.xlsx")
    del book.book.defined_names["okr_measures"]
    lost = book.save(tmp_path / "lost.xlsx")
    report = collect(planner, [lost], today=TODAY)
    assert [(note.code, note.details["table"]) for note in report.plan.notes] == [("table_gone", "measures")]
    assert [one.value for one in collect(planner, [kept], today=TODAY).plan.cells] == [8200.0]


def test_a_book_made_before_teams_filled_in_measures_still_collects(planner, tmp_path):
    plan = planned_teams(FileBook(planner), today=TODAY, teams=["Marketing"]).plans[0]
    old = tmp_path / "old.xlsx"
    old.write_bytes(make_team_book(plan._replace(measures=(), months=()), revision=1))
    book = TeamBook(old)
    book.type(*KR6)
    report = collect(planner, [book.save(old)], today=TODAY)
    assert [one.value for one in report.plan.check_ins] == [8.5]
    assert report.plan.notes == ()


# --- a newer and an older book --------------------------------------------------------------------


def test_books_of_two_rounds_give_one_planner_in_any_order(tmp_path):
    ends = []
    first = an_example(tmp_path)
    old = team_books(first, tmp_path / "old")
    new = team_books(first, tmp_path / "new")
    books = []
    for made_book, value, name in ((old, 8.5, "old.xlsx"), (new, 8.2, "new.xlsx")):
        book = TeamBook(made_book["Marketing"])
        book.type("key_results", "KR6", "Nouvelle valeur", value)
        book.type(*NOVEMBER, 1000 * value)
        books.append(book.save(tmp_path / name))
    for order in ([0, 1], [1, 0], [(0, 1)], [(1, 0)]):
        target = str(tmp_path / f"p{len(ends)}.xlsx")
        shutil.copy(first, target)
        for step in order:
            chosen = [books[i] for i in (step if isinstance(step, tuple) else (step,))]
            report = collect(target, chosen, today=TODAY)
            assert report.plan.conflicts == ()
        ends.append((latest(target, "KR6").value, figure_of(target)))
    assert ends == [(8.2, 8200.0)] * 4


def test_the_report_as_json_is_plain(made, planner, tmp_path):
    import json

    _, report = conflicting(made, planner, tmp_path)
    found = json.loads(json.dumps(collect_json(report)))
    assert found["conflicts"][0]["id"] == "C1"
    assert found["books"][0]["team"] == "Marketing"


def test_progress_is_told_book_by_book(made, planner):
    steps = []
    collect(planner, list(made[1].values()), today=TODAY, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_untouched_books_change_nothing_and_are_no_answers(made, planner):
    report = collect(planner, list(made[1].values()), today=TODAY)
    assert not ledger_path(planner).exists()
    assert not report.changed
    assert not report.needs_person
    assert {key_of(one.stamp.team) for one in report.books} == {"marketing", "rh", "produit"}
