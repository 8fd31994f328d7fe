"""Refresh: read the book, score the plan, write what was computed. Check: the same, and only the problems are kept.

The one way from click to result, in every host; it works on any `tables.grid.Book`.
"""

from collections.abc import Sequence
from datetime import date

from okr_workbook.actions.reading import read_planner, read_whole_planner
from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.checks.coach import check_planner
from okr_workbook.domain.planner import CheckIn, Planner
from okr_workbook.domain.readings import typed_check_ins, with_confidence, with_fed_current_as_shown, with_typed
from okr_workbook.domain.results import Scores
from okr_workbook.domain.scoring import score_planner
from okr_workbook.labels import labels_for
from okr_workbook.labels.coach import coach_vocabulary
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.blocks import CHECK_INS_SEEN, LOOKING_BACK, PICK_KPI, Block
from okr_workbook.tables.cell_changes import changes_nothing, merged
from okr_workbook.tables.dashboard import render_dashboard
from okr_workbook.tables.grid import Book, Changes, Grid, Value, shown_value
from okr_workbook.tables.parsing import Parsed
from okr_workbook.tables.problem_rows import ShownProblem, show_problems
from okr_workbook.tables.rendering import Refreshed, render_refresh

if TYPE_CHECKING:
    from okr_workbook.actions.kpis import Pick
    from okr_workbook.tables.kpi_library_rows import Added


class RefreshReport(NamedTuple):
    """What a refresh found. `changed`: the book was, or with `dry_run` would be, written. `ahead`: its day is to come.

    `live`: not a look back (or ahead), so that `current` shows what is in force.
    `kept` are cells that hold a formula of the user's where a value was to be written. `picked`: what the KPI picked on the
    sheet added, None where none was.
    """

    as_of: date
    language: str
    planner: Planner
    scores: Scores
    problems: tuple[ShownProblem, ...]
    typed: tuple[CheckIn, ...]
    changed: bool
    kept: tuple[str, ...] = ()
    ahead: bool = False
    picked: "Added | None" = None
    live: bool = True

    @property
    def has_errors(self) -> bool:
        """True where the user must see to something: a problem of severity error, or a cell that could not be written."""
        return bool(self.kept) or any(one.severity == "error" for one in self.problems)


class _Computed(NamedTuple):
    grids: dict[str, Grid]
    parsed: Parsed
    refreshed: Refreshed
    told: dict[str, list[ShownProblem]]
    """The problems by language, once each."""
    ahead: bool
    """True for a look ahead."""
    pick: "Pick | None" = None

    @property
    def language(self) -> str:
        return self.parsed.planner.settings.language

    def shown(self, language: str) -> list[ShownProblem]:
        """The problems in the words of a language."""
        if language not in self.told:
            labels = labels_for(language)
            self.told[language] = show_problems(self.refreshed.problems, self.grids, self.parsed.columns, labels)
        return self.told[language]


def refresh_book(
    book: Book,
    *,
    today: date,
    as_of: date | None = None,
    dry_run: bool = False,
    lang: str | None = None,
    recording: bool = True,
) -> RefreshReport:
    """Compute a book's plan and write the computed fields, the history, the problems and the dashboard.

    The as-of date is `as_of` (a look back, which logs nothing), else the setting's, else today. A look ahead, past the
    setting's date or today, is not kept in the history either, nor is anything where it is not `recording`. The book is
    written in its own language; the report's problems are in `lang`, or the book's. A KPI picked from the library is added,
    but for a look back. OkrError where an input table is missing.
    """
    grids, parsed = read_whole_planner(book)
    pick = _picked(book, grids, parsed) if as_of is None else None
    read = (grids, parsed) if pick is None else (pick.grids, pick.parsed)
    computed = _computed(read, book, today=today, as_of=as_of, recording=recording, pick=pick)
    changes = _render(computed)
    if dry_run:
        return _report(computed, lang, changed=_would_change(book, changes))
    written = book.write(changes, command="refresh")
    return _report(computed, lang, changed=written.changed, kept=written.kept)


def check_book(book: Book, *, today: date, as_of: date | None = None, lang: str | None = None) -> RefreshReport:
    """What a refresh would compute and find, its problems in `lang` or the book's language. Nothing is written."""
    return _report(_computed(read_planner(book), book, today=today, as_of=as_of), lang, changed=False)


