"""Every table and every field, declared once: its type, its choices, what it refers to, who fills it.

Ids are fixed in every language; what people read stands in `labels`.
"""

from __future__ import annotations

from okr_workbook.domain import planner as words
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.problems import SEVERITIES
from okr_workbook.domain.results import KPI_STATUSES, QUALITIES, STATUSES
from okr_workbook.labels import LANGUAGES
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    FieldType = Literal[
        "text",  # any text
        "number",  # a number in the row's unit, or a plain one
        "share",  # 0 to 1, shown in percent
        "reading",  # a number in the row's unit; for a milestone also yes/no, TRUE/FALSE
        "integer",
        "date",
        "choice",  # one of `choices`, in any language of the planner
        "flag",  # yes or no
        "formula",  # a KPI formula: text that may begin with =
        "link",  # text with a link to a cell; computed only
    ]

SCHEMA_VERSION = 1


class Field(NamedTuple):
    """One column. `refers` lists (table, field) pairs whose values may stand here. `by_unit`: shown in the row's unit."""

    id: str
    type: FieldType = "text"
    computed: bool = False
    choices: tuple[str, ...] = ()
    refers: tuple[tuple[str, str], ...] = ()
    by_unit: bool = False
    minimum: float | None = None
    maximum: float | None = None


MONTH = Field("month", "number")
"""Every column of a month. Where a field is named by its id, a month is too: 2026-11 (`columns.month_header`)."""


class Table(NamedTuple):
    """One table. `key` are the fields rows are told apart by; `id_field` is how a problem names a row.

    `months` is True where the table has, after its fields, one column a month.
    """

    id: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    months: bool = False

    @property
    def id_field(self) -> str:
        """The field a row is called by; "" where no single field tells rows apart."""
        return self.key[0] if len(self.key) == 1 else ""

    @property
    def computed(self) -> bool:
        """True for a table that Refresh alone writes."""
        return all(field.computed for field in self.fields)

    def field(self, field_id: str) -> Field:
        """The declaration of a field, or of a month where the table has months; KeyError where it has none of that id."""
        return MONTH if self.months and field_id[:1].isdigit() else _FIELDS[self.id, field_id]

    def has(self, field_id: str) -> bool:
        """True where the table has a field of that id."""
        return (self.id, field_id) in _FIELDS

    @property
    def input_fields(self) -> tuple[Field, ...]:
        """The fields people fill in."""
        return tuple(field for field in self.fields if not field.computed)


def _computed(*fields: Field) -> tuple[Field, ...]:
    return tuple(field._replace(computed=True) for field in fields)


CONFLICT_STATES = ("open", "ours", "theirs")
"""A conflict is open until a person has taken one side."""

_STATUS = Field("status", "choice", choices=STATUSES)
_TEAM = Field("team", refers=(("teams", "team"),))
_OWNER = Field("owner", refers=(("members", "member"), ("teams", "lead")))
_WEIGHT = Field("weight", "number", minimum=0)
_CONFIDENCE = Field("confidence", "number", minimum=0, maximum=10)

SETTINGS: tuple[Field, ...] = (
    Field("company"),
    Field("language", "choice", choices=LANGUAGES),
    Field("period"),
    Field("period_start", "date"),
    Field("period_end", "date"),
    Field("as_of", "date"),
    Field("currency"),
    Field("missing_counts_as", "choice", choices=("zero", "left_out")),
    Field("roll_up", "choice", choices=("auto", "key_results", "with_children")),
    Field("status_rule", "choice", choices=("pace", "worst")),
    Field("on_track_gap", "share", minimum=0, maximum=1),
    Field("at_risk_gap", "share", minimum=0, maximum=1),
    Field("amber_from", "share", minimum=0, maximum=1),
    Field("green_from", "share", minimum=0, maximum=1),
    Field("aspirational_success", "share", minimum=0, maximum=1),
    Field("stale_after_days", "integer", minimum=1),
    Field("mail_from"),
    Field("mail_reply_to"),
    Field("reply_within_days", "integer", minimum=1, maximum=366),
    Field("show_member_scores", "flag"),
    Field("keep_backups", "integer", minimum=1),
    Field("delete_backups_after_days", "integer", minimum=1),
    Field("forget_after_days", "integer", minimum=1),
)
"""The rows of the table `settings`, as if they were fields. A row with another name is the user's and is kept."""

