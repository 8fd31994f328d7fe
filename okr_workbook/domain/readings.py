"""Readings: which values of a key result exist at a date, and how `current` and the check-ins stay one.

A check-in dated after the as-of date does not exist yet, so any past day can be computed again. Of two check-ins of
one day the later row wins. `current` is where people type and check-ins are the record: what was typed is logged
(`typed_check_ins`), and where nothing was typed `current` shows the value in force (`currents_after`). A formula in
`current` is logged when its value changes: the check-ins it was logged as are marked (`CheckIn.by_formula`).
"""

from collections.abc import Sequence
from datetime import date
from math import isfinite

from okr_workbook.domain.kinds import KINDS, kind_of, same
from okr_workbook.domain.last_planner import kept_for_last_planner
from okr_workbook.domain.percent_scale import is_percent, off_percent_scale
from okr_workbook.domain.planner import CheckIn, KeyResult, Planner
from okr_workbook.domain.references import Ids
from okr_workbook.domain.results import KpiResult
from okr_workbook.records import NamedTuple


class Reading(NamedTuple):
    """One value on one day; `row_number` is its check-in's, 0 where it is a KPI's."""

    on: date
    value: float
    row_number: int = 0


class Log(NamedTuple):
    """All readings of one key result, oldest first, one a day. `unreadable` are days whose value could not be read.

    `by_formula` are those that a formula in `current` was logged as, `replaced` the values that a later row of their day
    has replaced.
    """

    readings: tuple[Reading, ...] = ()
    unreadable: tuple[date, ...] = ()
    by_formula: tuple[Reading, ...] = ()
    replaced: tuple[float, ...] = ()

    def until(self, as_of: date) -> tuple[Reading, ...]:
        """The readings that exist at a date."""
        readings = self.readings
        if not readings or readings[-1].on <= as_of:
            return readings
        return tuple(reading for reading in readings if reading.on <= as_of)

    def is_known(self, as_of: date) -> bool:
        """False where the latest check-in by then is one that could not be read: the value in force is not known."""
        latest = max((day for day in self.unreadable if day <= as_of), default=None)
        if latest is None:
            return True
        until = self.until(as_of)
        return bool(until) and until[-1].on > latest

    def formula_value(self, as_of: date) -> float | None:
        """The value the formula in `current` was last logged with by a date; None where it never was."""
        return next((reading.value for reading in reversed(self.by_formula) if reading.on <= as_of), None)


EMPTY = Log()


@kept_for_last_planner
def check_in_logs(planner: Planner) -> list[Log]:
    """The log of each key result, in the order of the rows, from the check-ins alone. Repeated ids have none."""
    by_day: list[dict[date, Reading]] = [{} for _ in planner.key_results]
    unreadable: dict[int, dict[date, None]] = {}
    by_formula: dict[int, dict[date, Reading]] = {}
    replaced: dict[int, list[float]] = {}
    ids = Ids(row.id for row in planner.key_results)
    places = ids.find_all([check_in.key_result for check_in in planner.check_ins])
    for place, check_in in zip(places, planner.check_ins, strict=True):
        day, value = check_in.date, check_in.value
        if place is None or day is None or (value is None and not check_in.unreadable):
            continue
        if value is not None and isfinite(value):
            if day in by_day[place]:
                replaced.setdefault(place, []).append(by_day[place][day].value)
            reading = by_day[place][day] = Reading(day, value, check_in.row_number)
            if place in unreadable:
                unreadable[place].pop(day, None)  # the later row of a day wins
            if check_in.by_formula:
                by_formula.setdefault(place, {})[day] = reading
        elif "value" in check_in.unreadable or value is not None:
            unreadable.setdefault(place, {})[day] = None
    return [
        Log(
            tuple(sorted(days.values())),
            tuple(unreadable.get(place, ())),
            tuple(sorted(by_formula[place].values())) if place in by_formula else (),
            tuple(replaced.get(place, ())),
        )
        if days or place in unreadable
        else EMPTY
        for place, days in enumerate(by_day)
    ]


