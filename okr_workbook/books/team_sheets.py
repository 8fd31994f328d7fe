"""All teams in one workbook, one sheet a team, for printing: values and charts, no formulas and nothing to fill in.

It shows every team beside the others, so it is for the planner's owner and is never mailed.
"""

from __future__ import annotations

from collections.abc import Sequence

from okr_workbook.books.files.file_names import is_unseen
from okr_workbook.books.team.key_results import key_results_sheet
from okr_workbook.books.team.layout import Layout, layout_of
from okr_workbook.books.team.model import Sheet, Workbook, at
from okr_workbook.books.team.overview import EXPECTED_CELL, SCORE_CELL, printed_sheet
from okr_workbook.books.team.pace import pace_sheet
from okr_workbook.books.team.package_writer import write_package
from okr_workbook.books.team.roll_up import team_roll_up
from okr_workbook.books.team_names import PRINTED_NAME
from okr_workbook.domain.team_plan import TeamPlan
from okr_workbook.labels import LANGUAGES, Labels, labels_for
from okr_workbook.tables.grid import Formula, Value

_FORBIDDEN = frozenset("[]:*?/\\")
_LONGEST = 31


def make_team_sheets(plans: Sequence[TeamPlan], labels: Labels) -> bytes:
    """The .xlsx, in the words of `labels`."""
    titles = sheet_titles([plan.team for plan in plans])
    pages, behind = [], []
    for number, (plan, title) in enumerate(zip(plans, titles, strict=True), 1):
        layout = layout_of(plan._replace(language=labels.language), labels)
        page, *sources = _page(layout, title, number)
        pages.append(page)
        behind += sources
    name = labels.text("team_book", "sheets.teams")
    company = plans[0].settings.company if plans else ""
    mark = {PRINTED_NAME: at(1, 1, titles[0], fixed=True)} if titles else {}
    return write_package(Workbook((*pages, *behind), mark, name, company, labels.language))


def _page(layout: Layout, title: str, number: int) -> list[Sheet]:
    """A team's page as plain values, and the hidden sheets its charts read."""
    sheets = [
        printed_sheet(layout, *team_roll_up(layout, SCORE_CELL, EXPECTED_CELL)),
        key_results_sheet(layout),
        pace_sheet(layout),
    ]
    titles = dict(zip([sheet.title for sheet in sheets], (title, *_titles_behind(number)), strict=True))
    for sheet in sheets:
        sheet.title = titles[sheet.title]
        sheet.cells = {place: (_plain(value), look) for place, (value, look) in sheet.all_cells().items()}
        sheet.heights, sheet.rows = sheet.all_heights(), {}
        sheet.charts = [chart._replace(sheet=titles[chart.sheet]) for chart in sheet.charts]
        sheet.tables = []
    for sheet in sheets[1:]:
        sheet.state, sheet.print_area, sheet.print_titles = "hidden", "", ""
    return sheets


def _plain(value: Value) -> Value:
    """A formula's value; blank where that is no text."""
    shown = value.value if isinstance(value, Formula) else value
    return None if shown == "" else shown


def sheet_titles(names: Sequence[str]) -> list[str]:
    """Legal and unique titles of sheets: at most 31 characters, none that Excel forbids or nobody sees.

    >>> sheet_titles(["Sales", "sales", "R/D: all", "x" * 40])[:3]
    ['Sales', 'sales 2', 'R D all']
    """
    taken = kept_by_excel()
    taken |= {behind for number in range(1, len(names) + 1) for behind in _titles_behind(number)}
    found = []
    for name in names:
        plain = "".join(" " if char in _FORBIDDEN or is_unseen(char) else char for char in name)
        plain = " ".join(plain.split())
        number, title = 1, _as_long_as(_LONGEST, plain)
        while title.casefold() in taken:
            number += 1
            title = f"{_as_long_as(_LONGEST - 1 - len(str(number)), plain)} {number}"
        taken.add(title.casefold())
        found.append(title)
    return found


def kept_by_excel() -> set[str]:
    """What no sheet may be called: in each language, Excel keeps one name for a sheet of its own."""
    return {labels_for(one).habit("excels_own_sheet").casefold() for one in LANGUAGES}


def _as_long_as(longest: int, title: str) -> str:
    """The start of a title, as long as it may be (Excel counts in UTF-16); no apostrophe stands at an end."""
    start = title.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")
    return start.strip("' ") or "_"


def _titles_behind(number: int) -> tuple[str, str]:
    """The titles of the hidden sheets that the charts of the team of this number read."""
    return f"1.{number}", f"2.{number}"
