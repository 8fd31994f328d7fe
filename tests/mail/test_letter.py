from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import Action, HistoryRow
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.mail.letter import Asked, write_letter
from tests.builders import MIDDLE, a_check_in, a_key_result, a_kpi, a_measure, a_planner, a_team, an_objective, settings

ASKED = Asked(date(2026, 10, 7))


def planner_of(*key_results, checks=(), **tables):
    """A plan of Marketing at half time; key results are of its one objective unless they say otherwise."""
    tables.setdefault("teams", (a_team(lead="Ann"), a_team(team="Sales", row_number=2)))
    tables.setdefault("objectives", (an_objective(level="team", team="Marketing"),))
    return a_planner(key_results=key_results, check_ins=checks, **tables)


def plan_of(planner, team="Marketing"):
    return team_plans(planner, score_planner(planner, MIDDLE), [team])[0]


def letter_of(planner, asked=ASKED):
    return write_letter(plan_of(planner), asked, changes_since(planner, score_planner(planner, MIDDLE)))


def part(letter, title):
    return next(one for one in letter.parts if one.title.startswith(title))


ON_TRACK = (a_key_result(), a_check_in(MIDDLE, 60.0))
AT_RISK = (a_key_result(id="KR2", key_result="Cost from 50 to 20 €"), a_check_in(MIDDLE, 5.0, key_result="KR2"))


def test_it_says_where_the_team_stands():
    letter = letter_of(planner_of(ON_TRACK[0], checks=[ON_TRACK[1]]))
    assert letter.subject == "OKR H2 2026 · Marketing: please fill in by 7 October 2026"
    assert letter.greeting == "Hello Ann,"
    assert letter.standing == "Marketing stands at 60%; 50% is expected by now."
    assert (letter.status, letter.status_words) == ("on_track", "● On track")


def test_a_team_without_a_lead_and_without_a_value():
    letter = letter_of(planner_of(a_key_result(), teams=(a_team(),)))
    assert letter.greeting == "Hello Marketing team,"
    assert letter.standing == "Marketing has no score yet: no value has come in."
    assert letter.status == "no_data"


def test_it_speaks_the_teams_language():
    letter = letter_of(planner_of(a_key_result(), teams=(a_team(language="fr"),)))
    assert letter.language == "fr"
    assert letter.subject == "OKR S2 2026 · Marketing\u00a0: à remplir d’ici au 7 octobre 2026"


class TestWhatChanged:
    def news(self, *history, key_results=(ON_TRACK[0],), checks=(ON_TRACK[1],)):
        rows = [HistoryRow(date(2026, 9, 1), *row) for row in history]
        return letter_of(planner_of(*key_results, checks=checks, history=rows))

    def test_scores_that_moved(self):
        letter = self.news(("key_result", "KR1", 0.4, "on_track"), ("team", "Marketing", 0.4, "on_track"))
        found = part(letter, "What changed since 1 September 2026")
        assert sorted(item.text for item in found.items) == [
            "+ Grow the revenue: new, 60%",
            "↑ MRR from 0 to 100 k€: 40% → 60%",
            "↑ Marketing: 40% → 60%",
        ]

    def test_nothing_moved(self):
        letter = self.news(
            ("key_result", "KR1", 0.6, "on_track"), ("team", "Marketing", 0.6, "on_track"),
            ("objective", "O1", 0.6, "on_track"),
        )  # fmt: skip
        found = part(letter, "What changed")
        assert found.items == ()
        assert found.intro

    def test_without_a_history_there_is_no_such_part(self):
        assert not [one for one in self.news().parts if one.title.startswith("What changed")]

    def test_of_other_teams_nothing_is_told(self):
        letter = self.news(
            ("team", "Sales", 0.1, "at_risk"), ("key_result", "KR1", 0.4, "on_track"), ("company", "Alvéo", 0.1, "behind"),
        )  # fmt: skip
        words = " ".join(item.text for item in part(letter, "What changed").items)
        assert "MRR" in words
        assert "Sales" not in words
        assert "Alvéo" not in words