def kpi_log(kpi: KpiResult) -> Log:
    """The log of a key result that a KPI feeds: one reading a period that has a value.

    Where the latest period's formula gives an error the value in force is not known; an older one does not stand in. #N/A
    only says that there is nothing to compute with yet. Of a formula that cannot be computed nothing ever was known.
    """
    if kpi.faulty:
        return Log(unreadable=(date.min,))
    failed = kpi.error is not None and kpi.error != "#N/A" and bool(kpi.series)
    return Log(
        tuple(Reading(day, value) for _, day, value in kpi.series if value is not None and isfinite(value)),
        (kpi.series[-1][1],) if failed else (),
    )


def standing_current(row: KeyResult, log: Log) -> float | None:
    """`current` as a value of unknown date, for where no check-in exists yet.

    None where it is blank, and where it only repeats a later check-in, in force or replaced: then it was not known yet.
    """
    current = row.current
    if current is None or not isfinite(current):
        return None
    logged = any(same(current, later.value) for later in log.readings) or any(
        same(current, one) for one in log.replaced
    )
    return None if logged else current


def typed_check_ins(planner: Planner, as_of: date, *, seen: int | None = None) -> tuple[CheckIn, ...]:
    """The check-ins to append at a refresh: one for each `current` that was typed since the last.

    Typed is a `current` that differs from the value of the last refresh, unless it is the value in force by the
    check-ins; and any that no check-in stands for yet. A formula counts as typed whenever its value changes: where it
    differs from the value it was last logged with. After a look back the value of the last refresh is a past one; `seen`
    is how many rows of check-ins there were then (None: no look back): a `current` that shows what was in force by those
    was not typed.
    Not logged: a row that a KPI feeds, without an id, or whose id an earlier row has; a blank or unreadable `current`; one
    that the kind does not admit (a milestone of 80), which is reported and stays as it is.
    """
    ids = Ids(row.id for row in planner.key_results)
    then = None if seen is None else _values_by_rows(planner, seen, as_of)
    logs = check_in_logs(planner)
    return tuple(
        CheckIn(date=as_of, key_result=row.id, value=row.current, by_formula=row.current_is_formula)
        for place, (row, log) in enumerate(zip(planner.key_results, logs, strict=True))
        if ids.find(row.id) == place and _was_typed(row, log, as_of, row.last_value if then is None else then[place])
    )


def _values_by_rows(planner: Planner, seen: int, as_of: date) -> list[float | None]:
    """What was in force when the table of check-ins had so many rows, in the order of the key results."""
    rows = tuple(row for row in planner.check_ins if row.row_number <= seen)
    found = [log.until(as_of) for log in check_in_logs(planner._replace(check_ins=rows))]
    return [readings[-1].value if readings else None for readings in found]


def with_typed(planner: Planner, typed: tuple[CheckIn, ...]) -> Planner:
    """The planner with typed check-ins appended; the very same where there are none, so that what is known of it stays."""
    return planner._replace(check_ins=planner.check_ins + typed) if typed else planner


def _was_typed(row: KeyResult, log: Log, as_of: date, shown: float | None) -> bool:
    """`shown` is what the last refresh wrote into `current`."""
    current = row.current
    if current is None or row.kpi or "current" in row.unreadable or not admits(row, current):
        return False
    until = log.until(as_of)
    if not until:
        return standing_current(row, log) is not None
    logged = log.formula_value(as_of) if row.current_is_formula else None
    if logged is not None:
        return not same(current, logged)
    if shown is not None and same(current, shown):
        return False
    return not same(current, until[-1].value)


