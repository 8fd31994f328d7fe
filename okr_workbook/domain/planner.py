"""The records of a planner. Field names are the field ids of the tables, one to one.

Records are named tuples and not frozen dataclasses: every click starts a fresh interpreter, and named tuples cost a
quarter of the time to declare and to make. Their annotations are objects and not text, which would be compiled one
by one on every start.

What holds for every record:
- blank is None (or "" for text), and never 0;
- `row_number` is the row's place in its table, counted from 1 (blank rows counted), for problems to point at;
- `unreadable` names the fields whose cell holds something that is not a value of that field. Such a field is None
  here, but it is not blank: what depends on it is left out, not assumed.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from okr_workbook.domain.text_forms import composed
from okr_workbook.records import NamedTuple

NOTHING: frozenset[str] = frozenset()

Day = date
"""A field named `date` hides the type from its own annotation."""

LEVELS = ("company", "team", "member")
COMMITMENTS = ("committed", "aspirational")
DIRECTIONS = ("higher", "lower", "within")
FREQUENCIES = ("month", "quarter", "half_year", "year", "continuous")
AGGREGATES = ("sum", "last", "average")
ACTION_STATES = ("to_do", "doing", "done", "dropped")
CLOSED_ACTION_STATES = ("done", "dropped")


@lru_cache(maxsize=65_536)
def key_of(text: str) -> str:
    r"""What two ids are compared by: trimmed, inner spaces folded, any no-break space a space, case folded, NFC.

    >>> key_of(" KR\u00a01 ") == key_of("kr 1")
    True
    """
    return " ".join(composed(" ".join(text.split())).split()).casefold()


class Settings(NamedTuple):
    """The planner's switches, each with the default of the method. Shares run 0 to 1."""

    company: str = ""
    language: str = "en"
    period: str = ""
    period_start: date | None = None
    period_end: date | None = None
    as_of: date | None = None
    missing_counts_as: str = "zero"  # zero, left_out
    roll_up: str = "auto"  # auto, key_results, with_children
    status_rule: str = "pace"  # pace, worst
    on_track_gap: float = 0.10
    at_risk_gap: float = 0.25
    amber_from: float = 0.4
    green_from: float = 0.7
    aspirational_success: float = 0.7
    stale_after_days: int = 14
    mail_from: str = ""
    mail_reply_to: str = ""
    reply_within_days: int = 7
    show_member_scores: bool = False  # in team workbooks
    keep_backups: int = 10
    delete_backups_after_days: int | None = None  # blank: by their number only
    forget_after_days: int | None = None  # blank: the mail ledger keeps its entries
    currency: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Team(NamedTuple):
    """A team; `parent` is another team's name."""

    team: str = ""
    parent: str = ""
    lead: str = ""
    email: str = ""
    cc: str = ""
    language: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Member(NamedTuple):
    """A person of one team."""

    member: str = ""
    team: str = ""
    email: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Objective(NamedTuple):
    """An objective of the company, a team or a member (`owner`). `weight` blank is 1; `commitment` blank is committed.

    `start` and `end` blank are the period's.
    """

    id: str = ""
    objective: str = ""
    level: str = ""
    team: str = ""
    owner: str = ""
    parent: str = ""
    commitment: str = ""
    weight: float | None = None
    start: date | None = None
    end: date | None = None
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class KeyResult(NamedTuple):
    """One measurable result. `current` is what people type; `last_value` is what the last refresh computed.

    `current_is_formula` tells that the cell of `current` holds a formula (never written over).
    `start`, `target`, `lower`, `upper`, `commit`, `stretch`, `current` are in the row's own unit; a milestone's
    values run 0 to 1. `weight` blank is 1, `due` blank the objective's end. `override` runs 0 to 1.
    """

    id: str = ""
    objective: str = ""
    key_result: str = ""
    team: str = ""
    owner: str = ""
    kind: str = ""
    unit: str = ""
    start: float | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    commit: float | None = None
    stretch: float | None = None
    current: float | None = None
    kpi: str = ""
    weight: float | None = None
    confidence: float | None = None
    due: date | None = None
    override: float | None = None
    override_reason: str = ""
    last_value: float | None = None
    current_is_formula: bool = False
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Kpi(NamedTuple):
    """One KPI: `formula` over measures and other KPI ids, in Excel syntax."""

    id: str = ""
    kpi: str = ""
    formula: str = ""
    unit: str = ""
    direction: str = ""
    target: float | None = None
    alert: float | None = None
    lower: float | None = None
    upper: float | None = None
    frequency: str = ""
    team: str = ""
    owner: str = ""
    source: str = ""
    action: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Measure(NamedTuple):
    """One row of monthly figures. `months` maps a month's first day to its figure; a blank month is absent.

    `unreadable` holds months as YYYY-MM beside field ids.
    """

    measure: str = ""
    label: str = ""
    unit: str = ""
    aggregate: str = ""
    team: str = ""
    source: str = ""
    months: Mapping[date, float] = {}
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Action(NamedTuple):
    """Something to do that serves a key result or a KPI (its id in `serves`)."""

    id: str = ""
    serves: str = ""
    action: str = ""
    owner: str = ""
    team: str = ""
    due: date | None = None
    state: str = ""
    comment: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING

    @property
    def is_open(self) -> bool:
        """True until it is done or dropped; without a state it is still to do."""
        return self.state not in CLOSED_ACTION_STATES


class CheckIn(NamedTuple):
    """One reading of a key result on one day. The order of the rows matters: of one day's, the later row wins.

    `by_formula` tells that a refresh logged what a formula in `current` came to (its comment says so).
    """

    date: Day | None = None
    key_result: str = ""
    value: float | None = None
    confidence: float | None = None
    comment: str = ""
    author: str = ""
    by_formula: bool = False
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class HistoryRow(NamedTuple):
    """What one thing scored on one as-of date. `level`: company, team, member, objective, key_result or kpi.

    For a KPI `score` is its value. Written by Refresh alone.
    """

    date: Day | None = None
    level: str = ""
    id: str = ""
    score: float | None = None
    status: str = ""
    row_number: int = 0
    unreadable: frozenset[str] = NOTHING


class Planner(NamedTuple):
    """Everything people typed. Rows are in the order of their tables; blank rows are not here, duplicates are."""

    settings: Settings = Settings()
    teams: tuple[Team, ...] = ()
    members: tuple[Member, ...] = ()
    objectives: tuple[Objective, ...] = ()
    key_results: tuple[KeyResult, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    measures: tuple[Measure, ...] = ()
    actions: tuple[Action, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    history: tuple[HistoryRow, ...] = ()

    @property
    def named_teams(self) -> tuple[Team, ...]:
        """The teams that have a name, in the order of their rows; of two rows of one name the first."""
        first: dict[str, Team] = {}
        for row in self.teams:
            if row.team:
                first.setdefault(key_of(row.team), row)
        return tuple(first.values())

    @property
    def headline(self) -> str:
        """What the company wants most: its first objective that has words; "" where none has."""
        return next((row.objective for row in self.objectives if row.level == "company" and row.objective), "")

    @property
    def mean_confidence(self) -> float | None:
        """The mean of the confidences given in the key results' rows, 0 to 10; None where none is."""
        given = [row.confidence for row in self.key_results if row.confidence is not None]
        return sum(given) / len(given) if given else None
