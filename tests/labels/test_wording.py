"""Words that were given up for better ones do not come back: one thing has one name."""

from __future__ import annotations

import re

import pytest

from okr_workbook.labels import labels_for
from okr_workbook.tables import schema
from tests.test_project import AREAS, words

GIVEN_UP = {
    "fr": {
        r"\bplannings?\b": "planificateur",
        r"\bclasseurs? (rendu|revenu|retourné|reçu|recueilli)s?\b": "renvoyé",
        r"(?<!\S)(FILE|DIR|FOLDER)\b": "FICHIER, DOSSIER",
        r"\bcoffre\b": "trousseau",
        r"2026-[QH]\d": "2026-T4, 2026-S2",
        r"date du (relevé|tableau de bord)\b": "date de calcul",
        r"\b0 \((?!aucune chance)": "aucune chance",
    },
    "en": {
        r"(?<=[a-z])'(?=[a-z ])": "’",
        r"\b[Ii]ndicators?\b": "KPI",
        r"\bdearest\b": "most expensive",
        r"\bmay (not )?start Python\b": "can",
        r"\b0 \((?!no chance)[^0-9]": "no chance",
    },
}
"""By language, what is not said any more, and what is said instead."""

KEPT = {"excel.folders_before.returned", "excel.doctor.macros.advice"}
"""The name of a folder that earlier versions made; any workbook that came by e-mail."""

OURS = [area for area in AREAS if area not in ("dashboard", "report", "sheets", "coach", "arguments")]


NAMES_OF_THEIR_OWN = {"en": "English", "fr": "Français", "gap": "A month is missing", "jump": "A jump", "kpi": "KPI"}
"""The English words that are not their id in words."""


def test_in_english_fields_settings_and_choices_are_their_ids_in_words():
    labels = labels_for("en")
    told = {field.id: labels.field(table.id, field.id) for table in schema.TABLES for field in table.fields}
    told |= {field.id: labels.setting(field.id) for field in schema.SETTINGS}
    for field in (*schema.SETTINGS, *(field for table in schema.TABLES for field in table.fields)):
        told |= {choice: labels.choice(choice, field.id) for choice in field.choices}
    assert {key: word for key, word in told.items() if word != key.replace("_", " ").capitalize()} == NAMES_OF_THEIR_OWN


@pytest.mark.parametrize(
    ("language", "pattern"), [(one, pattern) for one, found in GIVEN_UP.items() for pattern in found]
)
def test_one_thing_has_one_name(language, pattern):
    found = {
        f"{area}.{key}": value
        for area in OURS
        for key, value in words(language, area).items()
        if isinstance(value, str) and re.search(pattern, value) and f"{area}.{key}" not in KEPT
    }
    assert found == {}, GIVEN_UP[language][pattern]