def with_confidence(planner: Planner, as_of: date, *, live: bool) -> Planner:
    """The planner with the confidence in force in every key result; the very same where that changes nothing.

    It is the one typed in the row, or where that is blank the latest check-in's that has one. On a look back (`live` False)
    the check-ins come first: what stands in the row has no date.
    """
    latest: dict[int, tuple[date, float]] = {}
    given = [row for row in planner.check_ins if row.confidence is not None and row.date is not None]
    places = Ids(row.id for row in planner.key_results).find_all(row.key_result for row in given) if given else ()
    for place, (day, _, _, confidence, *_rest) in zip(places, given, strict=True):
        if place is None or day is None or confidence is None or day > as_of:
            continue
        if place not in latest or day >= latest[place][0]:
            latest[place] = day, confidence
    rows = list(planner.key_results)
    for place, (_, confidence) in latest.items():
        if not (live and ("confidence" in rows[place].unreadable or rows[place].confidence is not None)):
            rows[place] = rows[place]._replace(confidence=confidence)
    return planner if rows == list(planner.key_results) else planner._replace(key_results=tuple(rows))


def currents_after(planner: Planner, as_of: date, kpis: Sequence[KpiResult] = ()) -> tuple[float | None, ...]:
    """What stands in `current` after a refresh, in the order of the rows: the value in force.

    That is the latest check-in's by then, or the KPI's where one feeds the row (`kpis`, in the order of theirs), none while
    it has none. Left as it is: a row without either, a formula, a `current` that is unreadable or that the row cannot have,
    one typed beside a KPI (their problems point at what was typed). Ask after the typed check-ins were appended.
    """
    fed = Ids(kpi.id for kpi in planner.kpis)
    after: list[float | None] = []
    for row, log in zip(planner.key_results, check_in_logs(planner), strict=True):
        value, place = row.current, fed.find(row.kpi) if kpis else None
        if row.current_is_formula or "current" in row.unreadable or misfit_in_current(row, log, as_of):
            pass
        elif not row.kpi:
            until = log.until(as_of)
            value = until[-1].value if until else value
        elif place is not None and not typed_beside_kpi(row, kpis[place]):
            value = kpis[place].value
        after.append(value)
    return tuple(after)


def typed_beside_kpi(row: KeyResult, kpi: KpiResult) -> bool:
    """True where somebody typed in `current` of a key result that a KPI feeds: it never was the KPI's value."""
    current = row.current
    if current is None or (row.last_value is not None and same(current, row.last_value)):
        return False
    return not any(value is not None and same(current, value) for _, _, value in kpi.series)


def with_fed_current_as_shown(planner: Planner) -> Planner:
    """The planner in which `current` beside a KPI counts as what a refresh wrote there; the very same where none does.

    For a look back and the refresh after it: the value of the last refresh is a past one, and the KPI's present figure may
    be another one by now, so nothing tells what was typed from what was shown.
    """
    if not any(row.kpi and row.current is not None for row in planner.key_results):
        return planner
    rows = (row._replace(last_value=row.current) if row.kpi else row for row in planner.key_results)
    return planner._replace(key_results=tuple(rows))


def admits(row: KeyResult, value: float) -> bool:
    """True where a key result can have the value: a finite one, for a milestone 0 to 1, in percent none off the scale."""
    kind = KINDS.get(row.kind)
    return isfinite(value) and (kind is None or kind.admits(value)) and not off_percent_scale(row, value)


def admitted(row: KeyResult, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings that the key result can have: one of 390 % among 3.8 % is no part of any line, share or count."""
    if all(0 <= reading.value <= 1 for reading in readings):  # most shares, and every kind and unit takes them
        return readings
    if not (is_percent(row.unit) or kind_of(row.kind).takes_yes_no):
        return readings
    return tuple([reading for reading in readings if admits(row, reading.value)])


def misfit_in_current(row: KeyResult, log: Log, as_of: date) -> bool:
    """True for a `current` that the key result cannot have.

    Not for one that repeats a check-in which a later one has replaced: nobody has typed it since, and it gives way.
    """
    current = row.current
    if current is None or row.kpi or admits(row, current):
        return False
    return not any(same(current, replaced.value) for replaced in log.until(as_of)[:-1])


def values_of(readings: Sequence[Reading]) -> tuple[float, ...]:
    """The values alone."""
    return tuple([reading.value for reading in readings])
