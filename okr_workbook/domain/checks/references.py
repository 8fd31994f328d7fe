"""Checks of ids and of what names what: rows without an id, ids twice, references to nothing, cycles, orphans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from okr_workbook.domain.checks.register import DOERR, METHOD, NIVEN, Finder, Found, View, check
from okr_workbook.domain.planner import Action, CheckIn, Objective, Team, key_of
from okr_workbook.domain.references import NAMED_BY, Row
from okr_workbook.domain.trees import find_cycles

_TABLES_WITH_IDS = ("teams", "members", "objectives", "key_results", "kpis", "measures", "actions")


def _rows(view: View, table: str) -> Sequence[Row]:
    rows: Sequence[Row] = getattr(view.planner, table)
    return rows


def _in_each_table(make: Callable[[str], Finder], code: str) -> None:
    """One registration a table, since an id is missing or repeated in all of them alike. Nothing names an action."""
    for table in _TABLES_WITH_IDS:
        check(code, "warning" if table == "actions" else "error", table, METHOD)(make(table))


def _missing(table: str) -> Finder:
    field = NAMED_BY.get(table, "id")

    def id_missing(view: View) -> Iterable[Found]:
        """A row without an id or name: nothing can refer to it and its history cannot be kept."""
        return (
            Found(row, field)
            for row in _rows(view, table)
            if not getattr(row, field) and field not in getattr(row, "unreadable", ())
        )

    return id_missing


def _repeated(table: str) -> Finder:
    field = NAMED_BY.get(table, "id")

    def duplicate_id(view: View) -> Iterable[Found]:
        """An id that an earlier row has already, capitals and spaces apart: the first row counts, the others do not."""
        rows = _rows(view, table)
        return (
            Found(rows[place], field, {"first": getattr(rows[first], field)})
            for place, first in view.ids[table].repeats
        )

    return duplicate_id


_in_each_table(_missing, "id_missing")
_in_each_table(_repeated, "duplicate_id")

_REFERENCES = (
    ("teams", "parent", ("teams",)),
    ("members", "team", ("teams",)),
    ("objectives", "team", ("teams",)),
    ("objectives", "parent", ("objectives",)),
    ("key_results", "objective", ("objectives",)),
    ("key_results", "team", ("teams",)),
    ("kpis", "team", ("teams",)),
    ("measures", "team", ("teams",)),
    ("actions", "serves", ("key_results", "kpis")),
    ("actions", "team", ("teams",)),
)
"""What may be named where. `key_results.kpi` is looked up while scoring, since the score depends on it; the key results of
check-ins have a check of their own."""


_FIRST_ROWS: dict[str, Row] = {"teams": Team(row_number=1), "objectives": Objective(row_number=1)}
"""The tables that a plan may be begun without, each with its row to begin with."""


def _unknown(table: str, field: str, targets: tuple[str, ...]) -> Finder:
    def unknown_reference(view: View) -> Iterable[Found]:
        """A name or id that stands in no row of the table it refers to (of actions, the open ones)."""
        if targets[0] in _FIRST_ROWS and not _rows(view, targets[0]):
            return ()  # one cause, told once: nothing_listed
        ids = [view.ids[target] for target in targets]
        names = set(map(attrgetter(field), _rows(view, table)))
        unknown = {name for name in names if name and all(one.find(name) is None for one in ids)}
        return (
            Found(row, field, {"value": getattr(row, field)})
            for row in (_naming(view, table, field) if unknown else ())
            if getattr(row, field) in unknown
        )

    return unknown_reference


def _naming(view: View, table: str, field: str) -> Iterable[Row]:
    """The rows that name something there; of actions, the open ones."""
    return (row for row in _rows(view, table) if getattr(row, field) and (not isinstance(row, Action) or row.is_open))


for _table, _field, _targets in _REFERENCES:
    check("unknown_reference", "error", _table, METHOD)(_unknown(_table, _field, _targets))


_MOST_NAMED = 5
"""How many names a problem lists, before it ends with an ellipsis."""


def _nothing_listed(target: str) -> Finder:
    sources = [(table, field) for table, field, targets in _REFERENCES if targets == (target,)]

    def nothing_listed(view: View) -> Iterable[Found]:
        """Rows that name a team or an objective, where not one is listed: told once, where the first is to be typed."""
        if _rows(view, target):
            return
        named = [getattr(row, field) for table, field in sources for row in _naming(view, table, field)]
        if named:
            first: dict[str, str] = {}
            for text in named:
                first.setdefault(key_of(text), text)
            distinct = list(first.values())
            names = ", ".join(distinct[:_MOST_NAMED] + (["…"] if len(distinct) > _MOST_NAMED else []))
            yield Found(_FIRST_ROWS[target], NAMED_BY.get(target, "id"), {"count": len(named), "names": names})

    return nothing_listed


for _table in _FIRST_ROWS:
    check("nothing_listed", "error", _table, METHOD)(_nothing_listed(_table))


@check("orphan_check_ins", "warning", "check_ins", METHOD)
def orphan_check_ins(view: View) -> Iterable[Found]:
    """Check-ins of a key result that is not in the plan: they count nowhere. Once for each id, at its first check-in."""
    rows: dict[str, list[CheckIn]] = {}
    for row, place in zip(view.planner.check_ins, view.reported, strict=True):
        if place is None and row.key_result:
            rows.setdefault(key_of(row.key_result), []).append(row)
    return (Found(of[0], "key_result", {"value": of[0].key_result, "count": len(of)}) for of in rows.values())


@check("team_cycle", "error", "teams", METHOD)
def team_cycle(view: View) -> Iterable[Found]:
    """Teams that are each other's parent."""
    teams, ids = view.planner.teams, view.ids["teams"]
    for cycle in find_cycles([ids.find(row.parent) for row in teams]):
        names = " → ".join(teams[place].team for place in (*cycle, cycle[0]))
        yield Found(teams[cycle[0]], "parent", {"members": names})