class TestWhatToActOn:
    def test_the_three_most_urgent_with_what_to_do_and_who(self):
        kpi = a_kpi(team="Marketing", target=0.5, alert=0.4, frequency="month", unit="%", action="Call ten trials")
        measures = [a_measure(name, {date(2026, 9, 1): value}) for name, value in (("paid", 1.0), ("trials", 100.0))]
        planner = planner_of(
            a_key_result(id="KR1", key_result="Bad"),
            a_key_result(id="KR2", key_result="Worst"),
            a_key_result(id="KR4", key_result="Silent"),
            a_key_result(id="KR5", key_result="Fine"),
            checks=[
                a_check_in(MIDDLE, value, key_result=name)
                for name, value in (("KR1", 8.0), ("KR2", 5.0), ("KR5", 70.0))
            ],
            kpis=[kpi],
            measures=measures,
            actions=[
                Action("A1", "KR2", "Write to old customers", "Bob", "Marketing", date(2026, 10, 1), "doing"),
                Action("A2", "KR1", "Done already", "Bob", "Marketing", date(2026, 9, 1), "done"),
                Action("A3", "KR1", "Of another team", "Eve", "Sales", date(2026, 9, 1), "doing"),
            ],
        )
        found = part(letter_of(planner), "Act on now")
        assert [item.text.partition(":")[0] for item in found.items] == ["■ Conversion", "■ Worst", "■ Bad"]
        assert found.items[0].note == "Call ten trials"
        assert found.items[1].note == "Write to old customers · Bob · 1 October 2026"
        assert "another team" not in str(found)

    def test_an_action_whose_day_is_past_was_due(self):
        planner = planner_of(
            a_key_result(id="KR1", key_result="Bad"),
            checks=[a_check_in(MIDDLE, 8.0)],
            actions=[Action("A1", "KR1", "Call", "Bob", "Marketing", date(2026, 8, 1), "doing")],
        )
        assert part(letter_of(planner), "Act on now").items[0].note == "Call · Bob · was due on 1 August 2026"

    def test_what_cannot_be_measured_is_asked_of_a_team_that_has_no_planner(self):
        planner = planner_of(a_key_result(id="KR1", key_result="Better", kind="", start=None, target=None))
        (item,) = part(letter_of(planner), "Act on now").items
        assert item.note.startswith("Reply and say how it is measured")

    def test_nothing_to_act_on_is_said(self):
        letter = letter_of(planner_of(ON_TRACK[0], checks=[ON_TRACK[1]]))
        assert part(letter, "Act on now").intro == "Nothing of the team’s own is at risk, behind or silent. Carry on."


@pytest.mark.parametrize("shown", [False, True])
def test_a_persons_score_is_told_only_where_the_planner_shows_it(shown):
    objective = an_objective(level="member", team="Marketing")
    history = [HistoryRow(date(2026, 9, 1), "key_result", "KR2", 0.04, "at_risk")]
    planner = planner_of(
        AT_RISK[0], checks=[AT_RISK[1]], objectives=(objective,), settings=settings(show_member_scores=shown),
        history=history,
    )  # fmt: skip
    assert ("5%" in str(letter_of(planner))) is shown


class TestWhatToFillIn:
    def test_key_results_with_the_day_of_their_last_value(self):
        planner = planner_of(ON_TRACK[0], a_key_result(id="KR2", key_result="New"), checks=[ON_TRACK[1]])
        found = part(letter_of(planner), "To fill in by 7 October 2026")
        assert found.items == (("MRR from 0 to 100 k€", "last value: 30 September 2026"), ("New", "no value yet"))

    def test_what_a_kpi_feeds_or_is_done_is_not_asked_for(self):
        planner = planner_of(
            a_key_result(id="KR1", kpi="conversion"), a_key_result(id="KR2"),
            checks=[a_check_in(MIDDLE, 100.0, key_result="KR2")], kpis=[a_kpi(team="Marketing")],
        )  # fmt: skip
        found = part(letter_of(planner), "To fill in")
        assert found.items == ()
        assert found.intro.startswith("No value is asked of you this time")

    @pytest.mark.parametrize(
        ("language", "note"), [("en", "figure of Aug 2026"), ("fr", "chiffre du mois : août 2026")]
    )
    def test_figures_of_measures_that_are_due(self, language, note):
        known = {date(2026, 7, 1): 5.0}
        measures = [
            a_measure("visits", known, label="Visits", team="Marketing", row_number=1),
            a_measure("calls", {**known, date(2026, 8, 1): 6.0}, label="Calls", team="Marketing", row_number=2),
            a_measure("hires", known, label="Hires", team="HR", row_number=3),
        ]
        letter = letter_of(planner_of(measures=measures, settings=settings(language=language)))
        found = part(letter, {"en": "To fill in", "fr": "À remplir"}[language])
        assert found.items == (("Visits", note),)
        assert not found.intro.startswith(("No value", "Aucune valeur"))

    def test_a_long_list_is_counted(self):
        planner = planner_of(*(a_key_result(id=f"KR{i}", key_result=f"Result {i}") for i in range(40)))
        found = part(letter_of(planner), "To fill in")
        assert len(found.items) == 12
        assert found.items[-1].text == "and 29 more, in the workbook"


def test_names_are_told_whole():
    name = "Make the free trial of our new product the first source of paying customers in all four regions"
    history = [HistoryRow(date(2026, 9, 1), "key_result", "KR2", 0.4, "behind")]
    letter = letter_of(planner_of(a_key_result(id="KR2", key_result=name), checks=[AT_RISK[1]], history=history))
    for title in ("What changed", "Act on now", "To fill in"):
        assert any(name in item.text for item in part(letter, title).items), title


def test_a_reminder_says_what_is_missing_first():
    letter = letter_of(planner_of(a_key_result()), Asked(date(2026, 10, 7), sent_on=date(2026, 9, 23)))
    assert letter.subject.startswith("Reminder: OKR H2 2026 · Marketing")
    assert "23 September 2026 has not come back yet" in letter.opening
    assert letter.parts[0].title == "To fill in by 7 October 2026"