def _computed(
    read: tuple[dict[str, Grid], Parsed],
    book: Book,
    *,
    today: date,
    as_of: date | None,
    recording: bool = True,
    pick: "Pick | None" = None,
) -> _Computed:
    grids, parsed = read
    planner, live = parsed.planner, as_of is None
    now = planner.settings.as_of or today
    day = as_of or now
    typed: tuple[CheckIn, ...] = ()
    planner = with_confidence(planner, day, live=live)
    seen = _seen_looking_back(book, planner)
    if not live or seen is not None:
        planner = with_fed_current_as_shown(planner)
    if live and recording and _can_be_logged(parsed):
        typed = typed_check_ins(planner, day, seen=seen)
        planner = with_typed(planner, typed)
    scores = score_planner(planner, day)
    found = (*parsed.problems, *check_planner(planner, scores, day, coach_vocabulary(), looked_back=not live))
    refreshed = Refreshed(planner, typed, scores, found, live, keeps_history=recording and day <= now)
    return _Computed(grids, parsed, refreshed, {}, ahead=day > now, pick=pick)


def _picked(book: Book, grids: dict[str, Grid], parsed: Parsed) -> "Pick | None":
    """What was picked on the sheet, None for nothing."""
    picked = _cell(book, PICK_KPI)
    if not isinstance(picked, str) or not picked.strip():
        return None
    from okr_workbook.actions.kpis import picked_kpi  # the library is large, and a pick is rare

    return picked_kpi(picked, grids, parsed)


def _can_be_logged(parsed: Parsed) -> bool:
    """False where the table of check-ins lacks a column without which no row of it can be found again."""
    columns = parsed.columns.get("check_ins")
    return columns is not None and not columns.lacks("date", "key_result", "value")


def _seen_looking_back(book: Book, planner: Planner) -> int | None:
    """How many rows of check-ins there were when the last refresh looked back; None where it was a live one."""
    if not _cell(book, LOOKING_BACK):
        return None
    seen = _cell(book, CHECK_INS_SEEN)
    return int(seen) if isinstance(seen, (int, float)) else len(planner.check_ins)


def _cell(book: Book, block: Block) -> Value:
    """What the first cell of a block holds; None where the book has no such name."""
    found = book.read_block(block.name)
    return found[0][0] if found and found[0] else None


def _render(computed: _Computed) -> Changes:
    refreshed, labels = computed.refreshed, labels_for(computed.language)
    shown = computed.shown(computed.language)
    tables = render_refresh(computed.grids, computed.parsed, refreshed, shown, labels).tables
    news = changes_since(refreshed.planner, refreshed.scores)
    errors = sum(one.severity == "error" for one in shown)
    blocks = render_dashboard(
        refreshed.planner,
        refreshed.scores,
        news,
        labels,
        errors=errors,
        live=refreshed.live,
        ahead=computed.ahead,
    )
    if computed.pick is None:
        return Changes(tables, blocks)
    added = computed.pick.changes
    return Changes(merged([*added.tables, *tables]), (*added.blocks, *blocks))


def _would_change(book: Book, changes: Changes) -> bool:
    """True where writing would change a cell. Tables name only cells that differ; blocks are compared here."""
    return bool(changes.tables) or any(not _stands(book.read_block(one.name), one.rows) for one in changes.blocks)


def _stands(before: Sequence[Sequence[Value]] | None, rows: Sequence[Sequence[Value]]) -> bool:
    """True where a named range shows these rows and is empty beyond them, or is not there to be written."""
    for at, standing in enumerate(before or ()):
        row = rows[at] if at < len(rows) else ()
        for column, cell in enumerate(standing):
            if not changes_nothing(cell, shown_value(row[column]) if column < len(row) else None, holds_formula=False):
                return False
    return True


def _report(computed: _Computed, lang: str | None, *, changed: bool, kept: tuple[str, ...] = ()) -> RefreshReport:
    refreshed = computed.refreshed
    return RefreshReport(
        refreshed.scores.as_of,
        computed.language,
        refreshed.planner,
        refreshed.scores,
        tuple(computed.shown(lang or computed.language)),
        refreshed.typed,
        changed,
        kept,
        computed.ahead,
        None if computed.pick is None else computed.pick.added,
        refreshed.live,
    )