TABLES: tuple[Table, ...] = (
    Table("settings", (Field("name"), Field("value")), ("name",)),
    Table(
        "teams",
        (
            Field("team"),
            Field("parent", refers=(("teams", "team"),)),
            Field("lead", refers=(("members", "member"),)),
            Field("email"),
            Field("cc"),
            Field("language", "choice", choices=LANGUAGES),
            *_computed(Field("score", "share"), _STATUS),
        ),
        ("team",),
    ),
    Table(
        "members",
        (Field("member"), _TEAM, Field("email"), *_computed(Field("score", "share"))),
        ("member",),
    ),
    Table(
        "objectives",
        (
            Field("id"),
            Field("objective"),
            Field("level", "choice", choices=words.LEVELS),
            _TEAM,
            _OWNER,
            Field("parent", refers=(("objectives", "id"),)),
            Field("commitment", "choice", choices=words.COMMITMENTS),
            _WEIGHT,
            Field("start", "date"),
            Field("end", "date"),
            *_computed(
                Field("score", "share"),
                Field("expected", "share"),
                _STATUS,
                Field("forecast", "share"),
            ),
        ),
        ("id",),
    ),
    Table(
        "key_results",
        (
            Field("id"),
            Field("objective", refers=(("objectives", "id"),)),
            Field("key_result"),
            _TEAM,
            _OWNER,
            Field("kind", "choice", choices=tuple(KINDS)),
            Field("unit"),
            Field("start", "number", by_unit=True),
            Field("target", "number", by_unit=True),
            Field("lower", "number", by_unit=True),
            Field("upper", "number", by_unit=True),
            Field("commit", "number", by_unit=True),
            Field("stretch", "number", by_unit=True),
            Field("current", "reading", by_unit=True),
            Field("kpi", refers=(("kpis", "id"),)),
            _WEIGHT,
            _CONFIDENCE,
            Field("due", "date"),
            Field("override", "share", minimum=0, maximum=1),
            Field("override_reason"),
            *_computed(
                Field("value", "reading", by_unit=True),
                Field("progress", "share"),
                Field("score", "share"),
                Field("expected", "share"),
                Field("gap", "share"),
                _STATUS,
                Field("forecast", "share"),
                Field("needed_per_week", "number", by_unit=True),
                Field("updated_on", "date"),
            ),
        ),
        ("id",),
    ),
    Table(
        "kpis",
        (
            Field("id"),
            Field("kpi"),
            Field("formula", "formula"),
            Field("unit"),
            Field("direction", "choice", choices=words.DIRECTIONS),
            Field("target", "number", by_unit=True),
            Field("alert", "number", by_unit=True),
            Field("lower", "number", by_unit=True),
            Field("upper", "number", by_unit=True),
            Field("frequency", "choice", choices=words.FREQUENCIES),
            _TEAM,
            _OWNER,
            Field("source"),
            Field("action"),
            *_computed(
                Field("value", "number", by_unit=True),
                Field("period"),
                Field("previous", "number", by_unit=True),
                Field("change", "number", by_unit=True),
                Field("attainment", "share"),
                Field("status", "choice", choices=KPI_STATUSES),
                Field("bad_periods", "integer"),
                Field("quality", "choice", choices=QUALITIES),
            ),
        ),
        ("id",),
    ),
    Table(
        "measures",
        (
            Field("measure"),
            Field("label"),
            Field("unit"),
            Field("aggregate", "choice", choices=words.AGGREGATES),
            _TEAM,
            Field("source"),
        ),
        ("measure",),
        months=True,
    ),
    Table(
        "actions",
        (
            Field("id"),
            Field("serves", refers=(("key_results", "id"), ("kpis", "id"))),
            Field("action"),
            _OWNER,
            _TEAM,
            Field("due", "date"),
            Field("state", "choice", choices=words.ACTION_STATES),
            Field("comment"),
        ),
        ("id",),
    ),
    Table(
        "check_ins",
        (
            Field("date", "date"),
            Field("key_result", refers=(("key_results", "id"),)),
            Field("value", "reading", by_unit=True),
            _CONFIDENCE,
            Field("comment"),
            Field("author"),
        ),
        ("date", "key_result", "author"),
    ),
    Table(
        "history",
        _computed(
            Field("date", "date"),
            Field("level", "choice", choices=("company", "team", "member", "objective", "key_result", "kpi")),
            Field("id"),
            Field("score", "number"),
            Field("status", "choice", choices=tuple(dict.fromkeys(STATUSES + KPI_STATUSES))),
        ),
        ("date", "level", "id"),
    ),
    Table(
        "problems",
        _computed(
            Field("severity", "choice", choices=SEVERITIES),
            Field("table"),
            Field("row"),
            Field("field"),
            Field("cell", "link"),
            Field("code"),
            Field("message"),
            Field("advice"),
        ),
        (),
    ),
    Table(
        "conflicts",
        _computed(
            Field("id"),
            Field("date", "date"),
            Field("table"),
            Field("row"),
            Field("field"),
            Field("cell", "link"),
            Field("ours"),
            Field("ours_by"),
            Field("ours_on", "date"),
            Field("theirs"),
            Field("theirs_by"),
            Field("theirs_on", "date"),
            Field("team"),
            Field("state", "choice", choices=CONFLICT_STATES),
        ),
        ("id",),
    ),
)

_TABLES = {table.id: table for table in TABLES}
_FIELDS = {(table.id, field.id): field for table in TABLES for field in table.fields}
_SETTINGS = {field.id: field for field in SETTINGS}

INPUT_TABLES = tuple(table.id for table in TABLES if not table.computed)


def table(table_id: str) -> Table:
    """The table of that id; KeyError where there is none."""
    return _TABLES[table_id]


def setting(setting_id: str) -> Field:
    """The setting of that id; KeyError where there is none."""
    return _SETTINGS[setting_id]
