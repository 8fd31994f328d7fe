"""The named ranges that Refresh fills on the start page, the dashboard, the alignment page and behind the charts.

Declared once for what renders them (`dashboard`, `alignment`) and for what draws them (the template's builder). Each is one
column, or one small table of `okr_data`, so that people may move and restyle them in Excel.
"""

from __future__ import annotations

from okr_workbook.domain.results import STATUSES
from okr_workbook.records import NamedTuple


class Block(NamedTuple):
    """A named range: `name` begins with okr_, `rows` and `columns` are its size, `length` how many characters a cell has room for."""

    name: str
    rows: int = 1
    columns: int = 1
    length: int = 0


def page_name(place: str) -> str:
    """The defined name a link to a sheet leads to: it follows a sheet that is renamed, which an address in a link does not.

    `place` is a table's id, or dashboard or alignment.
    """
    return f"okr_page_{place}"


ARROW = "→"
"""What the words of a link end with, so that a rule can tell it from what stands beside it."""

# --- what everything stands on ---
AS_OF = Block("okr_as_of")  # a day
LOOKING_BACK = Block("okr_looking_back")  # that day again, after a look back; of a look ahead, words
CHECK_INS_SEEN = Block("okr_check_ins_seen")  # then: how many rows of check-ins there were
STALE_AFTER = Block("okr_stale_after")  # days, as set

# --- the table of KPIs ---
PICK_KPI = Block("okr_pick_kpi")  # a KPI of the library to add, picked from a list

# --- start page ---
START_LINE = Block("okr_start_line")  # company, period
START_NEXT = Block("okr_start_next")  # what to do next, a link
START_ERRORS = Block("okr_start_errors")  # how many errors there are, a link; blank where none is

# --- dashboard ---
COMPANY = Block("okr_company")
HEADLINE = Block("okr_headline")  # the company's first objective
PERIOD = Block("okr_period")  # the period, and the week of it
ERRORS = Block("okr_errors")  # how many errors there are, a link; blank where none is
COMPANY_SCORE = Block("okr_company_score")
COMPANY_EXPECTED = Block("okr_company_expected")
COMPANY_STATUS = Block("okr_company_status")
COMPANY_FORECAST = Block("okr_company_forecast")
COMPANY_CONFIDENCE = Block("okr_company_confidence")

STATUS_COUNTS = {status: Block(f"okr_count_{status}") for status in STATUSES}
"""How many key results have each status."""

ALERT_ROWS = 5
ALERTS_SYMBOL = Block("okr_alerts_symbol", ALERT_ROWS)
ALERTS_TEXT = Block("okr_alerts_text", ALERT_ROWS, length=120)
ALERTS_ACTION = Block("okr_alerts_action", ALERT_ROWS, length=100)
ALERTS_OWNER = Block("okr_alerts_owner", ALERT_ROWS)
ALERTS_DUE = Block("okr_alerts_due", ALERT_ROWS)
ALERTS_MORE = Block("okr_alerts_more")  # a link

TEAM_ROWS = 8
TEAMS_TEAM = Block("okr_teams_team", TEAM_ROWS, length=44)
TEAMS_SCORE = Block("okr_teams_score", TEAM_ROWS)
TEAMS_STATUS = Block("okr_teams_status", TEAM_ROWS)

OBJECTIVE_ROWS = 10
OBJECTIVES_OBJECTIVE = Block("okr_objectives_objective", OBJECTIVE_ROWS, length=58)
OBJECTIVES_TEAM = Block("okr_objectives_team", OBJECTIVE_ROWS, length=24)
OBJECTIVES_SCORE = Block("okr_objectives_score", OBJECTIVE_ROWS)
OBJECTIVES_EXPECTED = Block("okr_objectives_expected", OBJECTIVE_ROWS)
OBJECTIVES_STATUS = Block("okr_objectives_status", OBJECTIVE_ROWS)

CHANGE_ROWS = 10
CHANGES_SINCE = Block("okr_changes_since")  # the day compared with
CHANGES_SYMBOL = Block("okr_changes_symbol", CHANGE_ROWS)
CHANGES_TEXT = Block("okr_changes_text", CHANGE_ROWS, length=72)

TILE_COUNT = 6
TILES = tuple(Block(f"okr_tile_{number}", rows=4) for number in range(1, TILE_COUNT + 1))
"""One KPI each: its name, with the unit where its number does not show it, its value, how it moved, its status."""

TILE_LENGTH = 66  # characters of a tile's name

TILES_MORE = Block("okr_tiles_more")

# --- behind the charts (sheet okr_data) ---
PACE_ROWS = 54  # a year week by week, and the as-of date
PACE = Block("okr_pace", PACE_ROWS, 5)
"""Day, expected, score, the score's last point, the place of the expected line's name."""

PACE_LABELS = Block("okr_pace_labels", columns=2)  # the names of the two lines: the score's with its value
TEAM_BULLETS = Block("okr_team_bullets", TEAM_ROWS, 5)  # reached, missing, mark, beyond, rest: they add up to 1
OBJECTIVE_BULLETS = Block("okr_objective_bullets", OBJECTIVE_ROWS, 5)
TREND_POINTS = 12
TILE_TRENDS = Block("okr_tile_trends", TILE_COUNT, TREND_POINTS)
TILE_UNITS = Block("okr_tile_units", TILE_COUNT)
KPI_TREND_ROWS = 60
KPI_TRENDS = Block("okr_kpi_trends", KPI_TREND_ROWS, TREND_POINTS)  # by the row of the table kpis
KEY_RESULT_TREND_ROWS = 120
KEY_RESULT_TRENDS = Block("okr_key_result_trends", KEY_RESULT_TREND_ROWS, TREND_POINTS)  # by the row of key_results

# --- alignment ---
ALIGNMENT_ROWS = 300
ALIGNMENT_DEPTH = 5
ALIGNMENT_LENGTH, ALIGNMENT_STEP = 74, 4  # characters of a name at the top, and how many fewer a step deeper
ALIGNMENT_TEAM_LENGTH = 40  # of a team's name, which its cell still shows in letters that can be read
ALIGNMENT = Block("okr_alignment", ALIGNMENT_ROWS, ALIGNMENT_DEPTH + 6)
"""The tree: one column a depth, then team, owner, score, expected, status, what it serves."""
