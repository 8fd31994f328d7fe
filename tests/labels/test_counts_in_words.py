"""Numbers of things: a sentence takes the word for one or the word for more, as its language counts."""

from __future__ import annotations

import re

import pytest

from okr_workbook.labels import LANGUAGES, labels_for
from tests.test_project import AREAS, words

ALWAYS_SEVERAL = {"dashboard.alerts.bad_periods", "problems.only_milestones.message", "problems.sandbagged.message",
                  "sheets.trend_help"}  # fmt: skip
INVARIABLE = {"of", "and", "more", "updated", "unchanged", "added", "before", "avant", "de"}
COUNTED = (
    r"\{(?:count|added|updated|unchanged|errors|warnings|advice|cells|backups|sendings|restored|days|given)\} (\w+)"
)


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0 workbooks read.", "0 classeur lu."),
        (1, "1 workbook read.", "1 classeur lu."),
        (2, "2 workbooks read.", "2 classeurs lus."),
        (1_200, "1,200 workbooks read.", "1\u202f200 classeurs lus."),
    ],
)
def test_a_number_takes_the_word_for_one_or_for_more(number, english, french):
    assert labels_for("en").text("collect", "report.books", count=number) == english
    assert labels_for("fr").text("collect", "report.books", count=number) == french


@pytest.mark.parametrize(("days", "word"), [(0, "jour"), (1, "jour"), (1.5, "jour"), (2, "jours"), (-2, "jours")])
def test_french_counts_all_below_two_as_one(days, word):
    assert labels_for("fr").text("team_book", "week.reply", days=days).endswith(f" {word}.")


def test_each_number_of_a_sentence_takes_its_own_words():
    counts = {"errors": 1, "warnings": 0, "advice": 2}
    assert labels_for("en").text("messages", "check.total", **counts) == "1 error, 0 warnings, 2 pieces of advice."
    assert labels_for("fr").text("messages", "check.total", **counts) == "1 erreur, 0 avertissement, 2 conseils."


def test_a_number_without_words_and_a_text_stay_as_they_are():
    said = labels_for("fr").text("messages", "kpis.known", kpi="{count:file|files}")
    assert said.startswith("{count:file|files} ")
    assert labels_for("en").text("tables", "places.row", number=1_000) == "row 1,000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_sets_a_number_before_a_word_that_fits_only_some_numbers(language):
    found = {
        f"{area}.{key}": hit
        for area in AREAS
        for key, value in words(language, area).items()
        for hit in (re.findall(COUNTED, value) if isinstance(value, str) else ())
        if hit not in INVARIABLE and f"{area}.{key}" not in ALWAYS_SEVERAL
    }
    assert found == {}