@check("orphan_key_result", "error", "key_results", DOERR)
def orphan_key_result(view: View) -> Iterable[Found]:
    """A key result that serves no objective: it counts nowhere."""
    return (
        Found(row, "objective")
        for row in view.planner.key_results
        if not row.objective and "objective" not in row.unreadable
    )


@check("level_missing", "warning", "objectives", METHOD)
def level_missing(view: View) -> Iterable[Found]:
    """An objective without a level: it is neither the company's nor a team's nor a member's."""
    return (Found(row, "level") for row in view.planner.objectives if not row.level and "level" not in row.unreadable)


@check("team_missing", "warning", "objectives", METHOD)
def team_missing(view: View) -> Iterable[Found]:
    """A team's objective that names no team: no team's score counts it."""
    return (
        Found(row, "team")
        for row in view.planner.objectives
        if row.level == "team" and not row.team and "team" not in row.unreadable
    )


@check("objective_unaligned", "advice", "objectives", NIVEN)
def objective_unaligned(view: View) -> Iterable[Found]:
    """A team's or member's objective without a parent, where the company has objectives it could serve."""
    objectives = view.planner.objectives
    if any(row.level == "company" for row in objectives):
        for row in objectives:
            if row.level in ("team", "member") and not row.parent and "parent" not in row.unreadable:
                yield Found(row, "parent")


_DEPTH = {"company": 0, "team": 1, "member": 2}


@check("parent_of_lower_level", "warning", "objectives", NIVEN)
def parent_of_lower_level(view: View) -> Iterable[Found]:
    """An objective that serves one of a lower level: the company's a team's, a team's a member's."""
    objectives, ids = view.planner.objectives, view.ids["objectives"]
    for row in objectives:
        parent = ids.find(row.parent)
        if parent is None or key_of(row.parent) == key_of(row.id):
            continue
        if _DEPTH.get(row.level, 9) < _DEPTH.get(objectives[parent].level, 0):
            yield Found(row, "parent", {"parent": row.parent})
