"""The parts of the report that show the plan: pace, teams, objectives, key results and KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from okr_workbook.domain.kinds import kind_of, shown_unit
from okr_workbook.domain.outline import outline_of
from okr_workbook.domain.planner import KeyResult, Kpi, Planner, key_of
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, ObjectiveScore, Scores, known_score
from okr_workbook.domain.series import score_series
from okr_workbook.tables.alignment import branches
from okr_workbook.tables.blocks import TREND_POINTS
from okr_workbook.tables.dashboard import tile_note
from okr_workbook.tables.report.charts import burn_up, sparkline
from okr_workbook.tables.report.markup import Markup, element, joined
from okr_workbook.tables.report.words import Words
from okr_workbook.tables.targets import target_of_key_result, target_of_kpi
from okr_workbook.tables.trends import pace_days
from okr_workbook.tables.units import in_unit, of_one_unit

_DEEPEST = 3  # what is deeper is indented no further: a phone is narrow
_COLUMNS = ("key_result", "owner", "value", "score", "status", "forecast")


def pace(planner: Planner, scores: Scores, words: Words) -> Markup | None:
    """The score of the company week by week against what was expected; None without a period."""
    settings, company = planner.settings, scores.company
    days = pace_days(settings.period_start, settings.period_end, scores.as_of)
    if not days:
        return None
    known = {"score": words.share(known_score(company)), "expected": words.share(company.expected)}
    series = score_series(planner, days, scores.kpis, with_teams=False)
    chart = burn_up(series, scores.as_of, words("labels.pace", **known), words.labels)
    legend = words("legend.pace", day=words.labels.day(scores.as_of), **known)
    return words.section("pace", chart, element("p", legend, class_="quiet"))


def teams(planner: Planner, scores: Scores, words: Words) -> Markup | None:
    """The teams, one beneath the other on one scale; None where there are none."""
    rows = [_row(row.team, row.lead, got, words) for row, got in zip(planner.teams, scores.teams, strict=True)]
    return words.section("teams", rows) if rows else None


def objectives(planner: Planner, scores: Scores, words: Words) -> Markup:
    """The tree of objectives, each with its score against what is expected."""
    company = planner.settings.company
    rows = []
    for place, depth in branches(planner):
        row, got = planner.objectives[place], scores.objectives[place]
        whose = row.team or (company if row.level == "company" else "")
        note = " · ".join(part for part in (row.id, whose, row.owner) if part)
        rows.append(_row(row.objective or row.id, note, got, words, depth))
    if not rows:
        return words.section("objectives", element("p", words("empty.objectives")))
    return words.section("objectives", element("p", words("legend.bar"), class_="quiet"), rows)


def _row(name: str, note: str, got: GroupScore | ObjectiveScore, words: Words, depth: int = 0) -> Markup:
    score = known_score(got)
    figures = f"{words.share(score)} / {words.share(got.expected)}"
    return element(
        "div",
        element("p", element("b", name), " ", element("span", note, class_="quiet")),
        element("p", words.pill(got.status), " ", figures, class_="right"),
        words.bar(score, got.expected),
        class_=f"row d{min(depth, _DEEPEST)}",
    )


# --- key results ---


def key_results(planner: Planner, scores: Scores, words: Words) -> Markup | None:
    """The key results under their objectives, in the order of the tree; those without an objective come last."""
    pairs = list(zip(planner.key_results, scores.key_results, strict=True))
    if not pairs:
        return None
    outline = outline_of(planner)
    groups = []
    for place, _ in branches(planner):
        objective = planner.objectives[place]
        members = outline.objectives[place].key_results
        groups.append((objective.objective or objective.id, [pairs[member] for member in members]))
    orphans: dict[str, list[tuple[KeyResult, KeyResultScore]]] = {}
    for pair, member in zip(pairs, outline.key_results, strict=True):
        if member.objective is None:
            orphans.setdefault(key_of(pair[0].objective), []).append(pair)
    groups += [(rows[0][0].objective or "–", rows) for rows in orphans.values()]
    head = element("thead", element("tr", [element("th", words(f"columns.{one}"), scope="col") for one in _COLUMNS]))
    return words.section("key_results", element("table", head, [_group(*one, words) for one in groups if one[1]]))


def _group(objective: str, rows: Sequence[tuple[KeyResult, KeyResultScore]], words: Words) -> Markup:
    heading = element("tr", element("th", objective, colspan=len(_COLUMNS), scope="rowgroup"))
    return element("tbody", heading, [_key_result(row, got, words) for row, got in rows])


def _key_result(row: KeyResult, got: KeyResultScore, words: Words) -> Markup:
    cells = (
        joined(row.key_result or row.id, " ", element("span", row.id, class_="quiet")),
        joined(row.owner or words("nobody")),
        joined(_value_of_target(row, got, words), _reading_note(got, words)),
        joined(f"{words.share(got.score)} / {words.share(got.expected)}", words.bar(got.score, got.expected)),
        words.pill(got.status),
        joined(_forecast(got, words)),
    )
    labelled = ("value", "score", "forecast", "owner")
    return element(
        "tr",
        [
            element(
                "td", cell, class_="bars" if name == "score" else None,
                data_label=words(f"columns.{name}") if name in labelled else None,
            )
            for name, cell in zip(_COLUMNS, cells, strict=True)
        ],
    )  # fmt: skip


def _value_of_target(row: KeyResult, got: KeyResultScore, words: Words) -> str:
    if got.value is None:
        return "–"
    target = target_of_key_result(row)
    if target is None or kind_of(row.kind).takes_yes_no:
        return in_unit(got.value, shown_unit(row), words.labels)
    if target.is_kept or row.target is None:
        value = in_unit(got.value, row.unit, words.labels)
        return words("to_keep", value=value, target=target.in_words(row.unit, words.labels))
    value, aim = of_one_unit(got.value, row.target, row.unit, words.labels)
    return words("in_force", value=value, target=aim)


def _reading_note(got: KeyResultScore, words: Words) -> Markup | None:
    """The day of the value, with a mark where it is stale."""
    if got.updated_on is None:
        return None
    stale = "! " if got.stale else ""
    return joined(" ", element("span", f"{stale}{words.labels.day(got.updated_on)}", class_="quiet nowrap"))


def _forecast(got: KeyResultScore, words: Words) -> str:
    if got.forecast.score is None:
        return "–"
    score = words.share(got.forecast.score)
    if got.forecast.chance is None or got.forecast.method != "line":
        return score
    return f"{score} · {words('chance', chance=words.share(got.forecast.chance))}"


# --- KPIs ---


def kpis(planner: Planner, scores: Scores, words: Words) -> Markup:
    """A tile for each KPI, those that raise an alert first."""
    pairs = sorted(zip(planner.kpis, scores.kpis, strict=True), key=lambda pair: not pair[1].alert)
    if not pairs:
        return words.section("kpis", element("p", words("empty.kpis")))
    return words.section("kpis", element("div", list(_tiles(pairs, words)), class_="tiles"))


def _tiles(pairs: Sequence[tuple[Kpi, KpiResult]], words: Words) -> Iterator[Markup]:
    for kpi, got in pairs:
        name = kpi.kpi or kpi.id
        value = "–" if got.value is None else in_unit(got.value, kpi.unit, words.labels)
        yield element(
            "div",
            element("p", name),
            element("p", value.replace("\u00a0", " "), class_="figure"),  # a unit too long for the line is on the next
            element("p", words.pill(got.status), " ", element("span", _target(kpi, words), class_="quiet nowrap")),
            _trend(kpi, got, name, words),
            element("p", tile_note(kpi, got, words.labels), class_="quiet"),
            element("p", kpi.owner, class_="quiet") if kpi.owner else None,
            class_="tile",
        )


def _target(kpi: Kpi, words: Words) -> str | None:
    target = target_of_kpi(kpi)
    if target is None:
        return None
    return f"{words.labels.field('kpis', 'target')} {target.in_words(kpi.unit, words.labels)}"


def _trend(kpi: Kpi, got: KpiResult, name: str, words: Words) -> Markup | None:
    values = [value for _, _, value in got.series][-TREND_POINTS:]
    known = [in_unit(value, kpi.unit, words.labels) for value in values if value is not None]
    if len(known) < 2:
        return None
    return sparkline(values, words("labels.trend", name=name, first=known[0], last=known[-1]))
